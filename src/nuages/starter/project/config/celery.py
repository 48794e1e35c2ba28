"""Work behind the requests, when it is wanted: `uv add celery`, and CELERY_BROKER_URL or Redis.

Then `celery -A config worker` runs it, and each app has its tasks in tasks.py.
"""

import os
from logging.config import dictConfig

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def keep_the_form_of_the_log(**_: object) -> None:
    """Celery's own is no JSON, and no error in it is counted."""
    dictConfig(settings.LOGGING)


setup_logging.connect(keep_the_form_of_the_log)
