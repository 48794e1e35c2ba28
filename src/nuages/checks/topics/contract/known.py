"""Settings by the type that Django needs, and variables that are switches."""

from __future__ import annotations

import re

BOOLEANS = frozenset(
    [
        "APPEND_SLASH",
        "CSRF_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SECURE",
        "CSRF_USE_SESSIONS",
        "DEBUG",
        "DEBUG_PROPAGATE_EXCEPTIONS",
        "EMAIL_USE_LOCALTIME",
        "EMAIL_USE_SSL",
        "EMAIL_USE_TLS",
        "LANGUAGE_COOKIE_HTTPONLY",
        "LANGUAGE_COOKIE_SECURE",
        "PREPEND_WWW",
        "SECURE_CONTENT_TYPE_NOSNIFF",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_HSTS_PRELOAD",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SECURE",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE",
        "SESSION_SAVE_EVERY_REQUEST",
        "USE_I18N",
        "USE_THOUSAND_SEPARATOR",
        "USE_TZ",
        "USE_X_FORWARDED_HOST",
        "USE_X_FORWARDED_PORT",
        "CORS_ALLOW_ALL_ORIGINS",
        "CORS_ORIGIN_ALLOW_ALL",
        "CORS_ALLOW_CREDENTIALS",
        "CELERY_TASK_ALWAYS_EAGER",
        "CELERY_ALWAYS_EAGER",
        "AWS_QUERYSTRING_AUTH",
        "AWS_S3_FILE_OVERWRITE",
        "COMPRESS_ENABLED",
        "COMPRESS_OFFLINE",
    ]
)
"""Django's settings that are True or False (django/conf/global_settings.py, 5.2), and those of
django-cors-headers, Celery, django-storages and django-compressor."""
_NAME = re.compile(
    r"^(?:\w+_)?DEBUG$|^(?:\w+_)?(?:USE|ENABLE|DISABLE|IS)_\w+$|_(?:ENABLED?|DISABLED?)$"
    r"|^(?:IN_|IS_)?PRODUCTION$"
)
NOT_A_SWITCH = re.compile(r"_(?:URL|URI|DSN|KEY|HOST|NAME|PATH|DIR|ID|TOKEN|FILE|PORT|APPS|LIST)$")
WORK = frozenset({"local", "dev", "devel", "development", "debug", "test", "tests", "testing"})
"""Names of settings modules for work on the code."""
NUMBERS = {
    "CACHE_MIDDLEWARE_SECONDS": "every cached page",
    "CSRF_COOKIE_AGE": "every form",
    "DATA_UPLOAD_MAX_MEMORY_SIZE": "every post",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": "every post",
    "DATA_UPLOAD_MAX_NUMBER_FILES": "every upload",
    "EMAIL_TIMEOUT": "every mail",
    "FILE_UPLOAD_MAX_MEMORY_SIZE": "every upload",
    "FILE_UPLOAD_PERMISSIONS": "every upload",
    "PASSWORD_RESET_TIMEOUT": "every password reset",
    "SESSION_COOKIE_AGE": "every login",
    "SECURE_HSTS_SECONDS": "",
    "SITE_ID": "`check` (sites.E101)",
}
"""Settings that Django calculates or compares with, and where a text fails; read in its code,
https://github.com/django/django/tree/stable/5.2.x/django."""
LISTS = {
    "INSTALLED_APPS": "the start",
    "LOCALE_PATHS": "the start",
    "SECRET_KEY_FALLBACKS": "the start",
    "CSRF_TRUSTED_ORIGINS": "`check` (4_0.E001)",
    "CORS_ALLOWED_ORIGINS": "`check` (corsheaders.E013)",
    "CORS_ORIGIN_WHITELIST": "`check` (corsheaders.E013)",
    "ADMINS": "every mail to them",
    "MANAGERS": "every mail to them",
    "AUTHENTICATION_BACKENDS": "every login",
    "STATICFILES_DIRS": "`check` (staticfiles.E001)",
    "INTERNAL_IPS": "",
}
"""Settings that Django or django-cors-headers walks through, and where a text fails."""


def is_switch(name: str) -> bool:
    """Whether a variable of this name is switched on or off."""
    return bool(_NAME.search(name)) and not NOT_A_SWITCH.search(name)
