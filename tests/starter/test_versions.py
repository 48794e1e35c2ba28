"""A new project's own tests and checks, on every Django, Python and database that it promises.

Six runs cover every Python, and both Djangos with every database.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Made, made

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("starter-versions")]

OLD, NEW = "5.2", "6.1"
BOUND = '"django>=5.2,<6"'
RUNS = [
    ("3.11", OLD, "sqlite"),
    ("3.12", OLD, "postgresql"),
    ("3.13", OLD, "mariadb"),
    ("3.13", NEW, "sqlite"),
    ("3.13", NEW, "postgresql"),
    ("3.13", NEW, "mariadb"),
]
ANSWERS = "from django.db import connection as c; c.ensure_connection(); print(c.display_name)"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Made]:
    """A new project, installed once for each Django and Python."""
    found: dict[tuple[str, str], Made] = {}

    def project(django: str, python: str) -> Made:
        if (django, python) not in found:
            site = made(tmp_path_factory.mktemp("made") / "blue-note", python)
            install(site, django)
            found[django, python] = site
        return found[django, python]

    return project


def install(site: Made, django: str) -> None:
    if django == NEW:
        raise_the_bound(site.root / "pyproject.toml")
        site.run("uv", "lock", "--quiet", "--upgrade-package", "django")
    site.run("uv", "sync", "--quiet", "--frozen")
    assert site.run("python", "-m", "django", "--version").startswith(django)


def raise_the_bound(pyproject: Path) -> None:
    """As the project's comment beside Django says; Django 6 needs Python 3.12."""
    text = pyproject.read_text("utf-8")
    assert BOUND in text
    assert 'requires-python = ">=3.11"' in text
    text = text.replace(BOUND, f'"django>={NEW},<{NEW.partition(".")[0]}.2"')
    pyproject.write_text(text.replace('requires-python = ">=3.11"', 'requires-python = ">=3.12"'))


@pytest.mark.parametrize(("python", "django", "kind"), RUNS)
def test_its_tests_pass(project, database, python: str, django: str, kind: str) -> None:
    site: Made = project(django, python)
    url = database(kind)
    if kind == "mariadb":  # built from its source, so only where it is needed
        site.run("uv", "sync", "--quiet", "--frozen", "--extra", "mysql")
    said = site.run("python", "manage.py", "shell", "-c", ANSWERS, DATABASE_URL=url)
    assert said.split()[-1].lower() == kind
    assert re.search(r"\d{3,} passed", site.run("pytest", "-q", "-x", DATABASE_URL=url))


@pytest.mark.parametrize("django", [OLD, NEW])
def test_its_checks_are_silent(project, django: str) -> None:
    """Format, style, types and migrations; then ``check --deploy`` with production's settings."""
    site: Made = project(django, "3.13")
    assert "No changes detected" in site.run("make", "lint")
    assert "System check identified no issues" in site.run("make", "check")
