"""What a project's own settings settle by themselves, so that no generated block needs to.

A setting settles its matter when it depends on all of the variables that every deployment
sets for it; its state may be unknown: so it is while a variable that it demands has no value.
"""

from __future__ import annotations

from nuages.config.inputs import Inputs
from nuages.config.stores import known_value
from nuages.overlay import SettingsOverlay

_DATABASE = ("DATABASE_URL", "DEFAULT_DATABASE_DSN", "DB_HOST", "DB_NAME")
_STORAGE = ("DEFAULT_STORAGE_DSN", "GCS_BUCKET_NAME", "AWS_STORAGE_BUCKET_NAME", "MEDIA_ROOT")
_HTTPS = (
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_HSTS_SECONDS",
)
_UPLOAD = "DATA_UPLOAD_MAX_MEMORY_SIZE"
_ADDED = (
    "steering",
    "debug_apps",
    "secret_key",
    "hosts",
    "https",
    "database",
    "cache",
    "sessions",
    "whitenoise",
    "static_root",
    "static_compressor",
    "storages",
    "media",
    "logging",
    "health",
    "entry_module",
    "traces",
    "email",
    "cors",
)
"""Parts of a ``SettingsOverlay`` that are not there in one that adds nothing."""


def steered(inputs: Inputs, name: str, *variables: str) -> bool:
    """Whether a setting depends on all of these variables."""
    setting = inputs.settings.get(name)
    return setting is not None and set(variables) <= set(setting.variables)


def settle_hosts(inputs: Inputs) -> bool:
    return steered(inputs, "ALLOWED_HOSTS", "ALLOWED_HOSTS", "DOMAIN")


def settle_https(inputs: Inputs) -> bool:
    """Whether DJANGO_HTTPS turns all of it off, and the proxy in front is believed."""
    return (
        known_value(inputs, "SECURE_PROXY_SSL_HEADER") is not None
        and steered(inputs, "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS", "DOMAIN")
        and all(steered(inputs, name, "DJANGO_HTTPS") for name in _HTTPS)
    )


def settle_database(inputs: Inputs) -> bool:
    return steered(inputs, "DATABASES", *_DATABASE)


def settle_cache(inputs: Inputs) -> bool:
    return steered(inputs, "CACHES", "REDIS_URL", "REDIS_HOST")


def settle_storage(inputs: Inputs) -> bool:
    return steered(inputs, "STORAGES", *_STORAGE)


def settle_mail(inputs: Inputs) -> bool:
    return steered(inputs, "EMAIL_BACKEND", "EMAIL_HOST")


def settle_cors(inputs: Inputs) -> bool:
    """Not by ``"".split(",")``, of which corsheaders refuses the blank origin."""
    setting = inputs.settings.get("CORS_ALLOWED_ORIGINS")
    blank = setting is not None and isinstance(setting.value, list | tuple) and "" in setting.value
    return not blank and steered(inputs, "CORS_ALLOWED_ORIGINS", "CORS_ALLOWED_ORIGINS")


def suffice(inputs: Inputs, blocks: SettingsOverlay) -> bool:
    """Whether nothing at all is left to be added."""
    debug = inputs.settings.get("DEBUG")
    off = debug is not None and debug.state == "known" and debug.value is False
    plain = blocks.kind == "module" and inputs.project.settings.path.endswith(".py")
    nothing = not any(getattr(blocks, name) for name in _ADDED)
    return off and plain and nothing and steered(inputs, _UPLOAD, _UPLOAD)
