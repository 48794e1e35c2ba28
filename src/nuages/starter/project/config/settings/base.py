"""Settings that are the same everywhere. What differs is read from the environment."""

from pathlib import Path

import django

from config import environment as env
from config.storage import default_store, origins, static_url

from .api import *  # noqa: F403
from .logs import *  # noqa: F403
from .mail import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DJANGO_6 = django.VERSION >= (6, 0)

SITE_NAME = env.text("SITE_NAME", default="mysite")
# The public host name; links in mails lead there and not to what a request calls itself.
DOMAIN = env.text("DOMAIN")
ADMIN_PATH = env.text("DJANGO_ADMIN_PATH", default="admin").strip("/") + "/"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.users",
    "django_cleanup.apps.CleanupSelectedConfig",  # last; deletes files that no row names any more
]

MIDDLEWARE = [
    "apps.core.logs.RequestIdMiddleware",
    "apps.core.health.HealthMiddleware",  # before hosts are checked and http is redirected
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware"
    if DJANGO_6
    else "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context_processors.site",
            ],
        },
    },
]

REDIS_URL = env.redis_url()
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", default=REDIS_URL)  # `uv add celery[redis]`
# In the database, with a cache in front that all processes share: an evicted key logs nobody out.
SESSION_ENGINE = f"django.contrib.sessions.backends.{'cached_db' if REDIS_URL else 'db'}"

AUTH_USER_MODEL = "users.User"
# It counts the tries below. Address: an office behind one; account: what an attacker may guess.
AUTHENTICATION_BACKENDS = ["apps.users.throttling.ThrottledBackend"]
TRIES_AN_HOUR = {  # what: (by one address, on one account)
    "login": (100, 20),
    "sign-up": (20, 5),
    "reset": (20, 5),
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds
LOGIN_URL = "users:login"
LOGIN_REDIRECT_URL = "users:profile"
LOGOUT_REDIRECT_URL = "core:home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # one more: add it here, then `make messages`
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = static_url("/static/")
STATIC_ROOT = env.text("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": default_store(str(BASE_DIR / "media"), "/media/"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = STORAGES["default"]["OPTIONS"].get("location", "")
MEDIA_URL = STORAGES["default"]["OPTIONS"].get("base_url", "/media/")
# Of a form or of JSON, which are read into memory; files are not counted.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("DATA_UPLOAD_MAX_MEMORY_SIZE", 5 * 2**20)

# What a page may load and from where: a script of somebody else's does not run.
POLICY = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", *origins(STORAGES["default"], STATIC_URL)],
    "script-src": ["'self'", *origins({"BACKEND": ""}, STATIC_URL)],
    "style-src": ["'self'", *origins({"BACKEND": ""}, STATIC_URL)],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
SECURE_CSP = POLICY  # Django 6
CONTENT_SECURITY_POLICY = {"DIRECTIVES": POLICY}  # django-csp, before it
CORS_ALLOWED_ORIGINS = env.items("CORS_ALLOWED_ORIGINS")
