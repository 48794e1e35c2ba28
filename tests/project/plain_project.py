"""The smallest Django project, as files in memory."""

from __future__ import annotations

from collections.abc import Callable

from nuages.project.facts import Project

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
