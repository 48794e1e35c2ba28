"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found

READ = "import os\n"


def messages(rule: str, settings: str, **files: str | None) -> list[str]:
    return [f.message for f in found(rule, {"settings.py": READ + settings, **files})]


# --- booleans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        "DEBUG = os.environ.get('DEBUG', False)",
        "DEBUG = bool(os.environ.get('DEBUG', 'False'))",
        "DEBUG = not os.environ.get('PRODUCTION')",
        "DEBUG = True if os.getenv('DEBUG') else False",
        "def read(name, default=None):\n    return os.environ.get(name, default)\n"
        "DEBUG = read('DEBUG', False)",
        "SECURE_SSL_REDIRECT = env.bool('REDIRECT', default='False')",
        "from decouple import config\nUSE_TZ = config('USE_TZ', default=True)",
        "SECURE_SSL_REDIRECT = bool(env('REDIRECT', default='1'))",
        "def on(name):\n    return bool(os.getenv(name, 'False'))\nSEARCH = on('SEARCH')",
        "DATABASES['default']['ATOMIC_REQUESTS'] = os.environ.get('ATOMIC', True)",
        "CLIENT = {'verify': os.environ.get('VERIFY', True)}",
        "if os.environ.get('USE_S3'):\n    MEDIA_URL = 'https://s3.example.com/'",
    ],
)
def test_a_text_that_is_taken_for_a_truth_value(settings: str) -> None:
    assert len(messages("CON002", settings)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        "DEBUG = os.getenv('DEBUG', 'False')\nDEBUG = DEBUG == 'True'",
        "DEBUG = bool(int(os.getenv('DEBUG', '0')))",
        "def flag(name, default=None):\n"
        "    return str(os.environ.get(name, default)).lower() in ('1', 'true')\n"
        "DEBUG = flag('DEBUG', False)",
        "DEBUG = os.environ.get('DEBUG', False) in ('True', True)",
        "DEBUG = env('DEBUG', default=False)",
        "env = environ.Env(USE_TZ=(bool, True))\nUSE_TZ = bool(env('USE_TZ'))",
        "DEBUG = 'DEBUG' in os.environ",
        "SENTRY = bool(os.environ.get('SENTRY_DSN'))",
        "SEARCH = not env.bool('DISABLE_SEARCH', default=False)",
        "if os.environ.get('SENTRY_DSN'):\n    RELEASE = '1'",
        "if os.environ.get('S3_ACCESS_KEY', False):\n    RELEASE = '1'",
    ],
)
def test_a_text_that_is_compared_or_only_asked_for(settings: str) -> None:
    assert messages("CON002", settings) == []


def test_nuages_yaml_says_false_and_the_code_takes_it_for_true() -> None:
    manifest = "domain: shop.example.com\nenv_vars:\n  USE_TLS: 'False'\n"
    settings = f"{READ}EMAIL_USE_SSL = os.environ.get('USE_TLS', True)"
    (finding,) = found("CON002", {"settings.py": settings, "nuages.yaml": manifest})
    assert finding.severity == "error"
    assert "'False'" in finding.message


# --- numbers and lists -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', '60')", "error"),
        ("SESSION_COOKIE_AGE = os.environ.get('AGE', 60)", "warning"),
        ("CSRF_TRUSTED_ORIGINS = os.environ['ORIGINS']", "error"),
        ("SITE_ID = os.getenv('SITE_ID', 1)", "warning"),
    ],
)
def test_a_text_where_a_number_or_a_list_belongs(settings: str, severity: str) -> None:
    (finding,) = found("CON003", {"settings.py": READ + settings})
    assert finding.severity == severity


def test_a_number_that_is_cast() -> None:
    assert messages("CON003", "SESSION_COOKIE_AGE = int(os.environ.get('AGE', '60'))") == []


@pytest.mark.parametrize(
    ("settings", "severity"),
    [
        ("CORS_ALLOWED_ORIGINS = os.environ.get('CORS', '').split(',')", "error"),
        ("CORS_ALLOWED_ORIGINS = [o.strip() for o in os.getenv('CORS', '').split(',')]", "error"),
        ("ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', '').split(',')", "warning"),
        ("CORS_ALLOWED_ORIGINS = 'https://a.example, https://b.example'.split(',')", "error"),
    ],
)
def test_a_list_with_an_empty_or_a_padded_text(settings: str, severity: str) -> None:
    (finding,) = found("CON004", {"settings.py": READ + settings})
    assert finding.severity == severity


@pytest.mark.parametrize(
    "settings",
    [
        "ORIGINS = os.environ.get('CORS', '').split()",
        "ORIGINS = [part for part in os.environ.get('CORS', '').split(',') if part]",
        "ALLOWED_HOSTS = os.environ.get('ALLOWED_HOSTS', 'shop.example.com').split(',')",
    ],
)
def test_a_list_without_empty_texts(settings: str) -> None:
    assert messages("CON004", settings) == []


def test_hosts_that_only_the_first_request_sees() -> None:
    settings = f"{READ}ALLOWED_HOSTS = map(str.strip, os.environ['HOSTS'].split(','))"
    (finding,) = found("CON005", {"settings.py": settings})
    assert finding.severity == "error"
    assert messages("CON005", "ALLOWED_HOSTS = tuple(map(str, os.environ['H'].split(',')))") == []


# --- who gives what ----------------------------------------------------------------------------

IMAGE = """\
FROM python:3.13-slim AS base
ENV ALLOWED_HOSTS=localhost DATABASE_URL=postgres://build@localhost/build
ARG REDIS_URL
FROM base
COPY . .
RUN export AWS_STORAGE_BUCKET_NAME=build EMAIL_HOST=localhost EMAIL_HOST_USER=build && \\
    EMAIL_HOST_PASSWORD=build {} manage.py collectstatic --noinput
CMD ["gunicorn", "shop.wsgi:application"]
"""


def test_a_build_that_lacks_one_variable_of_many() -> None:
    (finding,) = found("CON006", {"Dockerfile": IMAGE.format("python")})
    assert "without SECRET_KEY, " in finding.message
    assert finding.location.line == 6


@pytest.mark.parametrize(
    "run",
    ["SECRET_KEY=build python", "--noop; . ./.env; python", "uv run --env-file .env python"],
)
def test_a_build_that_has_all_or_takes_it_from_a_file(run: str) -> None:
    assert found("CON006", {"Dockerfile": IMAGE.format(run)}) == []


def test_an_image_that_is_built_on_a_private_one_may_have_it_from_there() -> None:
    private = IMAGE.format("python").replace("python:3.13-slim", "registry.example.com/shop/base:4")
    assert found("CON006", {"Dockerfile": private}) == []


def manifest(*lines: str) -> str:
    return "\n".join(["domain: shop.example.com", "env_vars:", *(f"  {each}" for each in lines)])


def test_a_misspelled_variable_of_a_compose_file() -> None:
    compose = "services:\n  web:\n    build: .\n    environment:\n      - EMAIL_HOTS=smtp\n"
    (finding,) = found("CON007", {"compose.yaml": compose})
    assert finding.severity == "warning"
    assert finding.fix == "Write EMAIL_HOST."
    assert str(finding.location).startswith("compose.yaml:5")


@pytest.mark.parametrize(
    "name", ["AWS_ACCESS_KEY_ID", "WEB_CONCURRENCY", "DJANGO_SUPERUSER_EMAIL", "PAYMENT_URL"]
)
def test_variables_that_libraries_or_other_files_read(name: str) -> None:
    view = 'import os\n\nURL = os.getenv("PAYMENT_URL")\n'
    files = {"nuages.yaml": manifest(f"{name}: some"), "orders/views.py": view}
    assert found("CON007", files) == []


def test_a_variable_that_nothing_of_the_project_names() -> None:
    (finding,) = found("CON007", {"nuages.yaml": manifest("PAYMENT_URL: https://pay.example")})
    assert finding.severity == "info"


def test_a_misspelled_variable_with_a_prefix_that_others_use() -> None:
    files = {
        "settings.py": "PAGES = env('DJANGO_PAGES')",
        "nuages.yaml": manifest("DJANGO_PAGE: '5'"),
    }
    (finding,) = found("CON007", files)
    assert finding.fix == "Write DJANGO_PAGES."


def test_a_variable_with_its_words_in_another_order() -> None:
    files = {"settings.py": "SENDER = env('SENDER_OF_MAIL')"}
    files["nuages.yaml"] = manifest("MAIL_OF_SENDER: shop@example.com")
    (finding,) = found("CON007", files)
    assert finding.fix == "Write SENDER_OF_MAIL."


@pytest.mark.parametrize(
    ("code", "value", "count"),
    [
        ("USE_CDN = os.environ.get('USE_CDN', '') == 'True'", "true", 1),
        ("USE_CDN = os.environ.get('USE_CDN', '') in ('1', 'True')", "yes", 1),
        ("USE_CDN = os.environ.get('USE_CDN', '').lower() == 'true'", "True", 0),
        ("USE_CDN = os.environ.get('USE_CDN', '') == 'production'", "true", 0),
        ("CDN = os.environ.get('USE_CDN')", "'\"https://cdn.example\"'", 1),
    ],
)
def test_values_that_the_code_does_not_understand(code: str, value: str, count: int) -> None:
    files = {"settings.py": READ + code, "nuages.yaml": manifest(f"USE_CDN: {value}")}
    assert len(found("CON008", files)) == count


def test_a_variable_that_a_view_demands_and_no_one_gives() -> None:
    view = "import os\n\n\ndef pay(request):\n    return {}\n"
    late = view.format("os.environ['PAYMENT_URL']")
    assert len(found("CON009", {"orders/views.py": late})) == 1
    assert found("CON009", {"orders/views.py": late, "nuages.yaml": None}) == []
    assert found("CON009", {"orders/views.py": view.format("os.environ['HOME']")}) == []
    expected = (
        "import os\n\ntry:\n    URL = os.environ['PAYMENT_URL']\nexcept KeyError:\n    URL = ''\n"
    )
    assert found("CON009", {"orders/views.py": expected}) == []


# --- .env files, defaults, modules -------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("from dotenv import load_dotenv\nload_dotenv(override=True)", 1),
        ("if (BASE_DIR / '.env').exists():\n    env.read_env('.env', overwrite=True)", 1),
        ("from dotenv import load_dotenv\nload_dotenv()", 0),
        ("from dotenv import load_dotenv\nif DEBUG:\n    load_dotenv(override=True)", 0),
    ],
)
def test_a_file_that_wins_over_the_environment(settings: str, count: int) -> None:
    assert len(messages("CON010", settings)) == count


def test_a_committed_file_that_says_nothing_of_what_is_read() -> None:
    files = {".env": "COMPOSE_PROJECT_NAME=shop\n", ".dockerignore": ".git\n"}
    read = {"settings.py": "env.read_env(BASE_DIR / '.env')", **files}
    assert found("CON011", read) == []


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("PAGES = os.environ.get('PAGES', '5')\nMORE = os.environ.get('PAGES', '9')", 1),
        ("PAGES = env.bool('PAGES', default=False)\nMORE = env.bool('PAGES', default=True)", 1),
        ("CDN = env.bool('CDN', default=False)\nMORE = os.getenv('CDN', '0') == '1'", 0),
        ("PAGES = os.environ.get('PAGES', '5')\nPAGES = os.environ.get('PAGES', '9')", 0),
        ("PAGES = os.getenv('N', '5') if DEBUG else os.getenv('N', '9')", 0),
        ("CDN = os.environ.get('CDN', '')\nURL = os.environ.get('CDN', '/media/')", 0),
    ],
)
def test_a_variable_with_two_defaults(settings: str, count: int) -> None:
    assert len(messages("CON012", settings)) == count


def test_a_worker_with_another_default_than_the_settings() -> None:
    worker = (
        "import os\n\nfrom celery import Celery\n\n"
        "app = Celery('library', broker=os.environ.get('BROKER', 'redis://localhost'))\n"
    )
    files = {"settings.py": "BROKER = env('BROKER', default='redis://redis')"}
    (finding,) = found("CON012", {**files, "config/celery_app.py": worker}, base="split")
    assert "redis://redis" in finding.message


ENTRY = """\
import os
from django.core.wsgi import get_wsgi_application
{}
application = get_wsgi_application()
"""


def test_an_entry_point_that_insists_on_development() -> None:
    entry = ENTRY.format("os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.local'")
    (finding,) = found("CON013", {"config/wsgi.py": entry}, base="split")
    assert finding.severity == "error"


def test_manage_py_may_take_the_settings_of_development() -> None:
    assert found("CON013", {"manage.py": MANAGE}, base="split") == []


def test_settings_that_a_compose_file_misspells() -> None:
    compose = (
        "services:\n  web:\n    build: .\n    environment:\n"
        "      DJANGO_SETTINGS_MODULE: config.settings.prodution\n"
    )
    files = {"docker-compose.production.yml": compose}
    (finding,) = found("CON014", files, base="split")
    assert finding.location.line == 5


def test_settings_of_another_package_may_exist() -> None:
    entry = ENTRY.format("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'company.settings')")
    assert found("CON014", {"config/wsgi.py": entry}, base="split") == []


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("sys.argv[1] == 'test'", 1),
        ("len(sys.argv) > 1 and sys.argv[1] == 'test'", 0),
        ("'test' in sys.argv", 0),
        ("sys.argv[1:2] == ['test']", 0),
    ],
)
def test_the_command_line_in_the_settings(condition: str, count: int) -> None:
    assert len(messages("CON015", f"import sys\nTESTING = {condition}")) == count


def test_a_missing_part_of_the_database_that_nobody_gives() -> None:
    parts = "'ENGINE': 'django.db.backends.postgresql', 'NAME': os.getenv('SHOP_DATABASE')"
    (finding,) = found("CON016", {"settings.py": f"{READ}DATABASES = {{'default': {{{parts}}}}}"})
    assert finding.location.line > 100
    demanded = parts.replace("os.getenv('SHOP_DATABASE')", "os.getenv('SHOP_DATABASE', 'shop')")
    assert messages("CON016", f"DATABASES = {{'default': {{{demanded}}}}}") == []


def test_a_secret_that_is_demanded_and_that_nobody_wrote_down() -> None:
    (finding,) = found("CON001", {"settings.py": f"{READ}KEY = os.environ['STRIPE_SECRET_KEY']"})
    assert finding.severity == "warning"
    assert finding.fix == "List STRIPE_SECRET_KEY under `secrets` in nuages.yaml."


def test_a_secret_under_the_name_that_another_template_has() -> None:
    listed = "domain: shop.example.com\nsecrets: [DJANGO_SECRET_KEY]\n"
    (finding,) = found("CON007", {"nuages.yaml": listed})
    assert finding.fix == "Write SECRET_KEY."


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("MIDDLEWARE += [...]", 1),
        ("INSTALLED_APPS = [\n    *INSTALLED_APPS,\n    'silk'\n    'orders',\n]", 1),
        ("ALLOWED_HOSTS = (\n    'a.example'\n    'b.example',\n)", 1),
        ("WELCOME = [\n    'Hello '\n    'world',\n]", 0),
        ("INSTALLED_APPS = [\n    *INSTALLED_APPS,\n    'silk',\n]", 0),
    ],
)
def test_entries_that_are_not_what_they_look_like(settings: str, count: int) -> None:
    assert len(messages("CON017", settings)) == count


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ("from urllib.request import urlopen\nHOST = urlopen('http://169.254.169.254/').read()", 1),
        (
            "import boto3\n\n\ndef secret(name):\n    client = boto3.client('secretsmanager')\n"
            "    return client.get_secret_value(SecretId=name)\n\n\nTOKEN = secret('token')",
            1,
        ),
        ("import httpx\n\n\ndef later():\n    return httpx.get('https://example.com')", 0),
        ("import requests\nif DEBUG:\n    HOST = requests.get('http://localhost').text", 0),
    ],
)
def test_settings_that_speak_to_other_machines(settings: str, count: int) -> None:
    assert len(messages("CON018", settings)) == count


def test_a_length_that_is_asked_for_and_is_not_enough() -> None:
    settings = "import sys\nTESTING = len(sys.argv) > 0 and sys.argv[1] == 'test'"
    assert len(messages("CON015", settings)) == 1


def test_an_empty_value_that_the_settings_refuse() -> None:
    settings = (
        f"{READ}HOST = os.environ.get('MAIL_HOST', 'localhost')\n"
        "if not HOST:\n    raise ValueError('MAIL_HOST is empty')"
    )
    files = {"settings.py": settings, "nuages.yaml": manifest("MAIL_HOST: ''", "OTHER: '1'")}
    (finding,) = found("CON019", files)
    assert finding.message.startswith("MAIL_HOST is empty")
    assert finding.location.path == "nuages.yaml"


def test_settings_that_fail_whatever_nuages_yaml_says() -> None:
    files = {"settings.py": "raise ValueError", "nuages.yaml": manifest("PAGE_SIZE: '20'")}
    assert found("CON019", files) == []


MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
COMPOSE = """\
services:
  migrate:
    build: .
    command: python manage.py migrate --noinput
    environment:
      DATABASE_URL: postgres://shop@database/shop
"""


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("", "", 1),
        ("migrate --noinput", "migrate --settings=config.settings.production", 0),
        (
            "environment:",
            "environment:\n      DJANGO_SETTINGS_MODULE: config.settings.production",
            0,
        ),
        ("environment:", "env_file: .env\n    environment:", 0),
        ("manage.py migrate", "manage.py shell", 0),
    ],
)
def test_a_migration_with_the_settings_of_development(old: str, new: str, count: int) -> None:
    image = {"compose/production/django/Dockerfile": "FROM python:3.13\nRUN pip install django\n"}
    compose = {"docker-compose.production.yml": COMPOSE.replace(old, new, 1)}
    assert len(found("CON020", {"manage.py": MANAGE, **image, **compose}, base="split")) == count


@pytest.mark.parametrize(
    ("settings", "severities"),
    [
        ("ROOT_URLCONF = 'shop.routes'", ["error"]),
        ("WSGI_APPLICATION = 'shop.servers.wsgi.application'", ["warning"]),
        ("ASGI_APPLICATION = 'channels_presence.routing.application'", []),
        ("ROOT_URLCONF = env('URLS', default='shop.urls')", []),
    ],
)
def test_modules_that_the_settings_name(settings: str, severities: list[str]) -> None:
    assert [f.severity for f in found("CON021", {"settings.py": settings})] == severities
