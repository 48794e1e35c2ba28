"""The ASGI application, for uvicorn and granian."""

import os

from django.core.asgi import get_asgi_application

from config import telemetry

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
telemetry.start()

application = get_asgi_application()
