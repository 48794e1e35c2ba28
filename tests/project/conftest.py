"""A plain Django project in memory, to be changed by each test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.tree import Tree

PLAIN = {
    "manage.py": (
        "import os\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "from django.core.management import execute_from_command_line\n"
        "execute_from_command_line()\n"
    ),
    "shop/__init__.py": "",
    "shop/settings.py": (
        "INSTALLED_APPS = ['django.contrib.admin']\n"
        "ROOT_URLCONF = 'shop.urls'\n"
        "WSGI_APPLICATION = 'shop.wsgi.application'\n"
    ),
    "shop/urls.py": "urlpatterns = []\n",
    "shop/wsgi.py": (
        "import os\n"
        "from django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "application = get_wsgi_application()\n"
    ),
    "requirements.txt": "django==5.2.1\n",
}

Detected = Callable[..., Project]


@pytest.fixture
def detected() -> Detected:
    """Detect the plain project with these files over it; None removes one.

    ``settings`` is added to the end of its settings module.
    """

    def run(files: dict[str, str | None] | None = None, settings: str = "") -> Project:
        changed = {**PLAIN, **(files or {})}
        texts = {path: text for path, text in changed.items() if text is not None}
        if settings:
            texts["shop/settings.py"] += settings
        return detect(Tree.of(texts))

    return run
