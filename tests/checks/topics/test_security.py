"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found

HASHERS = "django.contrib.auth.hashers"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
READ = "import os\n"


def messages(rule: str, settings: str, **files: str | None) -> list[str]:
    return [f.message for f in found(rule, {"settings.py": settings, **files})]


# --- DEBUG and its tools -----------------------------------------------------------------------


def test_debug_that_is_on_unless_somebody_says_otherwise() -> None:
    (finding,) = found("SEC001", {"settings.py": "DEBUG = env.bool('APP_DEBUG', default=True)"})
    assert "APP_DEBUG" in finding.message
    assert finding.severity == "error"


def test_what_names_the_environment_is_a_lesser_risk() -> None:
    chosen = f"{READ}DEBUG = os.environ.get('DJANGO_ENV', 'development') != 'production'"
    (finding,) = found("SEC001", {"settings.py": chosen})
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "settings",
    [
        "INSTALLED_APPS = (*INSTALLED_APPS, 'silk')",
        "INSTALLED_APPS.append('debug_toolbar.apps.DebugToolbarConfig')",
        "MIDDLEWARE.insert(0, 'debug_toolbar.middleware.DebugToolbarMiddleware')",
        "INSTALLED_APPS += ['django_browser_reload']",
    ],
)
def test_a_tool_is_found_however_it_is_added(settings: str) -> None:
    assert len(found("SEC002", {"settings.py": settings})) == 1


def test_a_tool_under_debug_is_fine() -> None:
    added = "if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n    MIDDLEWARE += ['silk.x.Y']"
    assert not messages("SEC002", added)


@pytest.mark.parametrize(
    ("urls", "count"),
    [
        ("urlpatterns = [path('__debug__/', include('debug_toolbar.urls'))]", 1),
        ("import debug_toolbar\nurlpatterns = [path('d/', include(debug_toolbar.urls))]", 1),
        ("urlpatterns = [path('d/', include('debug_toolbar.urls'))] if settings.DEBUG else []", 0),
        ("from debug_toolbar.toolbar import debug_toolbar_urls\n"
         "urlpatterns = [*debug_toolbar_urls()]", 0),
        ("def add(urlpatterns):\n    if not settings.DEBUG:\n        return urlpatterns\n"
         "    return [path('d/', include('debug_toolbar.urls')), *urlpatterns]", 0),
    ],
)  # fmt: skip
def test_urls_of_tools(urls: str, count: int) -> None:
    text = f"from django.conf import settings\nfrom django.urls import include, path\n{urls}\n"
    assert len(found("SEC003", {"shop/urls.py": text})) == count


# --- the key -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("SECRET_KEY = 'x' * 50", "SEC006"),
        ("SECRET_KEY = os.environ.get('APP_KEY', 'abc')", "SEC007"),
        ("SECRET_KEY = os.getenv('APP_KEY') or 'abc'", "SEC007"),
        ("SECRET_KEY = os.environ['APP_KEY'] if 'APP_KEY' in os.environ else 'abc'", "SEC007"),
        ("try:\n    SECRET_KEY = os.environ['APP_KEY']\nexcept KeyError:\n"
         "    SECRET_KEY = 'abc'", "SEC007"),
        ("import secrets\nSECRET_KEY = os.environ.get('APP_KEY', secrets.token_hex())", "SEC008"),
        ("import secrets\nkey = secrets.token_hex()\nSECRET_KEY = os.getenv('APP_KEY', key)",
         "SEC008"),
        ("import uuid\nSECRET_KEY = str(uuid.uuid4())", "SEC008"),
        ("SECRET_KEY = os.urandom(50)", "SEC008"),
        ("SECRET_KEY = os.environ['APP_KEY']", None),
        ("SECRET_KEY = os.environ.get('APP_KEY')", None),
        ("SECRET_KEY = open('/run/secrets/key').read()", None),
        ("SECRET_KEY = 'dev' if DEBUG else os.environ['APP_KEY']", None),
    ],
)  # fmt: skip
def test_where_the_key_comes_from(line: str, rule: str | None) -> None:
    caught = [each for each in ("SEC006", "SEC007", "SEC008") if messages(each, f"{READ}{line}")]
    assert caught == ([rule] if rule else [])


def test_a_key_that_is_never_given_is_worse_than_one_that_may_be() -> None:
    always = found("SEC008", {"settings.py": f"{READ}SECRET_KEY = os.urandom(50)"})
    assert [f.severity for f in always] == ["error"]


# --- hosts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("ALLOWED_HOSTS = ('*',)", ["SEC011"]),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', '*').split(',')", ["SEC011"]),
        ("ALLOWED_HOSTS = []", ["SEC012"]),
        ("# no ALLOWED_HOSTS", ["SEC012"]),
        ("ALLOWED_HOSTS = ['.localhost', '127.0.0.1', '[::1]']", ["SEC012"]),
        ("ALLOWED_HOSTS = []\nif h := os.environ.get('RENDER_EXTERNAL_HOSTNAME'):\n"
         "    ALLOWED_HOSTS.append(h)", ["SEC012"]),
        ("ALLOWED_HOSTS = ['shop.example.net:8000']", ["SEC013"]),
        ("ALLOWED_HOSTS = ['a.example.net,b.example.net']", ["SEC013"]),
        ("ALLOWED_HOSTS = ['*.example.net']", ["SEC013"]),
        ("ALLOWED_HOSTS = 'shop.example.net'", ["SEC013"]),
        ("ALLOWED_HOSTS = ['example.com']", ["SEC014"]),
        ("ALLOWED_HOSTS = ['shop.example.net', 'localhost']", []),
        ("ALLOWED_HOSTS = ['.shop.example.net', '[2001:db8::1]']", []),
        ("ALLOWED_HOSTS = os.environ['SHOP_HOSTS'].split(',')", []),
        ("ALLOWED_HOSTS = env.list('APP_ALLOWED_HOSTS', default=['localhost'])", []),
    ],
)  # fmt: skip
def test_hosts(line: str, rules: list[str]) -> None:
    asked = ("SEC011", "SEC012", "SEC013", "SEC014")
    assert [rule for rule in asked if messages(rule, f"{READ}{line}")] == rules


def test_a_host_from_the_manifest_is_named_there() -> None:
    files = {
        "settings.py": "ALLOWED_HOSTS = env.list('NAMES')",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  NAMES: https://shop.example.com\n",
    }
    (finding,) = found("SEC013", files)
    assert (finding.location.path, finding.location.line) == ("nuages.yaml", 3)


# --- https and cookies -------------------------------------------------------------------------


def test_a_redirect_of_the_proxy_is_a_redirect() -> None:
    files = {
        "settings.py": "SECURE_SSL_REDIRECT = False",
        "nginx.conf": "server { listen 80; return 301 https://$host$request_uri; }",
    }
    assert not found("SEC015", files)


def test_a_stand_in_is_no_word_of_production() -> None:
    assert not messages("SEC015", "SECURE_SSL_REDIRECT = env.bool('REDIRECT')")
    assert messages("SEC015", "SECURE_SSL_REDIRECT = env.bool('REDIRECT', default=False)")


def test_cookies_that_are_not_set() -> None:
    no_sessions = f"MIDDLEWARE.remove('{SESSION}')\nSESSION_COOKIE_SECURE = False"
    assert not messages("SEC018", no_sessions)
    assert not messages("SEC019", "CSRF_USE_SESSIONS = True\nCSRF_COOKIE_SECURE = False")


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("SESSION_COOKIE_SAMESITE = 'none'\nSESSION_COOKIE_SECURE = False", "error"),
        ("SESSION_COOKIE_SAMESITE = 'none'", "warning"),
        ("CSRF_COOKIE_SAMESITE = False", "warning"),
        ("SESSION_COOKIE_SAMESITE = 'Laxx'", "error"),
        ("SESSION_COOKIE_SAMESITE = 'lax'", None),
    ],
)
def test_same_site(line: str, severity: str | None) -> None:
    severities = [f.severity for f in found("SEC021", {"settings.py": line})]
    assert severities == ([severity] if severity else [])


def test_a_preload_that_the_list_refuses_is_only_worth_knowing() -> None:
    short = "SECURE_HSTS_SECONDS = 60\nSECURE_HSTS_PRELOAD = True"
    assert [f.severity for f in found("SEC017", {"settings.py": short})] == ["info"]


# --- middleware, headers, passwords ------------------------------------------------------------


def test_a_middleware_of_ones_own_counts() -> None:
    own = (
        "MIDDLEWARE = [m.replace('django.middleware.csrf.CsrfViewMiddleware', 'shop.csrf.Own') "
        "for m in MIDDLEWARE]"
    )
    assert not messages("SEC027", own)


def test_middleware_that_cannot_be_told_is_not_missing() -> None:
    unknown = "from somewhere import MIDDLEWARE"
    for rule in ("SEC024", "SEC026", "SEC027", "SEC028", "SEC029"):
        assert not messages(rule, unknown), rule


def test_each_middleware_is_named_once() -> None:
    security = "django.middleware.security.SecurityMiddleware"
    late = f"MIDDLEWARE.remove('{security}')\nMIDDLEWARE.append('{security}')"
    (finding,) = found("SEC029", {"settings.py": late})
    assert finding.severity == "warning"


def test_nosniff_is_the_default_since_3_0() -> None:
    for version, count in {"2.2.28": 1, "3.2.25": 0}.items():
        files = {
            "requirements.txt": f"django=={version}\n",
            "settings.py": "# no SECURE_CONTENT_TYPE_NOSNIFF",
        }
        assert len(found("SEC023", files)) == count


def test_a_weak_hasher_after_a_strong_one_lets_old_passwords_in() -> None:
    strong = f"'{HASHERS}.Argon2PasswordHasher'"
    assert not messages("SEC032", f"PASSWORD_HASHERS = [{strong}, '{HASHERS}.MD5PasswordHasher']")
    unsalted = f"PASSWORD_HASHERS = ({strong}, '{HASHERS}.UnsaltedMD5PasswordHasher')"
    assert [f.severity for f in found("SEC032", {"settings.py": unsalted})] == ["warning"]


def test_a_silenced_check_of_what_stands_elsewhere_is_fine() -> None:
    assert not messages("SEC034", "SILENCED_SYSTEM_CHECKS = ['security.W005', 'models.W042']")


# --- secrets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("DATABASES['default'].update(PASSWORD='hunter2', HOST='db.example.net')", 1),
        ("DATABASES['default'].update(PASSWORD='postgres', HOST='localhost')", 0),
        ("CELERY_BROKER_URL = 'amqp://shop:hunter2@mq.example.net:5672//'", 1),
        ("CELERY_BROKER_URL = 'amqp://guest:guest@localhost:5672//'", 0),
        ("AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzKEY1'", 1),
        ("ANYMAIL = {'MAILGUN_API_KEY': '0123456789abcdef'}", 1),
        ("EMAIL_HOST_PASSWORD = ''", 0),
        ("EMAIL_HOST_PASSWORD = '<your password>'", 0),
        ("LOCK_TOKEN = 'shop:rebuild'", 0),
        ("ACCOUNT_RATE_LIMITS = {'change_password': '5/m/user1'}", 0),
        ("PASSWORD_RESET_TOKEN = 'accounts.tokens.Generator2'", 0),
        ("AWS_SECRET_ACCESS_KEY = env.str('AWS_SECRET_ACCESS_KEY')", 0),
    ],
)
def test_secrets_in_settings(line: str, count: int) -> None:
    assert len(messages("SEC036", line)) == count


def test_keys_by_their_form() -> None:
    key = "AKIA" + "Q3EGUZT5NVWXYZ2A"
    assert found("SEC037", {"orders/s3.py": f"KEY = '{key}'\n"})
    assert not found("SEC037", {"orders/s3.py": f"# once {key}\n"})
    assert not found("SEC037", {"orders/s3.py": f'def f():\n    """Like {key}."""\n'})
    assert not found("SEC037", {"orders/s3.py": "KEY = 'AKIAIOSFODNN7EXAMPLE'\n"})


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        (".env.production", "SECRET_KEY='0123456789abcdef'\n", 1),
        ("deploy/.env", "DATABASE_URL=postgres://shop:k3f9@db.example.net/shop\n", 1),
        (".env.example", "SECRET_KEY=0123456789abcdef\n", 0),
        (".env.local", "SECRET_KEY=0123456789abcdef\n", 0),
        (".env.prod", "SECRET_KEY=changeme\nDB_PASSWORD=\nDB_HOST=db\n", 0),
    ],
)
def test_files_of_variables(path: str, text: str, count: int) -> None:
    assert len(found("SEC038", {path: text, ".gitignore": None})) == count


def test_a_name_that_is_no_secret_may_stand_in_the_manifest() -> None:
    yaml = "domain: shop.example.com\nenv_vars:\n  {}\n"
    for line, count in {
        "STRIPE_PUBLISHABLE_KEY: pk_live_1": 0,
        "SESSION_TOKEN: '3600'": 0,
        "BROKER: amqp://shop:k3f9@mq.example.net": 1,
        "API_TOKEN: k3f9": 1,
    }.items():
        assert len(found("SEC010", {"nuages.yaml": yaml.format(line)})) == count, line


@pytest.mark.parametrize(
    ("default", "count"),
    [("'changeme'", 1), ("''", 0), ("None", 0), ("'NOTSET'", 0), ("'<secret>'", 0)],
)
def test_defaults_of_secrets(default: str, count: int) -> None:
    line = f"{READ}MAIL_PASSWORD = os.environ.get('MAIL_PASSWORD', {default})"
    assert len(messages("SEC040", line)) == count


def test_a_webhook_may_be_exempt() -> None:
    view = (
        "from django.views.decorators.csrf import csrf_exempt\n\n\n@csrf_exempt\n"
        "def stripe_webhook(request):\n    return request.user\n"
    )
    assert not found("SEC041", {"orders/views.py": view})
    assert found("SEC041", {"orders/views.py": view.replace("stripe_webhook", "cancel")})


def test_an_authentication_that_checks_no_token() -> None:
    text = (
        "class Own(SessionAuthentication):\n    def enforce_csrf(self, request):\n        return\n"
    )
    assert found("SEC041", {"orders/api.py": text})


def test_a_wildcard_in_the_code_is_shown_there_though_nuages_yaml_gives_the_hosts() -> None:
    given = "domain: shop.example.com\nenv_vars:\n  ALLOWED_HOSTS: shop.example.com\n"
    files = {"settings.py": "ALLOWED_HOSTS.append('*')", "nuages.yaml": given}
    (finding,) = found("SEC011", files)
    assert finding.location.path == "shop/settings.py"


def test_a_database_password_beside_a_host_that_the_environment_names() -> None:
    parts = "'ENGINE': 'django.db.backends.postgresql', 'PASSWORD': 'Tr0ub4dor&3', 'HOST': {}"
    for host, count in (("env('DB_HOST')", 1), ("'localhost'", 0)):
        settings = f"DATABASES = {{'default': {{{parts.format(host)}}}}}"
        assert len(messages("SEC036", settings)) == count


def test_all_addresses_of_this_machine_are_no_host_of_a_visitor() -> None:
    assert len(messages("SEC012", "ALLOWED_HOSTS = ['localhost', '[::]', '0.0.0.0']")) == 1


def test_a_compatible_release_of_an_old_django() -> None:
    files = {"requirements.txt": "Django~=2.2.3\n"}
    (finding,) = found("SEC023", {"settings.py": "# no SECURE_CONTENT_TYPE_NOSNIFF", **files})
    assert "3.0" in finding.message


COMPOSE = "services:\n  web:\n    build: .\n    environment:\n      - DEBUG=true\n"


def test_debug_that_a_manifest_turns_on() -> None:
    files = {"nuages.yaml": "domain: shop.example.com\nenv_vars:\n  DEBUG: 'true'\n"}
    (finding,) = found("SEC001", files)
    assert finding.location.path == "nuages.yaml"
    image = "FROM python:3.13-slim\nENV DEBUG=1\nCOPY . .\nCMD gunicorn shop.wsgi\n"
    (finding,) = found("SEC001", {"Dockerfile": image})
    assert str(finding.location) == "Dockerfile:2"


@pytest.mark.parametrize(
    "added", ["    volumes: ['.:/app']\n", "    command: manage.py runserver\n"]
)
def test_debug_in_a_container_that_works_on_the_code(added: str) -> None:
    (finding,) = found("SEC001", {"compose.yaml": COMPOSE})
    assert finding.location.path == "compose.yaml"
    assert found("SEC001", {"compose.yaml": COMPOSE + added}) == []


def test_a_key_that_some_environment_refuses_is_a_lesser_risk() -> None:
    line = "SECRET_KEY = env('APP_KEY', default='not-a-secret')\n"
    guard = "if env('STAGE', default='dev') != 'dev' and not SECRET_KEY:\n    raise ValueError"
    (finding,) = found("SEC007", {"settings.py": line + guard})
    assert finding.severity == "warning"


def test_every_path_is_exempt_from_the_redirect() -> None:
    exempt = "SECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ['^health/', '{}']"
    assert len(messages("SEC015", exempt.format(""))) == 1
    assert messages("SEC015", exempt.format("^probes/")) == []


@pytest.mark.parametrize(
    ("path", "count"),
    [("deploy/start.sh", 1), (".env.example", 1), ("docs/start.sh", 0), ("orders/page.html", 0)],
)
def test_keys_in_what_builds_and_runs_the_code(path: str, count: int) -> None:
    key = "AKIA" + "IOSFODNN7ZZZZZZZ"
    assert len(found("SEC037", {path: f"export KEY={key}\n"})) == count


def test_a_secret_in_the_variables_of_one_service() -> None:
    worker = (
        "services:\n  worker:\n    command: celery\n    env_vars:\n      API_TOKEN: k39fj2lw0\n"
    )
    (finding,) = found("SEC010", {"nuages.yaml": f"domain: shop.example.com\n{worker}"})
    assert finding.location.line == 6
    flows = {"settings.py": "SECRET_KEY = env('APP_SALTY')"}
    given = {"nuages.yaml": "domain: shop.example.com\nenv_vars:\n  APP_SALTY: k39fj2lw0\n"}
    assert len(found("SEC010", {**flows, **given})) == 1


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("OAUTHLIB_INSECURE_TRANSPORT: '1'", 1),
        ("NODE_TLS_REJECT_UNAUTHORIZED: '0'", 1),
        ("DJANGO_ALLOW_ASYNC_UNSAFE: ''", 0),
    ],
)
def test_variables_that_switch_a_protection_off(given: str, count: int) -> None:
    files = {"nuages.yaml": f"domain: shop.example.com\nenv_vars:\n  {given}\n"}
    assert len(found("SEC043", files)) == count
