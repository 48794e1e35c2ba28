"""A new project's own tests and checks, on every Django, Python and database that it promises.

Six runs cover every Python, and both Djangos with every database.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nuages.effects import files, shell
from nuages.local.process import accounts, interpreter, mysql, postgres
from nuages.starter.create import create

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("starter-versions")]

PASSWORD = "only-for-tests"
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
Run = Callable[..., str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Run]:
    """A new project, installed once for each Django and Python; called, it runs a command."""
    made: dict[tuple[str, str], Run] = {}

    def project(django: str, python: str) -> Run:
        if (django, python) not in made:
            folder = tmp_path_factory.mktemp("made") / "blue-note"
            made[django, python] = installed(create("blue-note", folder).root, django, python)
        return made[django, python]

    return project


def installed(root: Path, django: str, python: str) -> Run:
    found = {i.minor: i.path for i in interpreter.installed("uv", os.environ)}
    if python not in found:
        pytest.skip(f"no Python {python} here")
    base = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "VIRTUAL_ENV"))}
    base |= {"UV_PYTHON": str(found[python]), "UV_PROJECT_ENVIRONMENT": str(root / ".venv")}

    def run(*argv: str, **variables: str) -> str:
        done = subprocess.run(
            argv,
            cwd=root,
            env={**base, "PATH": f"{root}/.venv/bin:{base['PATH']}", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(argv)}\n{done.stdout[-6000:]}"
        return done.stdout

    if django == NEW:
        raise_the_bound(root / "pyproject.toml")
        run("uv", "lock", "--quiet", "--upgrade-package", "django")
    run("uv", "sync", "--quiet", "--frozen", "--extra", "mysql")
    assert run("python", "-m", "django", "--version").startswith(django)
    return run


def raise_the_bound(pyproject: Path) -> None:
    """As the project's comment beside Django says; Django 6 needs Python 3.12."""
    text = pyproject.read_text("utf-8")
    assert BOUND in text
    assert 'requires-python = ">=3.11"' in text
    text = text.replace(BOUND, f'"django>={NEW},<{NEW.partition(".")[0]}.2"')
    pyproject.write_text(text.replace('requires-python = ">=3.11"', 'requires-python = ">=3.12"'))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The URL of an empty database; its server runs until the last test of this file ends."""
    folder = tmp_path_factory.mktemp("servers")
    key = f"tests-{os.getpid()}"
    running: list[shell.Process] = []
    urls = {"sqlite": "sqlite://:memory:"}

    def postgresql() -> tuple[shell.Process, str]:
        data, log = folder / "postgresql", folder / "postgresql.log"
        starter = postgres.Starter("uv", "3.13", folder, data, log, key, os.environ, lambda _: None)
        server = starter.start((), PASSWORD)
        return server.process, server.url("postgres")

    def mariadb() -> tuple[shell.Process, str]:
        data, log = folder / "mariadb", folder / "mariadb.log"
        return mysql.Starter(data, log, key, os.environ).start("app", PASSWORD)

    def url(kind: str) -> str:
        if kind not in urls:
            process, urls[kind] = {"postgresql": postgresql, "mariadb": mariadb}[kind]()
            running.append(process)
        return urls[kind]

    yield url
    for process in running:
        shell.stop(process)
    files.remove(accounts.SHARED / key)


@pytest.mark.parametrize(("python", "django", "kind"), RUNS)
def test_its_tests_pass(project, database, python: str, django: str, kind: str) -> None:
    run = project(django, python)
    url = database(kind)
    assert re.search(r"\d{3,} passed", run("pytest", "-q", "-x", DATABASE_URL=url))
    vendor = "from django.db import connection as c; c.ensure_connection(); print(c.display_name)"
    said = run("python", "manage.py", "shell", "-c", vendor, DATABASE_URL=url)
    assert said.split()[-1].lower() == kind


@pytest.mark.parametrize("django", [OLD, NEW])
def test_its_checks_are_silent(project, django: str) -> None:
    run = project(django, "3.13")
    run("ruff", "check", ".")
    run("ruff", "format", "--check", ".")
    run("mypy", ".")
    run("python", "manage.py", "makemigrations", "--check")
    production = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": "Gg0X!q8Vw@3kZ#7mP$5rT%9yB^2nD&6hF*4jL-one-that-only-tests-use",
        "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
        "ALLOWED_HOSTS": "example.org",
    }
    run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **production)


def test_it_keeps_to_its_api_schema(project) -> None:
    run = project(OLD, "3.12")
    said = run(
        "uv", "run", "--frozen", "--group", "fuzz", "pytest", "-q", "tests/api/test_contract.py"
    )
    assert re.search(r"\d{2,} passed", said)
    assert "skipped" not in said
