"""Back ends and combinations with which the installed releases do not start."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.versions.release import Series, major, named, newest, oldest
from nuages.project.python_support import django_range
from nuages.text import Location

_VERSION = re.compile(r"(\d+)\.(\d+)")
_IMAGE = re.compile(r"(?:^|/)python:(\d+)\.(\d+)")
_REDIS = "django.core.cache.backends.redis.RedisCache"
_GONE: dict[str, Series] = {
    "django.core.cache.backends.memcached.MemcachedCache": (4, 1),
    "django.contrib.auth.hashers.SHA1PasswordHasher": (5, 1),
    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher": (5, 1),
    "django.contrib.auth.hashers.UnsaltedMD5PasswordHasher": (5, 1),
    "django.contrib.sessions.serializers.PickleSerializer": (5, 0),
}
_NEW: dict[str, Series] = {
    "django.core.cache.backends.memcached.PyMemcacheCache": (3, 2),
    _REDIS: (4, 0),
    "django.middleware.csp.ContentSecurityPolicyMiddleware": (6, 0),
}
_HEALTH_CHECK_APPS = tuple(
    f"health_check.{name}"
    for name in (
        "db", "cache", "storage", "contrib.migrations", "contrib.db_heartbeat",
        "contrib.celery_ping", "contrib.mail", "contrib.s3boto3_storage",
    )
)  # fmt: skip
_MAIL = (
    "EMAIL_BACKEND", "EMAIL_FILE_PATH", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER",
    "EMAIL_PORT", "EMAIL_SSL_CERTFILE", "EMAIL_SSL_KEYFILE", "EMAIL_TIMEOUT", "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
)  # fmt: skip


@rule(
    "VER006",
    severity="error",
    title="django-redis options on Django's own RedisCache",
    why="Django's own back end hands OPTIONS to redis-py's connections, which know none of "
    "django-redis' names. The first use of the cache fails, sessions included.",
    symptom="TypeError: AbstractConnection.__init__() got an unexpected keyword argument "
    "'CLIENT_CLASS'.",
    fix="Delete the option, or install django-redis and take `django_redis.cache.RedisCache`.",
    url="https://docs.djangoproject.com/en/stable/topics/cache/#redis",
    mistake={
        "settings.py": "CACHES['default']['OPTIONS'] = "
        "{'CLIENT_CLASS': 'django_redis.client.DefaultClient'}"
    },
    fixed={"settings.py": "CACHES['default']['OPTIONS'] = {'socket_timeout': 2}"},
)
def redis_options(production: Production) -> Faults:
    settings = production.settings
    caches = settings.get("CACHES")
    for alias in caches if isinstance(caches, dict) else ():
        options = settings.get("CACHES", alias, "OPTIONS", default={})
        if settings.get("CACHES", alias, "BACKEND") == _REDIS and isinstance(options, dict):
            for name in options:
                if name.isupper():
                    yield Fault(
                        f"{name} is an option of django-redis; Django's RedisCache fails on it",
                        settings.at("CACHES", alias, name),
                    )


@rule(
    "VER007",
    severity="error",
    title="A class that this Django does not have",
    why="The class was removed, or came later: the site fails when it is first needed, which may "
    "be at the first login.",
    symptom="ModuleNotFoundError; ImportError: Module … does not define a … attribute/class.",
    fix="Take the one that replaced it, or the release that has it.",
    url="https://docs.djangoproject.com/en/stable/internals/deprecation/",
    mistake={
        "settings.py": "CACHES['default']['BACKEND'] = "
        "'django.core.cache.backends.memcached.MemcachedCache'"
    },
    fixed={
        "settings.py": "CACHES['default']['BACKEND'] = "
        "'django.core.cache.backends.memcached.PyMemcacheCache'"
    },
)
def missing_class(production: Production) -> Faults:
    from_below, from_above = oldest(production), newest(production)
    for name, setting, alias in _classes(production):
        where = production.settings.at(setting, *([alias] if alias else []))
        if from_below and from_below >= _GONE.get(name, (99, 0)):
            yield Fault(f"{name} went with Django {named(_GONE[name])}", where)
        elif from_above and from_above < _NEW.get(name, (0, 0)):
            yield Fault(f"{name} came with Django {named(_NEW[name])}", where)


def _classes(production: Production) -> list[tuple[str, str, str]]:
    """Dotted names in the settings: the name, the setting, the alias in it."""
    settings = production.settings
    found = [
        (settings.get(setting, alias, key), setting, alias)
        for setting, key in (("CACHES", "BACKEND"), ("DATABASES", "ENGINE"))
        for alias in _aliases(settings.get(setting))
    ]
    found += [(settings.get("SESSION_SERIALIZER"), "SESSION_SERIALIZER", "")]
    for setting in ("PASSWORD_HASHERS", "MIDDLEWARE"):
        found += [(name, setting, name) for name in settings.texts(setting)]
    return [(name, setting, alias) for name, setting, alias in found if isinstance(name, str)]


def _aliases(value: object) -> list[str]:
    return [alias for alias in value if alias != "…"] if isinstance(value, dict) else []


@rule(
    "VER008",
    severity="error",
    title="An app that this django-health-check does not have",
    why="Since 4.0 django-health-check is one app, and its checks are arguments of its view.",
    symptom="ModuleNotFoundError: No module named 'health_check.db'.",
    fix="Keep `health_check` alone in INSTALLED_APPS, and name the checks in the URL's view.",
    url="https://codingjoe.dev/django-health-check/migrate-to-v4/",
    mistake={
        "requirements.txt": "django==5.2.8\ndjango-health-check==4.0.0\n",
        "settings.py": "INSTALLED_APPS += ['health_check', 'health_check.db']",
    },
    fixed={
        "requirements.txt": "django==5.2.8\ndjango-health-check==3.20.0\n",
        "settings.py": "INSTALLED_APPS += ['health_check', 'health_check.db']",
    },
)
def health_check_apps(production: Production) -> Faults:
    if (major(production, "django-health-check") or 0) < 4:
        return
    for app in production.settings.texts("INSTALLED_APPS"):
        if app in _HEALTH_CHECK_APPS:
            yield Fault(
                f"{app} is not in django-health-check 4",
                production.settings.at("INSTALLED_APPS", app),
            )


@rule(
    "VER009",
    severity="error",
    title="MAILERS stands beside the settings that it replaces",
    why="Django 6.1 refuses to start when MAILERS and one of the EMAIL_ settings that it "
    "replaces are both there.",
    symptom="ImproperlyConfigured: Deprecated email settings are not allowed when MAILERS is "
    "defined.",
    fix="Move them into the OPTIONS of `MAILERS`.",
    url="https://docs.djangoproject.com/en/6.1/ref/settings/#mailers",
    mistake={
        "requirements.txt": "django==6.1.3\n",
        "settings.py": "MAILERS = {'default': "
        "{'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}}",
    },
    fixed={"requirements.txt": "django==6.1.3\n"},
)
def mail_twice(production: Production) -> Faults:
    settings, series = production.settings, oldest(production)
    if "MAILERS" in settings and series and series >= (6, 1):
        for name in _MAIL:
            if name in settings:
                yield Fault(f"{name} stands beside MAILERS", settings.at(name))


@rule(
    "VER010",
    severity="error",
    title="A Python that this Django is not made for",
    why="Too old a Python cannot install or import it; too new a one has dropped modules that it "
    "imports.",
    symptom="No matching distribution found for django==…; ModuleNotFoundError: No module named "
    "'distutils' or 'cgi'.",
    fix="Take a Python that this release of Django supports.",
    url="https://docs.djangoproject.com/en/stable/faq/install/",
    mistake={"requirements.txt": "django==3.2.25\n", ".python-version": "3.13\n"},
    fixed={"requirements.txt": "django==5.2.8\n", ".python-version": "3.13\n"},
)
def python(production: Production) -> Faults:
    series = production.django
    supported = django_range(named(series)) if series else None
    for version, where in _pythons(production) if supported and series else ():
        if supported and series and not supported[0] <= version <= supported[2]:
            yield Fault(
                f"Python {named(version)} with Django {named(series)}, which is made for "
                f"{named(supported[0])} to {named(supported[2])}",
                where,
                severity=None if version < supported[0] or _fails(series, version) else "warning",
            )


def _fails(series: Series, python: Series) -> bool:
    """Django 4.1 and before import cgi, which Python 3.13 has no longer."""
    return series <= (4, 1) and python >= (3, 13)


def _pythons(production: Production) -> Iterator[tuple[Series, Location]]:
    """Each Python that the project asks for by its minor version."""
    for name in (".python-version", "runtime.txt"):
        path = production.near(name)
        found = _VERSION.search(production.text(path)) if path else None
        if path and found:
            yield (int(found[1]), int(found[2])), Location(path, 1)
    for dockerfile in production.dockerfiles:
        for stage in dockerfile.stages:
            image = _IMAGE.search(stage.image)
            if image:
                yield (int(image[1]), int(image[2])), stage.start.location
