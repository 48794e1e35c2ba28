"""The back ends of the cache."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.cache.known import DUMMY, LOCMEM, TOPIC, caches

_DRIVERS = {
    "django.core.cache.backends.redis.": ("redis",),
    "django_redis.": ("django-redis",),
    "django_valkey.": ("django-valkey",),
    "django.core.cache.backends.memcached.PyMemcacheCache": ("pymemcache",),
    "django.core.cache.backends.memcached.PyLibMCCache": ("pylibmc",),
}
_USES = re.compile(
    r"django\.core\.cache import|cache_page|SimpleRateThrottle|RateThrottle|ratelimit"
)
_LOCAL = re.compile(r"://(?:[^@/]*@)?(?:localhost|127\.0\.0\.1)\b")


def _processes(production: Production) -> int:
    web = production.deployment.web
    return web.scaling.max_instances * (web.server.workers if web.server else 1)


@rule(
    "CAC001",
    severity="warning",
    title="Each process has a cache of its own",
    why="LocMemCache lives in the memory of one process: what one writes or deletes, the others "
    "do not see. Throttles count per process, and stale values come back at random.",
    symptom="A change that shows on every second reload; a rate limit that is too generous.",
    fix="Take a cache that all processes share: `django.core.cache.backends.redis.RedisCache`.",
    url=f"{TOPIC}/#local-memory-caching",
    mistake={"settings.py": f"CACHES['default'] = {{'BACKEND': '{LOCMEM}'}}"},
    fixed={},
    repaired_by="cache",
)
def local_memory(production: Production) -> Faults:
    settings = production.settings
    if _processes(production) < 2:
        return
    if "CACHES" not in settings and settings.complete("CACHES"):
        user = _user(production)
        if user:
            yield Fault(
                f"{user} uses the cache, and without CACHES each of the "
                f"{_processes(production)} processes has its own",
                settings.at("CACHES"),
            )
    for alias, backend in caches(production):
        if backend == LOCMEM and alias == "default":
            yield Fault(
                f"The cache is LocMemCache, once in each of {_processes(production)} processes",
                settings.at("CACHES", alias, "BACKEND"),
            )


def _user(production: Production) -> str | None:
    """What uses the cache: the sessions, or a file of the project."""
    if "cache" in str(production.settings.get("SESSION_ENGINE", default="")):
        return "SESSION_ENGINE"
    own = {file.path for file in production.settings_files}
    files = production.mentioning("cache", "Throttle", "ratelimit")
    return next((f.path for f in files if f.path not in own and _USES.search(f.text)), None)


@rule(
    "CAC004",
    severity="warning",
    title="The cache keeps nothing",
    why="DummyCache is for development: every lookup misses, throttles never count, and sessions "
    "that are kept in it are gone at once.",
    symptom="A rate limit that never bites; a login that does not last.",
    fix="Take a real cache in production, `django.core.cache.backends.redis.RedisCache`.",
    url=f"{TOPIC}/#dummy-caching-for-development",
    mistake={"settings.py": f"CACHES['default'] = {{'BACKEND': '{DUMMY}'}}"},
    fixed={},
)
def dummy(production: Production) -> Faults:
    for alias, backend in caches(production):
        if backend == DUMMY and alias == "default":
            where = production.settings.at("CACHES", alias, "BACKEND")
            yield Fault("The default cache is DummyCache", where)


@rule(
    "CAC005",
    severity="warning",
    title="The cache is on localhost",
    why="In a container localhost is the container itself, where no Redis runs.",
    symptom="redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.",
    fix="Read the address from the environment, without a default: `REDIS_URL`.",
    url="https://12factor.net/backing-services",
    mistake={"settings.py": "CACHES['default']['LOCATION'] = 'redis://127.0.0.1:6379/1'"},
    fixed={"settings.py": "CACHES['default']['LOCATION'] = env.str('REDIS_URL')"},
    repaired_by="cache",
)
def on_localhost(production: Production) -> Faults:
    settings = production.settings
    steering = settings.variables("CACHES")
    elsewhere = settings
    if steering:  # is it the text of the settings that says localhost, or only our stand-in?
        given = dict.fromkeys(steering, "redis://cache.example.com:6379/0")
        elsewhere = production.settings_with({**settings.evaluated.environ, **given})
    for alias, _ in caches(production):
        if _is_local(elsewhere.get("CACHES", alias, "LOCATION")):
            where = settings.at("CACHES", alias, "LOCATION")
            yield Fault(f"The cache {alias!r} is looked for on localhost", where)
    for variable in production.project.contract:
        if variable.name in steering and _is_local(variable.default):
            yield Fault(
                f"The cache is looked for on localhost wherever {variable.name} is not set",
                variable.reads[0],
                severity="info",
            )


def _is_local(location: object) -> bool:
    texts = location if isinstance(location, list | tuple) else [location]
    return any(isinstance(text, str) and _LOCAL.search(text) for text in texts)


@rule(
    "CAC007",
    severity="error",
    title="The cache's driver is not installed",
    why="The back end imports its driver when the cache is first used.",
    symptom="ModuleNotFoundError: No module named 'redis'; InvalidCacheBackendError.",
    fix="Add the driver to the requirements of production.",
    url=TOPIC,
    mistake={"settings.py": "CACHES['default']['BACKEND'] = 'django_redis.cache.RedisCache'"},
    fixed={
        "settings.py": "CACHES['default']['BACKEND'] = 'django_redis.cache.RedisCache'",
        "requirements.txt": "django==5.2.8\ndjango-redis==6.0.0\n",
    },
    repaired_by="cache",
)
def driver(production: Production) -> Faults:
    if not production.project.dependencies.packages:
        return
    for alias, backend in caches(production):
        for prefix, packages in _DRIVERS.items():
            if backend.startswith(prefix) and not production.has(*packages, "django-redis"):
                yield Fault(
                    f"{backend} needs {' or '.join(packages)}, which is not asked for",
                    production.settings.at("CACHES", alias, "BACKEND"),
                )


@rule(
    "CAC008",
    severity="warning",
    title="Nothing makes the cache's table",
    why="DatabaseCache needs a table that migrate does not make.",
    symptom='ProgrammingError: relation "cache_table" does not exist.',
    fix="Run `python manage.py createcachetable` in the release, after migrate.",
    url=f"{TOPIC}/#creating-the-cache-table",
    mistake={
        "settings.py": "CACHES['default'] = {'BACKEND': "
        "'django.core.cache.backends.db.DatabaseCache', 'LOCATION': 'cache_table'}"
    },
    fixed={
        "settings.py": "CACHES['default'] = {'BACKEND': "
        "'django.core.cache.backends.db.DatabaseCache', 'LOCATION': 'cache_table'}",
        "release.sh": "python manage.py migrate\npython manage.py createcachetable\n",
    },
    repaired_by="always",
)
def cache_table(production: Production) -> Faults:
    written = any("createcachetable" in text for text, _ in production.commands)
    for alias, backend in caches(production):
        if backend.endswith("db.DatabaseCache") and not written:
            where = production.settings.at("CACHES", alias, "BACKEND")
            yield Fault(f"No step runs createcachetable for the cache {alias!r}", where)


@rule(
    "CAC009",
    severity="error",
    title="CACHES has no default",
    why="Sessions, throttles and every `from django.core.cache import cache` use the alias "
    "`default`.",
    symptom="InvalidCacheBackendError: The connection 'default' doesn't exist.",
    fix="Name one of the caches `default`.",
    url="https://docs.djangoproject.com/en/stable/ref/settings/#caches",
    mistake={"settings.py": f"CACHES = {{'main': {{'BACKEND': '{LOCMEM}'}}}}"},
    fixed={},
)
def no_default(production: Production) -> Faults:
    settings = production.settings
    caches = settings.get("CACHES")
    if (
        isinstance(caches, dict)
        and caches
        and settings.complete("CACHES")
        and "default" not in caches
    ):
        yield Fault(f"CACHES has {', '.join(caches)}, and no default", settings.at("CACHES"))
