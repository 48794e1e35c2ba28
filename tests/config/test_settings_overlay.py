"""Which blocks the generated settings have, and where they lie."""

from typing import Any

import pytest

from nuages.overlay import SettingsOverlay

MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '{settings}')\n"
SETTINGS = "SECRET_KEY = 'x'\nROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = []\n"


def overlay(shop, settings: str = "", **options: Any) -> SettingsOverlay:
    return shop.deployment(settings, **options).overlay


CORS = "CORS_ALLOWED_ORIGINS = os.environ.get('CORS_ALLOWED_ORIGINS', '')"


@pytest.mark.parametrize(
    ("flag", "settings", "expected"),
    [
        ("secret_key", "", True),
        ("secret_key", "SECRET_KEY = os.environ['SECRET_KEY']\n", False),
        ("secret_key", "SECRET_KEY = os.environ.get('SECRET_KEY', 'django-insecure-x')\n", True),
        ("secret_key", "SECRET_KEY = load()\n", True),
        ("hosts", "", True),
        ("hosts", "ALLOWED_HOSTS = os.environ['ALLOWED_HOSTS'].split(',')\n", True),
        (
            "hosts",
            "ALLOWED_HOSTS = [os.environ['DOMAIN'], *os.environ['ALLOWED_HOSTS'].split(',')]\n",
            False,
        ),
        ("https", "SECURE_SSL_REDIRECT = True\n", True),
        ("database", "", True),
        (
            "database",
            "import dj_database_url\n"
            "DATABASES = {'default': dj_database_url.parse(os.environ['DATABASE_URL'])}\n",
            False,
        ),
        (
            "database",
            "import dj_database_url\n"
            "DATABASES = {'default': dj_database_url.config(default='sqlite:///db')}\n",
            True,
        ),
        ("database", "DATABASES = {}\n", False),
        ("cache", "", True),
        (
            "cache",
            "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n",
            True,
        ),
        (
            "cache",
            "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n",
            False,
        ),
        ("sessions", "", False),
        ("sessions", "SESSION_ENGINE = 'django.contrib.sessions.backends.cache'\n", True),
        ("sessions", "SESSION_ENGINE = 'django.contrib.sessions.backends.db'\n", False),
        ("whitenoise", "", True),
        ("whitenoise", "MIDDLEWARE += ['whitenoise.middleware.WhiteNoiseMiddleware']\n", False),
        ("static_root", "", True),
        ("static_root", "STATIC_ROOT = BASE_DIR / 'static_root'\n", False),
        ("static_root", "STATIC_ROOT = '/srv/collected'\n", True),
        ("static_root", "import os\nSTATIC_ROOT = os.path.join(BASE_DIR, '..', 's')\n", True),
        ("logging", "", True),
        ("logging", "LOGGING = {'formatters': {'j': {'class': 'x.JsonFormatter'}}}\n", False),
        ("logging", "LOGGING = {'handlers': {'c': {'class': 'logging.StreamHandler'}}}\n", True),
        ("email", "", True),
        ("email", "EMAIL_BACKEND = 'anymail.backends.mailgun.EmailBackend'\n", False),
        ("cors", "", False),
        ("cors", "INSTALLED_APPS += ['corsheaders']\n", True),
        ("cors", f"INSTALLED_APPS += ['corsheaders']\nimport os\n{CORS}.split()\n", False),
        ("cors", f"INSTALLED_APPS += ['corsheaders']\nimport os\n{CORS}.split(',')\n", True),
        ("health", "", True),
        ("storages", "", False),
        ("media", "", False),
    ],
)
def test_blocks(shop, flag: str, settings: str, expected: bool) -> None:
    assert getattr(overlay(shop, settings), flag) is expected


MODELS = "from django.db import models\nclass P(models.Model):\n    f = models.ImageField()\n"


@pytest.mark.parametrize(
    ("settings", "yaml", "expected"),
    [
        ("", "{}", (True, True)),
        ("", "provider: gcp", (True, False)),
        (
            "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n",
            "{}",
            (False, False),
        ),
        ("DEFAULT_FILE_STORAGE = 'storages.backends.s3.S3Storage'\n", "{}", (True, True)),
    ],
)
def test_uploads(shop, settings: str, yaml: str, expected: tuple[bool, bool]) -> None:
    apps = "INSTALLED_APPS += ['shop']\n"
    found = overlay(shop, apps + settings, yaml=yaml, files={"shop/models.py": MODELS})
    assert (found.storages, found.media) == expected


def test_an_old_django_honours_the_old_setting(shop) -> None:
    settings = (
        "INSTALLED_APPS += ['shop']\nDEFAULT_FILE_STORAGE = 'storages.backends.s3.S3Storage'\n"
    )
    found = overlay(
        shop, settings, files={"shop/models.py": MODELS}, requirements="django==4.2.1\n"
    )
    assert not found.storages


@pytest.mark.parametrize(
    ("settings", "requirements", "expected"),
    [
        ("", "", ()),
        ("INSTALLED_APPS += ['debug_toolbar']\n", "", ("debug_toolbar",)),
        ("DEBUG = False\nINSTALLED_APPS += ['silk']\n", "django-silk\n", ()),
        ("DEBUG = False\nINSTALLED_APPS += ['silk']\n", "", ("silk",)),
        ("if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n", "", ("debug_toolbar",)),
        (
            "INSTALLED_APPS = make()\n",
            "",
            ("debug_toolbar", "silk", "django_browser_reload", "livereload"),
        ),
    ],
)
def test_what_belongs_to_development_goes(
    shop, settings: str, requirements: str, expected: tuple[str, ...]
) -> None:
    found = overlay(shop, settings, requirements=f"django==5.2.1\n{requirements}")
    assert found.debug_apps == expected


def test_switches_of_the_settings_are_set_before_they_are_imported(shop) -> None:
    found = overlay(shop, "DEBUG = os.environ.get('DEBUG', 'True') == 'True'\n")
    assert found.steering == {"DEBUG": "False"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", ("DJANGO_SECRET_KEY", "SECRET_KEY")),
        (
            "SECRET_KEY = os.environ.get('SHOP_KEY', 'x')\n",
            ("SHOP_KEY", "DJANGO_SECRET_KEY", "SECRET_KEY"),
        ),
    ],
)
def test_names_of_the_secret_key(shop, settings: str, expected: tuple[str, ...]) -> None:
    assert overlay(shop, settings).secret_key_variables == expected


def test_the_name_that_nuages_yaml_lists_comes_first(shop) -> None:
    found = overlay(shop, yaml="secrets: [SECRET_KEY]")
    assert found.secret_key_variables == ("SECRET_KEY", "DJANGO_SECRET_KEY")


def test_beside_the_settings(shop) -> None:
    found = overlay(shop)
    assert (found.module, found.path) == ("shop.settings_cloud", "shop/settings_cloud.py")
    assert found.support_module == "shop.cloud_support"
    assert found.support_path == "shop/cloud_support"


def test_in_a_package_of_settings(shop) -> None:
    found = overlay(
        shop,
        files={
            "manage.py": MANAGE.format(settings="shop.settings.production"),
            "shop/settings.py": None,
            "shop/settings/__init__.py": "",
            "shop/settings/production.py": SETTINGS,
        },
    )
    assert (found.module, found.path) == ("shop.settings.cloud", "shop/settings/cloud.py")


def test_a_package_whose_init_is_the_settings(shop) -> None:
    found = overlay(
        shop,
        files={"shop/settings.py": None, "shop/settings/__init__.py": SETTINGS},
    )
    assert (found.module, found.path) == ("shop.settings.cloud", "shop/settings/cloud.py")


def test_a_tree_that_stays_untouched(shop) -> None:
    deployment = shop.deployment(private=True)
    found = deployment.overlay
    assert (found.module, found.path) == ("settings_cloud", ".nuages/overlay/settings_cloud.py")
    assert found.support_path == ".nuages/overlay/nuages_cloud"
    assert deployment.settings_module == "settings_cloud"
    assert not found.server_database


ASSIGNS = """\
import os
from django.core.wsgi import get_wsgi_application
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
application = get_wsgi_application()
"""

UNSET = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"


@pytest.mark.parametrize(
    ("wsgi", "private", "entry", "wrapped"),
    [
        (ASSIGNS, False, "shop.cloud_entry", "shop.wsgi:application"),
        (ASSIGNS, True, "cloud_entry", "shop.wsgi:application"),
        (None, False, "shop.cloud_entry", None),
        (UNSET, False, "shop.cloud_entry", "shop.wsgi:application"),
    ],
)
def test_an_entry_where_the_projects_own_would_not_do(
    shop, wsgi: str | None, private: bool, entry: str, wrapped: str | None
) -> None:
    deployment = shop.deployment(
        "WSGI_APPLICATION = None\n", files={"shop/wsgi.py": wsgi}, private=private
    )
    assert deployment.overlay.entry_module == entry
    assert deployment.overlay.entry_target == wrapped
    assert deployment.web.server is not None
    assert deployment.web.server.target == f"{entry}:application"


def test_no_entry_where_the_projects_own_will_do(shop) -> None:
    assert overlay(shop).entry_module is None


def test_traces_start_in_an_entry_module_around_the_projects_own(shop) -> None:
    found = shop.deployment(yaml="observability: {traces: true}")
    assert found.overlay.traces
    assert found.overlay.entry_target == "shop.wsgi:application"
    assert found.web.server.target == "shop.cloud_entry:application"
    said = "observability: {traces: true}\nserver: {application: 'shop.wsgi:other'}\n"
    other = shop.deployment(yaml=said)
    assert other.overlay.entry_target == "shop.wsgi:other"
    assert other.web.server.target == "shop.cloud_entry:application"
    assert not shop.deployment().overlay.traces


def test_a_project_that_starts_them_itself_is_left_alone(shop) -> None:
    """In its entry module, or in a module that that one imports."""
    start = "def start():\n    from opentelemetry.instrumentation.auto_instrumentation import x\n"
    wsgi = (
        "import os\nfrom django.core.wsgi import get_wsgi_application\nfrom shop import telemetry\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "telemetry.start()\napplication = get_wsgi_application()\n"
    )
    files = {"shop/telemetry.py": start, "shop/wsgi.py": wsgi}
    found = shop.deployment(yaml="observability: {traces: true}", files=files)
    assert not found.overlay.traces
    assert found.web.server.target == "shop.wsgi:application"
    assert "opentelemetry-distro==0.66b1" in found.image.extra_requirements


@pytest.mark.parametrize(
    ("backend", "bundling"),
    [
        ("pipeline.storage.PipelineManifestStorage", True),
        ("django.contrib.staticfiles.storage.ManifestStaticFilesStorage", False),
    ],
)
def test_a_back_end_that_bundles_while_it_collects_stays(
    shop, backend: str, bundling: bool
) -> None:
    found = overlay(shop, f"STORAGES = {{'staticfiles': {{'BACKEND': '{backend}'}}}}\n")
    assert found.static_bundling is bundling
