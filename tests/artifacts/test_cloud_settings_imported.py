"""Every variable, given to the generated settings and read back from a real Django."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django_environments import Django, written
from handmade import deployment, overlay
from plain_site import KEY, PROJECT, ask

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.artifacts.variables import names as known

pytestmark = pytest.mark.slow


def test_production_is_safe_with_nothing_but_a_key(here: Django, site: Path) -> None:
    found = ask(here, site, "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT",
                "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "DATABASES", "CACHES",
                "INSTALLED_APPS", "MIDDLEWARE", "SECURE_HSTS_SECONDS", "EMAIL_BACKEND")  # fmt: skip
    assert found["DEBUG"] is False
    assert found["SECRET_KEY"] == "given"
    assert found["ALLOWED_HOSTS"] == ["own.example"]
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.dummy"
    assert found["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
    assert "debug_toolbar" not in found["INSTALLED_APPS"]
    assert not any("debug_toolbar" in name for name in found["MIDDLEWARE"])
    assert found["EMAIL_BACKEND"].endswith("console.EmailBackend")
    names = [name.rpartition(".")[2] for name in found["MIDDLEWARE"]]
    assert names[:2] == ["TraceMiddleware", "HealthMiddleware"]
    assert names.index("WhiteNoiseMiddleware") == names.index("SecurityMiddleware") + 1


def test_no_key_is_an_error_that_names_the_variable(here: Django, site: Path) -> None:
    done = here.run(site, "from django.conf import settings; settings.SECRET_KEY")
    assert done.returncode
    assert "DJANGO_SECRET_KEY" in done.stderr.splitlines()[-1]
    empty = here.run(site, "from django.conf import settings; settings.SECRET_KEY",
                     environ={"DJANGO_SECRET_KEY": "", "SECRET_KEY": " "})  # fmt: skip
    assert empty.returncode


def test_the_customary_name_of_the_key(here: Django, site: Path) -> None:
    assert here.settings(site, ["SECRET_KEY"], SECRET_KEY="b")["SECRET_KEY"] == "b"


@pytest.mark.parametrize(
    ("environ", "hosts"),
    [
        ({"ALLOWED_HOSTS": "a.example, b.example"}, ["a.example", "b.example"]),
        ({"ALLOWED_HOSTS": ""}, []),
        ({"DOMAIN": "a.example", "DOMAIN_ALIASES": "b.example,c.example"},
         ["a.example", "b.example", "c.example"]),
        ({"DOMAIN": "https://a.example:8443/"}, ["a.example"]),
        ({"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]"}, ["localhost", "127.0.0.1", "[::1]"]),
    ],
)  # fmt: skip
def test_hosts(here: Django, site: Path, environ: dict[str, str], hosts: list[str]) -> None:
    found = ask(here, site, "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", **environ)
    assert found["ALLOWED_HOSTS"] == [*hosts, "own.example"]
    if float(here.version) >= 4:
        assert all(origin.startswith("https://") for origin in found["CSRF_TRUSTED_ORIGINS"])


def test_plain_http_on_loopback_lets_a_browser_log_in(here: Django, site: Path) -> None:
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
             "SECURE_HSTS_SECONDS", "SESSION_COOKIE_NAME")  # fmt: skip
    found = ask(here, site, *names, DJANGO_HTTPS="off")
    assert [found[name] for name in names[:4]] == [False, False, False, 0]
    assert found["SESSION_COOKIE_NAME"] == "sessionid"
    assert ask(here, site, "SESSION_COOKIE_NAME")["SESSION_COOKIE_NAME"] == "__Secure-sessionid"


def test_a_switch_that_is_neither_on_nor_off_is_refused(here: Django, site: Path) -> None:
    done = here.run(site, "from django.conf import settings; settings.DEBUG",
                    environ=KEY | {"DJANGO_HTTPS": "maybe"})  # fmt: skip
    assert "DJANGO_HTTPS=maybe" in done.stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "DEFAULT_DATABASE_DSN"])
@pytest.mark.parametrize(
    ("url", "engine", "host"),
    [
        ("postgres://u:p%40ss@db.example:5433/name?sslmode=require", "postgresql", "db.example"),
        ("mysql://u:p%40ss@db.example:5433/name", "mysql", "db.example"),
        ("postgres://u:p%40ss@%2Fcloudsql%2Fa%3Ab%3Ac/name", "postgresql", "/cloudsql/a:b:c"),
    ],
)
def test_a_database_by_url(here: Django, site: Path, name: str, url: str, engine: str, host: str):
    found = ask(here, site, "DATABASES", **{name: url})["DATABASES"]["default"]
    assert found["ENGINE"] == f"django.db.backends.{engine}"
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("name", "u", "p@ss")
    assert found["HOST"] == host
    assert str(found["PORT"]) == ("" if "cloudsql" in url else "5433")
    assert found["ATOMIC_REQUESTS"] is True
    assert found["OPTIONS"].get("sslmode") == ("require" if "sslmode" in url else None)
    assert (found["CONN_MAX_AGE"], found["CONN_HEALTH_CHECKS"]) == (60, True)


def test_a_database_in_parts(here: Django, site: Path) -> None:
    parts = {"DB_NAME": "n", "DB_USER": "u", "DB_PASSWORD": "p", "DB_HOST": "h", "DB_PORT": "1"}
    found = ask(here, site, "DATABASES", **parts)["DATABASES"]["default"]
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert [found[n] for n in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == list("nuph1")
    mysql = ask(here, site, "DATABASES", DB_ENGINE="mysql", **parts)["DATABASES"]["default"]
    assert mysql["ENGINE"] == "django.db.backends.mysql"


@pytest.mark.parametrize("name", ["CLOUD_SQL_CONNECTION_NAME", "INSTANCE_CONNECTION_NAME"])
def test_a_socket_of_cloud_sql(here: Django, site: Path, name: str) -> None:
    found = ask(here, site, "DATABASES", DB_NAME="n", DB_USER="u", **{name: "p:r:i"})
    assert found["DATABASES"]["default"]["HOST"] == "/cloudsql/p:r:i"


def test_a_socket_folder_as_host(here: Django, site: Path) -> None:
    found = ask(here, site, "DATABASES", DB_NAME="n", DB_HOST="/run/postgresql")["DATABASES"]
    assert found["default"]["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("environ", "location"),
    [
        ({"CACHE_URL": "redis://c:1/2"}, "redis://c:1/2"),
        ({"REDIS_URL": "rediss://:p@c:1/0"}, "rediss://:p@c:1/0"),
        ({"REDIS_HOST": "c", "REDIS_PORT": "1"}, "redis://c:1/0"),
        ({"REDIS_HOST": "c"}, "redis://c:6379/0"),
        ({"REDIS_URL": "valkey://c:1/0"}, "redis://c:1/0"),
    ],
)
def test_a_cache(here: Django, site: Path, environ: dict[str, str], location: str) -> None:
    found = ask(here, site, "CACHES", "SESSION_ENGINE", **environ)
    cache = found["CACHES"]["default"]
    modern = float(here.version) >= 4
    assert cache["BACKEND"].startswith("django.core." if modern else "django_redis.")
    assert cache["LOCATION"] == location
    assert "CLIENT_CLASS" not in cache.get("OPTIONS", {})
    assert found["SESSION_ENGINE"].endswith("cached_db")


def test_without_a_cache_server_sessions_are_in_the_database_only(here: Django, site: Path) -> None:
    """What one process has in memory, another may have changed since."""
    found = ask(here, site, "CACHES", "SESSION_ENGINE")
    assert "locmem" in found["CACHES"]["default"]["BACKEND"]
    assert found["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"


def test_empty_variables_are_as_good_as_unset(here: Django, site: Path) -> None:
    names = ("DATABASES", "CACHES", "ALLOWED_HOSTS", "MEDIA_ROOT", "STATIC_URL", "STATIC_ROOT",
             "SECURE_SSL_REDIRECT", "EMAIL_BACKEND", "SECURE_HSTS_SECONDS")  # fmt: skip
    empty = dict.fromkeys(known() - {"DJANGO_SECRET_KEY", "SECRET_KEY"}, "")
    assert ask(here, site, *names, **empty) == ask(here, site, *names)


def test_a_path_stays_a_path_for_the_code_that_joins_it(here: Django, site: Path) -> None:
    settings = site / "mysite/settings.py"
    roots = 'MEDIA_ROOT = BASE_DIR / "media"\nSTATIC_ROOT = BASE_DIR / "collected"\n'
    settings.write_text(settings.read_text() + roots)
    joined = "from django.conf import settings as s; print(s.MEDIA_ROOT / 'a', s.STATIC_ROOT / 'b')"
    environ = KEY | {"DEFAULT_STORAGE_DSN": "file:///data/media", "STATIC_ROOT": "/data/static"}
    done = here.run(site, joined, environ=environ)
    assert done.stdout.split() == ["/data/media/a", "/data/static/b"], done.stderr


def test_mail_goes_to_the_log_where_no_back_end_is_named(here: Django, site: Path) -> None:
    with (site / "mysite/settings.py").open("a") as stream:
        stream.write("EMAIL_BACKEND = None\n")
    found = ask(here, site, "EMAIL_BACKEND")
    assert found["EMAIL_BACKEND"].endswith("console.EmailBackend")


def test_origins_that_may_call_an_api(here: Django, site: Path) -> None:
    written(site, cloud_settings(deployment(overlay=overlay(cors=True, django=here.version))))
    found = ask(here, site, "CORS_ALLOWED_ORIGINS", CORS_ALLOWED_ORIGINS="https://a.example")
    assert found["CORS_ALLOWED_ORIGINS"] == ["https://a.example"]
    with (site / "mysite/settings.py").open("a") as stream:
        stream.write('CORS_ALLOWED_ORIGINS = "".split(",")\n')
    empty = ask(here, site, "CORS_ALLOWED_ORIGINS", CORS_ALLOWED_ORIGINS="")
    assert empty["CORS_ALLOWED_ORIGINS"] == []


def test_the_logs_are_json_with_a_severity(here: Django, site: Path) -> None:
    script = "import django, logging; django.setup(); logging.getLogger('x').warning('a %s', 'b')"
    entry = json.loads(here.run(site, script, environ=KEY).stdout)
    assert (entry["severity"], entry["message"], entry["logger"]) == ("WARNING", "a b", "x")
    text = here.run(site, script, environ=KEY | {"LOG_FORMAT": "text"}).stdout
    assert "WARNING" in text
    assert not text.startswith("{")


OWN_CACHE = """
CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://old",
                      "TIMEOUT": 77, "KEY_PREFIX": "own"}}
"""


def test_a_cache_that_is_replaced_keeps_what_pages_read_of_it(here: Django, tmp_path: Path) -> None:
    made = cloud_settings(deployment(overlay=overlay(django=here.version)))
    texts = {"mysite____init__": "", "mysite__settings": PROJECT + OWN_CACHE}
    site = written(tmp_path, made, mysite__urls="urlpatterns = []\n", **texts)
    found = ask(here, site, "CACHES")["CACHES"]["default"]
    assert found["BACKEND"].endswith("LocMemCache")
    assert (found["TIMEOUT"], found["KEY_PREFIX"]) == (77, "own")
