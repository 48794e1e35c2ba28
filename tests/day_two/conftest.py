"""A site of the fake cloud, and the verbs that are said to it, in this process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.google import GoogleWorld

from nuages.cli.app import run
from nuages.effects import clock

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")\n'
SETTINGS = """
import os
SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
STRIPE_SECRET_KEY = os.environ["STRIPE_SECRET_KEY"]
ROOT_URLCONF = "club.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
WSGI_APPLICATION = "club.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "club"}}
"""
CONFIG = """
project_name: club
provider: gcp
region: europe-west1
database:
  type: postgresql
services:
  worker:
    command: python -m django work
environments:
  staging: {}
"""
FILES = {
    "manage.py": MANAGE,
    "club/__init__.py": "",
    "club/settings.py": SETTINGS,
    "club/urls.py": "urlpatterns = []\n",
    "club/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
    "application = get_wsgi_application()\n",
    "requirements.txt": "django==5.2.1\npsycopg==3.2.9\n",
    "nuages.yaml": CONFIG,
}


@dataclass
class Said:
    """How a verb ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Verb = Callable[..., Said]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleWorld]:
    with GoogleWorld(tmp_path / "world", project="jazz-1910") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(clock, "pause", lambda _: None)
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project as a user has it."""
    for name, text in FILES.items():
        path = tmp_path / "club" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "club"


@pytest.fixture
def nuages(
    world: GoogleWorld,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Verb:
    """Says a verb in the project's folder, with no terminal."""
    assert world

    def say(*words: str, stdin: str = "") -> Said:
        monkeypatch.chdir(root)
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = run(list(words))
        out, err = capsys.readouterr()
        return Said(status, out, err)

    return say
