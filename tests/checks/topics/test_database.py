"""Rules about the database, on their edges."""

from __future__ import annotations

import pytest
from clean_site import found, site

from nuages.checks.topics.database.known import asgi

ENV = "import os\n"
POSTGRES = "'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop'"
KEPT = "'CONN_MAX_AGE': 60, 'CONN_HEALTH_CHECKS': True, 'OPTIONS': {'sslmode': 'require'}"
YAML = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n{}"


def postgres(rest: str) -> dict[str, str]:
    return {"settings.py": f"{ENV}DATABASES = {{'default': {{{POSTGRES}, {rest}}}}}"}


def test_sqlite_that_nuages_yaml_chose() -> None:
    sqlite = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x'}}"
    chosen = YAML.format("database:\n  type: sqlite\n")
    assert found("DB001", {"settings.py": sqlite})
    assert found("DB001", {"settings.py": sqlite, "nuages.yaml": chosen}) == []
    several = f"{chosen}deployment: {{scaling: {{max_instances: 2}}}}\n"
    (finding,) = found("DB001", {"settings.py": sqlite, "nuages.yaml": several})
    assert "each of up to 2 instances" in finding.message


def test_sqlite_in_memory_is_named() -> None:
    memory = "DATABASES['default'] = env.db_url('NO_SUCH', default='sqlite://:memory:')"
    text = "DATABASES['default'] = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}"
    (finding,) = found("DB001", {"settings.py": text})
    assert "in memory" in finding.message
    assert found("DB001", {"settings.py": memory}) == []
    assert found("DB002", {"settings.py": memory})


@pytest.mark.parametrize(
    ("default", "falls"),
    [
        ("os.environ.get('DATABASE_URL', 'sqlite:///db.sqlite3')", True),
        ("os.environ['DATABASE_URL']", False),
        ("os.environ.get('DATABASE_URL', 'postgres://db.internal/shop')", False),
    ],
)
def test_sqlite_as_the_default(default: str, falls: bool) -> None:
    text = f"{ENV}import dj_database_url\nDATABASES['default'] = dj_database_url.parse({default})"
    assert bool(found("DB002", {"settings.py": text})) is falls


def test_sqlite_of_a_branch() -> None:
    text = (
        "if os.environ.get('DB_HOST'):\n    pass\nelse:\n"
        "    DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x'}}"
    )
    (finding,) = found("DB002", {"settings.py": ENV + text})
    assert "DB_HOST" in finding.message


@pytest.mark.parametrize(
    ("volume", "image", "faults"),
    [
        ("data:/var/lib/postgresql/data", "postgres:17", 0),
        ("data:/var/lib/postgresql", "postgres:18.1", 0),
        ("data:/var/lib/postgresql/data", "postgres:18", 1),
        ("data:/var/lib/postgresql", "postgres:16-alpine", 1),
        ("data:/backups", "postgres:17", 1),
        ("data:/var/lib/mysql", "mysql:8.4", 0),
        ("data:/var/lib/mysql", "mariadb", 0),
        ("data:/var/lib/postgresql/data", "postgres", 0),
    ],
)
def test_volumes_of_databases(volume: str, image: str, faults: int) -> None:
    text = f'services:\n  db:\n    image: {image}\n    volumes: ["{volume}"]\n'
    assert len(found("DB004", {"compose.yaml": text})) == faults


def test_a_compose_file_for_development_keeps_nothing_on_purpose() -> None:
    text = (
        "services:\n  db:\n    image: postgres:17\n  web:\n    build: .\n    volumes: ['.:/app']\n"
    )
    assert found("DB004", {"compose.yaml": text}) == []


@pytest.mark.parametrize(
    ("text", "open_to_all"),
    [
        ("{POSTGRES_HOST_AUTH_METHOD: trust}", True),
        ("[POSTGRES_HOST_AUTH_METHOD=trust]", True),
        ("{MYSQL_ALLOW_EMPTY_PASSWORD: 'yes'}", True),
        ("{MYSQL_ALLOW_EMPTY_PASSWORD: 'no'}", False),
        ("{POSTGRES_HOST_AUTH_METHOD: scram-sha-256}", False),
    ],
)
def test_databases_that_let_everybody_in(text: str, open_to_all: bool) -> None:
    compose = f"services:\n  db:\n    image: postgres:17\n    environment: {text}\n"
    assert bool(found("DB011", {"compose.yaml": compose})) is open_to_all


@pytest.mark.parametrize(
    ("rest", "severities"),
    [
        (f"'HOST': '127.0.0.1', {KEPT}", ["error"]),
        (f"'HOST': '', {KEPT}", ["error"]),
        (f"{KEPT}", ["error"]),
        (f"'HOST': os.environ.get('DB_HOST', 'localhost'), {KEPT}", ["info"]),
        (f"'HOST': os.environ['DB_HOST'], {KEPT}", []),
        (f"'HOST': '/cloudsql/a:b:c', {KEPT}", []),
        (f"'HOST': 'db', {KEPT}", []),
        ("'OPTIONS': {'service': 'shop'}", []),
    ],
)
def test_databases_on_localhost(rest: str, severities: list[str]) -> None:
    assert [each.severity for each in found("DB009", postgres(rest))] == severities


@pytest.mark.parametrize(
    ("rest", "severities"),
    [
        ("'HOST': 'db.internal'", ["info"]),
        ("'HOST': 'db.internal', 'OPTIONS': {'sslmode': 'prefer'}", ["warning"]),
        ("'HOST': 'db.internal', 'OPTIONS': {'sslmode': 'verify-full'}", []),
        ("'HOST': '/var/run/postgresql'", []),
    ],
)
def test_encryption(rest: str, severities: list[str]) -> None:
    assert [each.severity for each in found("DB010", postgres(rest))] == severities


def test_a_driver_for_each_server() -> None:
    requirements = "django==5.2.8\nwhitenoise==6.11.0\ndjango-environ==0.12.0\n{}\n"
    mysql = "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'NAME': 'shop'}}"
    for driver in ("psycopg[c]==3.2", "psycopg2==2.9.10", "psycopg2-binary==2.9.10"):
        assert found("DB006", {"requirements.txt": requirements.format(driver)}) == []
    lacking = {"settings.py": mysql, "requirements.txt": requirements.format("psycopg==3.2")}
    (finding,) = found("DB006", lacking)
    assert (finding.severity, finding.location.path) == ("error", "shop/settings.py")
    lacking["requirements.txt"] = requirements.format("PyMySQL==1.1.1")
    (finding,) = found("DB006", lacking)
    assert "stands in" in finding.message
    lacking["shop/__init__.py"] = "import pymysql\n\npymysql.install_as_MySQLdb()\n"
    assert found("DB006", lacking) == []


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ("del DATABASES['default']['CONN_MAX_AGE']", {"DB012"}),
        ("DATABASES['default']['CONN_MAX_AGE'] = None", set()),
        ("del DATABASES['default']['CONN_HEALTH_CHECKS']", {"DB013"}),
        ("DATABASES['default'].update(CONN_MAX_AGE=0)", {"DB012"}),
        ("DATABASES['default']['CONN_MAX_AGE'] = int(os.environ.get('AGE', '60'))", set()),
        ("DATABASES['default'] |= {'CONN_MAX_AGE': 5, 'CONN_HEALTH_CHECKS': False}", {"DB013"}),
    ],
)
def test_lives_of_connections(settings: str, rules: set[str]) -> None:
    files = {"settings.py": ENV + settings}
    assert {rule for rule in ("DB012", "DB013", "DB014") if found(rule, files)} == rules


def test_a_key_is_found_where_another_file_sets_it() -> None:
    added = "DATABASES['default']['CONN_HEALTH_CHECKS'] = False"
    (finding,) = found("DB013", {"settings.py": added}, base="split")
    assert finding.location.path == "config/settings/production.py"


def test_servers_of_asgi() -> None:
    assert asgi(site({"nuages.yaml": None, "Procfile": "web: uvicorn shop.asgi"}))
    workers = "web: gunicorn shop.asgi -k uvicorn.workers.UvicornWorker\n"
    assert asgi(site({"nuages.yaml": None, "Procfile": workers}))
    assert not asgi(site({"Procfile": "web: gunicorn shop.wsgi\n"}))


POOL = "DATABASES['default']['OPTIONS']['pool'] = {'min_size': 2}\n"
REQUIREMENTS = "django=={}\npsycopg[{}]==3.2.10\nwhitenoise==6.11.0\ndjango-storages==1.14.6\n"


@pytest.mark.parametrize(
    ("age", "django", "extra", "words"),
    [
        (60, "5.2.8", "pool", "CONN_MAX_AGE is 60"),
        (0, "5.0.14", "pool", "Django 5.0 has no pool"),
        (0, "5.2.8", "c", "psycopg_pool is not asked for"),
        (0, "5.2.8", "c,pool", None),
    ],
)
def test_pools(age: int, django: str, extra: str, words: str | None) -> None:
    files = {
        "settings.py": f"{POOL}DATABASES['default']['CONN_MAX_AGE'] = {age}",
        "requirements.txt": REQUIREMENTS.format(django, extra),
    }
    messages = [each.message for each in found("DB015", files)]
    assert [words in message for message in messages if words] == ([True] if words else [])


@pytest.mark.parametrize(
    ("compose", "pooled"),
    [
        ("image: edoburu/pgbouncer:1.23", True),
        ("image: edoburu/pgbouncer:1.23\n    environment: {POOL_MODE: session}", False),
        ("image: postgres:17", False),
    ],
)
def test_poolers_of_compose(compose: str, pooled: bool) -> None:
    text = f"services:\n  pool:\n    {compose}\n"
    assert bool(found("DB016", {"compose.yaml": text})) is pooled


def test_a_pooler_by_its_port() -> None:
    files = postgres(f"'HOST': 'db.internal', 'PORT': 6432, {KEPT}")
    assert found("DB016", files)
    files = postgres(f"'HOST': 'db', 'PORT': 6432, 'DISABLE_SERVER_SIDE_CURSORS': True, {KEPT}")
    assert found("DB016", files) == []


ATOMIC = "DATABASES['default']['ATOMIC_REQUESTS'] = True"
VIEW = "from django.db import transaction\n\n\n{}async def {}(request):\n    return None\n"


@pytest.mark.parametrize(
    ("decorator", "name", "path", "wrong"),
    [
        ("", "page", "orders/views.py", True),
        ("@transaction.non_atomic_requests\n", "page", "orders/views.py", False),
        ("", "_fetch", "orders/views.py", False),
        ("", "page", "orders/client.py", False),
    ],
)
def test_async_views(decorator: str, name: str, path: str, wrong: bool) -> None:
    files = {"settings.py": ATOMIC, path: VIEW.format(decorator, name)}
    assert bool(found("DB018", files)) is wrong


def test_mysql_by_the_version_of_django() -> None:
    mysql = "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'db'}}"
    older = REQUIREMENTS.format("4.2.16", "c")
    assert found("DB019", {"settings.py": mysql}) == []
    assert found("DB019", {"settings.py": mysql, "requirements.txt": older})
    loose = mysql.replace("'HOST'", "'OPTIONS': {'sql_mode': ''}, 'HOST'")
    (finding,) = found("DB020", {"settings.py": loose})
    assert "not strict" in finding.message


@pytest.mark.parametrize(
    ("version", "rules"),
    [("13", {"DB021", "DB022"}), ("14.20", {"DB022"}), ("15", set()), ("17.2-alpine", set())],
)
def test_versions_of_postgresql(version: str, rules: set[str]) -> None:
    text = (
        f"services:\n  db:\n    image: docker.io/library/postgres:{version}\n"
        '    volumes: ["d:/var/lib/postgresql/data"]\n'
    )
    files = {"compose.yaml": text}
    assert bool(found("DB021", files)) is ("DB021" in rules)
    said = {"nuages.yaml": YAML.format(f'database:\n  version: "{version[:2]}"\n')}
    assert {rule for rule in ("DB021", "DB022") if found(rule, said)} == rules


def test_versions_that_a_platform_names() -> None:
    text = "databases:\n- name: db\n  engine: PG\n  version: '12'\n"
    (finding,) = found("DB022", {".do/app.yaml": text})
    assert finding.location.line == 4


@pytest.mark.parametrize(
    ("django", "app", "found_one"),
    [
        ("5.2.8", "", True),
        ("3.2.25", "", True),
        ("6.0", "", False),
        ("3.1.14", "", False),
        ("5.2.8", "class A:\n    default_auto_field = 'django.db.models.BigAutoField'\n", False),
    ],
)
def test_keys_by_the_version_of_django(django: str, app: str, found_one: bool) -> None:
    files = {
        "settings.py": "# no DEFAULT_AUTO_FIELD",
        "orders/apps.py": app,
        "requirements.txt": REQUIREMENTS.format(django, "c"),
    }
    assert bool(found("DB023", files)) is found_one
