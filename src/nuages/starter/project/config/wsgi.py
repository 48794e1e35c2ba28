"""The WSGI application, for gunicorn, uWSGI and granian."""

import os

from django.core.wsgi import get_wsgi_application

from config import telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
telemetry.start()

application = get_wsgi_application()
