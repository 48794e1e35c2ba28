from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nuages.config.resolve import resolve
from nuages.effects import network, shell
from nuages.errors import StepFailed, UsageError
from nuages.local import ports, state
from nuages.local.engine import Request
from nuages.local.prober import prove
from nuages.local.process import postgres
from nuages.local.process.engine import ProcessEngine
from nuages.project.detect import detect
from nuages.project.tree import Tree

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"


class Heard:
    def __init__(self) -> None:
        self.steps: list[str] = []

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        self.steps.append(title.partition(" (")[0].partition(" on port")[0])
        yield

    def line(self, text: str) -> None:
        pass

    def notice(self, code: str, text: str) -> None:
        pass


def request(root: Path, heard: Heard) -> Request:
    project = detect(Tree.open(root))
    deployment = resolve(project, private=True)
    return Request(root, project, deployment, heard, environment=dict(os.environ))


@pytest.fixture
def root(tmp_path: Path, layout: str) -> Iterator[Path]:
    copy = tmp_path / "site"
    shutil.copytree(
        PROJECTS / layout, copy, ignore=shutil.ignore_patterns(".nuages", "nuages.yaml")
    )
    yield copy
    ProcessEngine().stop(copy)


@pytest.fixture
def layout() -> str:
    return "plain_sqlite"


def test_a_project_is_served_proved_and_stopped(root: Path) -> None:
    heard, engine = Heard(), ProcessEngine()
    asked = request(root, heard)
    running = engine.start(asked)
    assert heard.steps == [
        "Copy the project's files",
        "Install the packages",
        "Import the settings",
        "Apply the migrations",
        "Collect the static files",
        "Make a superuser",
        "Start gunicorn",
    ]
    proof = prove(running, asked.project)
    assert proof.passed, proof
    assert proof.styled
    with pytest.raises(UsageError, match="being served already"):
        engine.start(asked)
    assert engine.stop(root) == ("web",)
    assert engine.stop(root) == ()
    assert state.read(root / ".nuages" / "state.json") is None


def test_a_port_that_is_lost_meanwhile_is_exchanged(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, engine = Heard(), ProcessEngine()
    with socket.socket() as other:

        def lost(held: network.Reservation) -> None:
            """Somebody binds it, and does not listen yet: only the server can notice."""
            release(held)
            if other.getsockname()[1] == 0:
                other.bind((network.LOOPBACK, held.port))

        release = network.Reservation.release
        of_our_own = [network.any_port() for _ in range(5)]  # other tests serve from 8000 on
        monkeypatch.setattr(ports, "PORTS", of_our_own)
        monkeypatch.setattr(network.Reservation, "release", lost)
        running = engine.start(request(root, heard))
        assert not running.address.endswith(f":{other.getsockname()[1]}")
    assert heard.steps.count("Start gunicorn") == 2
    assert "Connection in use" not in (running.logs / "web.log").read_text()


@pytest.mark.parametrize("layout", ["split_postgres"])
def test_ctrl_c_while_a_server_starts_leaves_none_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[shell.Process] = []

    def interrupted(_: Path, process: shell.Process) -> bool:
        assert shell.alive(process)
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(postgres, "_ready", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ProcessEngine().start(request(root, Heard()))
    assert [process.name for process in started] == ["postgresql"]
    assert not shell.alive(started[0])


def test_what_fails_half_way_leaves_nothing_running_and_says_where(root: Path) -> None:
    settings = root / "cookbook" / "settings.py"
    settings.write_text(settings.read_text() + "\nraise RuntimeError('out of tea')\n")
    with pytest.raises(StepFailed, match=r"out of tea \(at cookbook/settings\.py:\d+\)"):
        ProcessEngine().start(request(root, Heard()))
    assert state.read(root / ".nuages" / "state.json") is None


PERSON = """
from django.contrib.auth.models import AbstractUser
from django.db import models

class Person(AbstractUser):
    email = models.EmailField(unique=True)
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
"""
PERSON_MIGRATION = """
from django.contrib.auth.models import UserManager
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = [("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.CreateModel("Person", [
        ("id", models.BigAutoField(primary_key=True)),
        ("password", models.CharField(max_length=128)),
        ("last_login", models.DateTimeField(blank=True, null=True)),
        ("is_superuser", models.BooleanField(default=False)),
        ("username", models.CharField(max_length=150, unique=True)),
        ("first_name", models.CharField(max_length=150, blank=True)),
        ("last_name", models.CharField(max_length=150, blank=True)),
        ("is_staff", models.BooleanField(default=False)),
        ("is_active", models.BooleanField(default=True)),
        ("date_joined", models.DateTimeField()),
        ("email", models.EmailField(max_length=254, unique=True)),
        ("groups", models.ManyToManyField("auth.group", blank=True)),
        ("user_permissions", models.ManyToManyField("auth.permission", blank=True)),
    ], managers=[("objects", UserManager())])]
"""
MORE_SETTINGS = """
INSTALLED_APPS += ["people", "django.contrib.sites"]
AUTH_USER_MODEL = "people.Person"
MIDDLEWARE += ["django.contrib.sites.middleware.CurrentSiteMiddleware", "people.middleware.says"]
STATIC_URL = "//bucket.example/static/"
STATIC_ROOT = BASE_DIR / "collected"
"""
SAYS = """
import os

def says(get_response):
    def middleware(request):
        response = get_response(request)
        response["X-Python"] = os.environ["PYTHON_VERSION"]
        return response
    return middleware
"""


WELCOME = """
from django.apps import AppConfig
from django.db.models.signals import post_save

def welcome(created, **known):
    if created:
        raise OSError("Name or service not known")

class People(AppConfig):
    name = "people"

    def ready(self):
        post_save.connect(welcome, sender=self.get_model("Person"))
"""


def test_an_email_as_login_no_site_and_a_variable_of_the_image(root: Path) -> None:
    """The manager is the plain one, which insists on a username; SITE_ID is not set.

    A welcome is sent to whoever is new, by a service that does not answer. What a bucket
    would serve was collected and committed.
    """
    sheets = [f"admin/css/{name}.css" for name in ("base", "dark_mode", "login", "responsive")]
    for name in (*sheets, "admin/css/nav_sidebar.css", "recipes/cookbook.css"):
        sheet = root / "collected" / name
        sheet.parent.mkdir(parents=True, exist_ok=True)
        sheet.write_text("body { color: teal }")
    settings = root / "cookbook" / "settings.py"
    settings.write_text(settings.read_text() + MORE_SETTINGS)
    texts = {"models": PERSON, "middleware": SAYS, "apps": WELCOME, "__init__": ""}
    texts |= {"migrations/0001_initial": PERSON_MIGRATION, "migrations/__init__": ""}
    for name, text in texts.items():
        path = root / "people" / f"{name}.py"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
    asked = request(root, Heard())
    running = ProcessEngine().start(asked)
    found = prove(running, asked.project)
    assert found.passed, [c for c in found.checks if not c.passed]
    outcomes = {check.name: check.outcome for check in found.checks}
    assert outcomes["log in over https"] == "proved", found
    said = {notice.code: notice.text for notice in running.notices}
    assert "site" in said
    assert said["superuser"].startswith("the superuser is made"), said


STRICT = """
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "collected"
MEDIA_ROOT = BASE_DIR / "media"
"""


def test_a_dead_reference_costs_no_page_and_uploads_in_the_project_are_there(root: Path) -> None:
    """Its own storage answers pages only where there is a manifest."""
    settings = root / "cookbook" / "settings.py"
    settings.write_text(settings.read_text() + STRICT)
    with (root / "requirements.txt").open("a") as requirements:
        requirements.write("whitenoise==6.9.0\n")
    with (root / "recipes/static/recipes/cookbook.css").open("a") as sheet:
        sheet.write('@font-face { font-family: Gone; src: url("gone.woff") }\n')
    (root / "media").mkdir()
    (root / "media" / "nobody.svg").write_text("<svg/>")
    asked = request(root, Heard())
    running = ProcessEngine().start(asked)
    found = prove(running, asked.project)
    assert found.passed, [c for c in found.checks if not c.passed]
    assert "manifest" in {notice.code for notice in running.notices}
    assert (root / ".nuages" / "media" / "nobody.svg").is_file()
