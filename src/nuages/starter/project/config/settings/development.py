"""Settings for one's own machine: `make dev`."""

import os
from importlib.util import find_spec
from pathlib import Path

from environ import Env

from config import environment as env

for _name in (".env-local", ".env"):  # what the shell has set already wins
    Env.read_env(Path(__file__).parents[2] / _name)
os.environ.setdefault("LOG_FORMAT", "text")

from .base import *  # noqa: E402, F403
from .base import BASE_DIR, CELERY_BROKER_URL, INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402

DEBUG = True
SECRET_KEY = env.text("DJANGO_SECRET_KEY", default="only-for-development")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]  # noqa: S104 -- names, no address
INTERNAL_IPS = ["127.0.0.1"]
DATABASES = {"default": env.database(default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL  # without Redis, tasks run where they are called
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

if env.flag("DEBUG_TOOLBAR", find_spec("debug_toolbar") is not None):
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(2, "debug_toolbar.middleware.DebugToolbarMiddleware")
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
