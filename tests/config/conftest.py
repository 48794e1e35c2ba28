"""A deployment out of a few lines of settings and of nuages.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nuages.config.inputs import Inputs
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.tree import Tree

MANAGE = """\
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")
from django.core.management import execute_from_command_line
execute_from_command_line()
"""
WSGI = """\
import os
from django.core.{kind} import get_{kind}_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{settings}")
application = get_{kind}_application()
"""
SETTINGS = """\
import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "django-insecure-abc"
DEBUG = True
ALLOWED_HOSTS = []
INSTALLED_APPS = ["django.contrib.admin", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
STATIC_URL = "static/"
"""


class Shop:
    """Makes projects that differ from a fresh one by the lines that a test is about.

    ``files`` maps paths to texts; a text that is None takes a file away.
    """

    def project(
        self,
        settings: str = "",
        requirements: str = "",
        files: Mapping[str, str | None] | None = None,
    ) -> Project:
        texts: dict[str, str | None] = {
            "manage.py": MANAGE.format(settings="shop.settings"),
            "shop/__init__.py": "",
            "shop/settings.py": SETTINGS + settings,
            "shop/urls.py": "urlpatterns = []\n",
            "shop/wsgi.py": WSGI.format(settings="shop.settings", kind="wsgi"),
            "requirements.txt": requirements or "django==5.2.1\n",
            **(files or {}),
        }
        return detect(Tree.of({p: t for p, t in texts.items() if t is not None}, "shop"))

    def inputs(
        self, settings: str = "", *, yaml: str = "{}", private: bool = False, **options: Any
    ) -> Inputs:
        config = load(yaml, "nuages.yaml")
        return Inputs(self.project(settings, **options), config, "production", private)

    def deployment(
        self,
        settings: str = "",
        *,
        yaml: str | None = None,
        environment: str = "production",
        private: bool = False,
        **options: Any,
    ) -> Deployment:
        config = load(yaml, "nuages.yaml") if yaml is not None else None
        project = self.project(settings, **options)
        return resolve(project, config, environment=environment, private=private)


@pytest.fixture
def shop() -> Shop:
    return Shop()
