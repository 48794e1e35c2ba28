"""Work behind the requests, when it is wanted: `uv add celery`, and CELERY_BROKER_URL or Redis.

Then `celery -A config worker` runs it, and each app has its tasks in tasks.py.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
