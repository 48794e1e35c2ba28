"""A project with settings for development, and what it answers under the generated ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django_environments import Django

PROJECT = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "in-the-code"
DEBUG = True
ALLOWED_HOSTS = ["*", "", None, "own.example"]
CSRF_TRUSTED_ORIGINS = ["", "own.example"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.sessions", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.common.CommonMiddleware"]
if DEBUG:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.append("debug_toolbar.middleware.DebugToolbarMiddleware")
ROOT_URLCONF = "mysite.urls"
STATIC_URL = "/static/"
SESSION_COOKIE_NAME = "__Secure-sessionid"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3",
                         "ATOMIC_REQUESTS": True}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
                      "LOCATION": "redis://old", "OPTIONS": {"CLIENT_CLASS": "no"}}}
TEMPLATES = []
"""
KEY = {"DJANGO_SECRET_KEY": "given"}


def ask(here: Django, site: Path, *names: str, **environ: str) -> dict[str, Any]:
    return here.settings(site, names, **(KEY | environ))
