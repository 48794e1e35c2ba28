"""The application under shop.settings_cloud."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings_cloud"

import django  # noqa: E402

django.setup()  # loads the settings now: an assignment in the module below comes too late

from shop.wsgi import application as application  # noqa: E402, F401
