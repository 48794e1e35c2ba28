"""Settings that are classes, that dynaconf builds, or that the project's own wsgi.py chooses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django_environments import Django, django, written
from handmade import deployment, overlay

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.overlay import SettingsOverlay

pytestmark = pytest.mark.slow

KEY = {"DJANGO_SECRET_KEY": "given", "ALLOWED_HOSTS": "a.example"}
COMMON = """
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "mysite.urls"
STATIC_URL = "/static/"
"""
URLS = """
from django.http import HttpResponse
try:
    from django.urls import re_path
except ImportError:
    from django.conf.urls import url as re_path
urlpatterns = [re_path("^$", lambda request: HttpResponse("page"))]
"""
WSGI = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
from django.core.wsgi import get_wsgi_application
inner = get_wsgi_application()

def application(environ, start_response):
    def started(status, headers, *rest):
        return start_response(status, headers + [("X-Wrapped", "yes")], *rest)
    return inner(environ, started)
"""
GET = """
import importlib, json, sys
from django.core.handlers.wsgi import WSGIRequest
from wsgiref.util import setup_testing_defaults

def get(application, path, **extra):
    environ = {"PATH_INFO": path, **extra}
    setup_testing_defaults(environ)
    seen = []
    body = application(environ, lambda status, headers, *rest: seen.append((status, headers)))
    text = b"".join(body).decode()
    status, headers = seen[0]
    return {"status": int(status[:3]), "headers": dict(headers), "text": text}

module, paths = sys.argv[1], json.loads(sys.argv[2])
application = importlib.import_module(module).application
print("ANSWER " + json.dumps([get(application, path, **extra) for path, extra in paths]))
"""


def site(folder: Path, found: SettingsOverlay, **files: str) -> Path:
    made = cloud_settings(deployment(overlay=found))
    return written(folder, made, mysite____init__="", mysite__urls=URLS, **files)


Answers = list[dict[str, Any]]


def get(here: Django, folder: Path, module: str, *paths: Any, **environ: str) -> Answers:
    done = here.run(folder, GET, module, json.dumps(list(paths)), environ=KEY | environ)
    assert done.returncode == 0, done.stderr
    found: Answers = json.loads(done.stdout.rpartition("ANSWER ")[2])
    return found


CLASSES = f"""
from configurations import Configuration, values

class Base(Configuration):
    SECRET_KEY = "in-the-code"
    DEBUG = values.BooleanValue(True)
    GREETING = values.Value("hello")
{COMMON.replace(chr(10), chr(10) + "    ")}
    @property
    def COMPUTED(self):
        return self.GREETING + "!"

    def CALLED(self):
        return values.Value("called", environ=False)

class Production(Base):
    DEBUG = False
    ALLOWED_HOSTS = []

    @classmethod
    def post_setup(cls):
        super().post_setup()
        import sys
        sys.modules["mysite.hooks"] = cls
"""
CLASSES_WSGI = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
os.environ.setdefault("DJANGO_CONFIGURATION", "Production")
from configurations.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
NAMES = ("DEBUG", "SECRET_KEY", "GREETING", "COMPUTED", "CALLED", "ALLOWED_HOSTS", "ROOT_URLCONF")


@pytest.fixture(scope="module")
def configured() -> Django:
    return django("4.2", "django-configurations", "setuptools<81")


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    found = overlay(kind="configurations", configuration="Production", django="4.2")
    return site(tmp_path, found, mysite__settings=CLASSES, mysite__wsgi=CLASSES_WSGI)


def test_a_configuration_class(configured: Django, classes: Path) -> None:
    found = configured.settings(classes, NAMES, **KEY, DJANGO_GREETING="bonjour")
    assert found["DEBUG"] is False
    assert found["SECRET_KEY"] == "given"
    assert (found["GREETING"], found["COMPUTED"]) == ("bonjour", "bonjour!")
    assert found["CALLED"] == "called"
    assert found["ALLOWED_HOSTS"] == ["a.example"]
    assert found["ROOT_URLCONF"] == "mysite.urls"


def test_a_configuration_class_behind_its_own_wsgi(configured: Django, classes: Path) -> None:
    """configurations.wsgi installs an importer that looks into whatever settings are named."""
    https = {"HTTP_X_FORWARDED_PROTO": "https"}
    live, page, foreign = get(
        configured, classes, "mysite.wsgi",
        ("/health/live", {"HTTP_HOST": "10.0.0.1"}),
        ("/", {"HTTP_HOST": "a.example", **https}),
        ("/", {"HTTP_HOST": "b.example", **https}),
    )  # fmt: skip
    assert live["status"] == 200
    assert (page["status"], page["text"]) == (200, "page")
    assert foreign["status"] == 400


def test_a_configuration_class_under_a_management_command(
    configured: Django, classes: Path
) -> None:
    script = (
        "from configurations.management import execute_from_command_line as run\n"
        "run(['manage.py', 'shell', '-c', 'from django.conf import settings as s; "
        "print(s.SECRET_KEY, s.GREETING)'])"
    )
    done = configured.run(classes, script, environ=KEY | {"DJANGO_CONFIGURATION": "Production"})
    assert done.stdout.split() == ["given", "hello"], done.stderr


DYNACONF = (
    COMMON
    + """
SECRET_KEY = "in-the-code"
DEBUG = True
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}
import dynaconf
settings = dynaconf.DjangoDynaconf(__name__)
"""
)


def test_dynaconf_hands_out_the_cloud_settings(tmp_path: Path) -> None:
    here = django("5.2", "dynaconf")
    folder = site(tmp_path, overlay(kind="dynaconf"), mysite__settings=DYNACONF)
    (tmp_path / "mysite/settings.toml").write_text('[default]\nGREETING = "hello"\n')
    script = """
import json, django
django.setup()
from django.conf import settings
print("ANSWER " + json.dumps({n: getattr(settings, n, None) for n in
    ("DEBUG", "SECRET_KEY", "GREETING", "ALLOWED_HOSTS", "DATABASES", "MIDDLEWARE")}, default=str))
"""
    environ = KEY | {"DATABASE_URL": "sqlite:///given.sqlite3", "DJANGO_FROM_ENV": "x"}
    done = here.run(folder, script, environ=environ)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("ANSWER ")[2])
    assert (found["DEBUG"], found["SECRET_KEY"]) == (False, "given")
    assert found["GREETING"] == "hello"
    assert found["ALLOWED_HOSTS"] == ["a.example"]
    assert found["DATABASES"]["default"]["NAME"] == "given.sqlite3"
    assert found["MIDDLEWARE"][1].endswith("HealthMiddleware")


PLAIN = (
    COMMON
    + """
SECRET_KEY = "in-the-code"
DEBUG = True
ALLOWED_HOSTS = []
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}
"""
)


@pytest.mark.parametrize("version", ["2.0", "5.2"])
def test_a_wsgi_that_assigns_its_settings_keeps_its_wrapping(tmp_path: Path, version: str) -> None:
    found = overlay(
        entry_module="cloud_entry", entry_target="mysite.wsgi:application", django=version
    )
    folder = site(tmp_path, found, mysite__settings=PLAIN, mysite__wsgi=WSGI)
    (answer,) = get(django(version), folder, "cloud_entry", ("/health/live", {}))
    assert answer["status"] == 200
    assert answer["headers"]["X-Wrapped"] == "yes"


def test_a_project_without_a_wsgi_gets_one(tmp_path: Path) -> None:
    found = overlay(entry_module="cloud_entry", entry_target=None)
    folder = site(tmp_path, found, mysite__settings=PLAIN)
    (answer,) = get(django("5.2"), folder, "cloud_entry", ("/health/live", {}))
    assert answer["status"] == 200


def test_variables_that_steer_come_before_the_import(tmp_path: Path) -> None:
    switch = 'import os\nKIND = os.environ["DJANGO_ENV"]\n' + PLAIN
    folder = site(tmp_path, overlay(steering={"DJANGO_ENV": "production"}), mysite__settings=switch)
    assert django("5.2").settings(folder, ["KIND"], **KEY) == {"KIND": "production"}


EARLY = """
from django.conf import settings

QUEUE = settings.QUEUE
"""
ENTRY = """
import django
django.setup()
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""


def test_a_package_that_reads_settings_while_it_is_imported(here: Django, tmp_path: Path) -> None:
    """Django asks for the module that is named once more, which is not whole by then."""
    outside = overlay(module="outside", path="outside.py", base_module="mysite.settings")
    folder = site(
        tmp_path,
        replace(outside, early_use=True),
        mysite__settings=f"{COMMON}SECRET_KEY = 'own'\nQUEUE = 'celery'\n",
        entry=ENTRY,
    )
    (folder / "mysite/__init__.py").write_text(EARLY)
    environ = {"DJANGO_SETTINGS_MODULE": "outside", "DJANGO_HTTPS": "off"}
    (page,) = get(here, folder, "entry", ["/", {"HTTP_HOST": "a.example"}], **environ)
    assert (page["status"], page["text"]) == (200, "page")
    (alone,) = get(here, folder, "entry", ["/", {"HTTP_HOST": "b.example"}], **environ)
    assert alone["status"] == 400  # the settings on top are in force
