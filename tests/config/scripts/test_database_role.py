"""The script against the real servers, with an administrator who is no superuser."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from nuages.artifacts.render import render
from nuages.config.jobs import database_role

from .conftest import Server

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("database-role")]

SETTINGS = """\
from cloud_support.database import databases
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = databases({}, ["default"], 60, True)
"""
"""The database as the generated settings have it."""
PYMYSQL = "import pymysql\npymysql.install_as_MySQLdb()\n"
BLOCK = """\
import sys
from importlib.abc import MetaPathFinder
class Absent(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {names}:
            raise ImportError(name)
sys.meta_path.insert(0, Absent())
"""
"""A project has one driver."""


def run(
    python: Path, environment: Mapping[str, str], absent: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    script = BLOCK.format(names=absent) + database_role()
    argv = (str(python), "-c", script)
    return subprocess.run(argv, env=dict(environment), capture_output=True, text=True, check=False)


def migrate(python: Path, folder: Path, environment: Mapping[str, str], before: str = "") -> None:
    (folder / "site_settings.py").write_text(before + SETTINGS, "utf-8")
    (folder / "cloud_support").mkdir()
    for name in ("__init__", "environment", "database"):
        text = render(f"cloud/{name}.py.j2", settings="site_settings")
        (folder / "cloud_support" / f"{name}.py").write_text(text, "utf-8")
    own = {k: v for k, v in environment.items() if "ADMIN" not in k}
    env = {**own, "DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": str(folder)}
    argv = (str(python), "-m", "django", "migrate", "--noinput")
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("absent", [("psycopg2",), ("psycopg",)], ids=["psycopg", "psycopg2"])
def test_postgresql(
    python: Path,
    postgresql: Server,
    environment: Mapping[str, str],
    tmp_path: Path,
    absent: tuple[str, ...],
) -> None:
    given = {**environment, "DB_PORT": str(postgresql.port), "DB_EXTENSIONS": "pg_trgm,citext"}
    first = run(python, {**given, "DB_PASSWORD": "an older one"}, absent)
    again = run(python, given, absent)
    for done in (first, again):
        assert done.returncode == 0, done.stderr
        assert "site_user, pg_trgm, citext" in done.stdout
    migrate(python, tmp_path, given)
    rights = "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname='site_user'"
    assert postgresql.query(rights) == "f|f\n"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname='site'"
    assert postgresql.query(owner) == "site_user\n"
    log = postgresql.log.read_text("utf-8")
    assert "ALTER ROLE" in log
    assert given["DB_PASSWORD"] not in log.replace("''", "'")
    assert "an older one" not in log


@pytest.mark.parametrize("absent", [("pymysql",), ("MySQLdb",)], ids=["mysqlclient", "pymysql"])
def test_mysql(
    python: Path,
    mariadb: Server,
    environment: Mapping[str, str],
    tmp_path: Path,
    absent: tuple[str, ...],
) -> None:
    given = {**environment, "DB_PORT": str(mariadb.port), "DB_ENGINE": "django.db.backends.mysql"}
    for password in ("an older one", given["DB_PASSWORD"]):
        done = run(python, {**given, "DB_PASSWORD": password}, absent)
        assert done.returncode == 0, done.stderr
        assert "site_user" in done.stdout
    migrate(python, tmp_path, given, PYMYSQL if absent == ("MySQLdb",) else "")
    grants = mariadb.query("SHOW GRANTS FOR 'site_user'@'%'")
    assert "GRANT ALL PRIVILEGES ON `site`.*" in grants
    assert "GRANT OPTION" not in grants


def test_a_wrong_password_is_told_at_once_and_without_it(
    python: Path, postgresql: Server, environment: Mapping[str, str]
) -> None:
    given = {**environment, "DB_PORT": str(postgresql.port), "DB_ADMIN_PASSWORD": "not-this-one"}
    done = run(python, given)
    assert done.returncode == 1
    assert "lets nobody in" in done.stderr
    assert "not-this-one" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_in_plain_it_does_not_speak(
    python: Path, postgresql: Server, environment: Mapping[str, str]
) -> None:
    done = run(python, {**environment, "DB_PORT": str(postgresql.port), "DB_TLS": "disable"})
    assert done.returncode == 1


def test_without_an_administrator_it_makes_the_extensions_by_itself(
    python: Path, postgresql: Server
) -> None:
    """As in the compose file, whose server makes the role."""
    postgresql.query("CREATE ROLE alone LOGIN SUPERUSER PASSWORD 'p@ss/word'")
    url = f"postgres://alone:p%40ss%2Fword@127.0.0.1:{postgresql.port}/site"
    done = run(python, {"DATABASE_URL": url, "DB_EXTENSIONS": "hstore"})
    assert done.returncode == 0, done.stderr
    assert done.stdout == "In the database site: hstore.\n"


def test_what_is_missing_is_named(python: Path) -> None:
    done = run(python, {"DB_NAME": "site"})
    assert done.returncode == 1
    assert "Set DB_HOST, DB_NAME, DB_USER and DB_PASSWORD, or DATABASE_URL." in done.stderr
