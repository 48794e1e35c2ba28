"""Django's own collectstatic, where an app puts another command in its place."""

import os
import sys

sys.path.insert(0, os.getcwd())


def collect():
    import django
    from django.core.management import call_command

    django.setup()
    from django.contrib.staticfiles.management.commands.collectstatic import Command

    call_command(Command(), interactive=False, verbosity=0, post_process="--plain" not in sys.argv)


collect()
