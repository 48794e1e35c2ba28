"""Django's own collectstatic, where an app puts another command in its place.

``--lenient``: a reference to a file that does not exist stays as it is, and the others get
their hashed names; ``--plain``: no file gets one.
"""

import os
import sys

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())


def collect():
    import django
    from django.core.management import call_command

    django.setup()
    from django.contrib.staticfiles.management.commands.collectstatic import Command

    if "--lenient" in sys.argv:
        bear_missing_files()
    call_command(Command(), interactive=False, verbosity=0, post_process="--plain" not in sys.argv)


def bear_missing_files():
    """A storage that is strict about its manifest answers pages only where there is one."""
    from django.contrib.staticfiles.storage import HashedFilesMixin

    strict = HashedFilesMixin.hashed_name

    def hashed_name(self, name, *more, **named):
        try:
            return strict(self, name, *more, **named)
        except ValueError:
            return name

    HashedFilesMixin.hashed_name = hashed_name


collect()
