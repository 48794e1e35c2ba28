"""The application under almanac.settings_cloud."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "almanac.settings_cloud"

import django  # noqa: E402

django.setup()  # loads the settings now: an assignment in the module below comes too late

from almanac.wsgi import application as application  # noqa: E402, F401
