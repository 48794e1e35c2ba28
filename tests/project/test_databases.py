from __future__ import annotations

import pytest
from plain_project import Detected

DRIVER = {"requirements.txt": "django==5.2.1\npsycopg[binary]==3.2\n"}


@pytest.mark.parametrize(
    ("settings", "engine", "variables"),
    [
        ("DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
         "postgresql", ()),
        ("DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis'}}\n",
         "postgresql", ()),
        ("DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql'}}\n", "mysql", ()),
        ("DATABASES = {'default': {'ENGINE': 'django.contrib.gis.db.backends.spatialite'}}\n",
         "sqlite", ()),
        ("DATABASES = {'default': {'ENGINE': 'mssql'}}\n", "other", ()),
        ("import os\nDATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',"
         " 'HOST': os.environ['DB_HOST']}}\n", "postgresql", ("DB_HOST",)),
    ],
)  # fmt: skip
def test_the_engine(
    detected: Detected, settings: str, engine: str, variables: tuple[str, ...]
) -> None:
    [fact] = detected(settings=settings).databases
    assert (fact.value.alias, fact.value.engine, fact.value.variables) == (
        "default",
        engine,
        variables,
    )


@pytest.mark.parametrize(
    ("settings", "engine"),
    [
        # unreadable: the only driver is evidence, unless SQLite is spoken of
        ("DATABASES = {'default': unknown_function()}\n", "postgresql"),
        ("DATABASES = {'default': unknown_function('sqlite:///')}\n", None),
        # whoever deploys has to name a server
        ("import os, dj_database_url\nif os.environ.get('SQLITE'):\n    url = 'sqlite:///x'\n"
         "else:\n    url = os.environ['DATABASE_URL']\n"
         "DATABASES = {'default': dj_database_url.parse(url)}\n", "postgresql"),
        ("", None),
    ],
)  # fmt: skip
def test_a_driver_is_evidence(detected: Detected, settings: str, engine: str | None) -> None:
    facts = detected(DRIVER, settings).databases
    assert [fact.value.engine for fact in facts] == ([engine] if engine else [])


def test_several_databases_keep_their_names(detected: Detected) -> None:
    settings = (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'},"
        " 'stats': {'ENGINE': 'django.db.backends.mysql'}}\n"
    )
    found = {f.value.alias: f.value.engine for f in detected(settings=settings).databases}
    assert found == {"default": "sqlite", "stats": "mysql"}


@pytest.mark.parametrize(
    ("settings", "backend"),
    [
        ("CACHES = {'default': {'BACKEND': 'django_redis.cache.RedisCache'}}\n",
         "django_redis.cache.RedisCache"),
        ("CACHES = {'other': {'BACKEND': 'x.y'}}\n", None),
        ("CACHES = unknown()\n", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_cache(detected: Detected, settings: str, backend: str | None) -> None:
    found = detected(settings=settings).cache_backend
    assert (found.value if found else None) == backend


def test_a_default_without_a_driver_gives_way_to_the_driver_there_is(detected: Detected) -> None:
    settings = (
        "import os, dj_database_url\n"
        "url = os.environ.get('DATABASE_URL', 'mysql://root@localhost/app')\n"
        "DATABASES = {'default': dj_database_url.parse(url)}\n"
    )
    [fact] = detected(DRIVER, settings).databases
    assert fact.value.engine == "postgresql"


@pytest.mark.parametrize(
    ("line", "insists"),
    [
        ("dj_database_url.config(ssl_require=True)", True),
        ("env.dj_db_url('DATABASE_URL', ssl_require=SSL)", True),
        ("dj_database_url.config(ssl_require=False)", False),
        ("dict(ENGINE='django.db.backends.postgresql')", False),
    ],
)
def test_a_database_that_may_insist_on_tls(detected: Detected, line: str, insists: bool) -> None:
    settings = f"import dj_database_url, env\nSSL = True\nDATABASES = {{'default': {line}}}\n"
    (found,) = detected(DRIVER, settings).databases
    assert found.value.tls is insists
