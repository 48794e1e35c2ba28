"""How the cache is used: for sessions, through TLS, by middleware."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.cache.known import DUMMY, LOCMEM, TOPIC, caches
from nuages.text import Location

_SESSIONS = "https://docs.djangoproject.com/en/stable/topics/http/sessions"
_CACHE_SESSIONS = "django.contrib.sessions.backends.cache"
_UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
_FETCH = "django.middleware.cache.FetchFromCacheMiddleware"


@rule(
    "CAC002",
    severity="warning",
    title="Sessions are in the cache alone",
    why="A cache that is full drops the oldest keys, and a restart drops all: everybody is logged "
    "out, and what was in their session is lost.",
    symptom="Users are logged out at random, most often under load or after maintenance.",
    fix='Write `SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"`.',
    url=f"{_SESSIONS}/#using-cached-sessions",
    mistake={"settings.py": f"SESSION_ENGINE = '{_CACHE_SESSIONS}'"},
    fixed={"settings.py": "SESSION_ENGINE = 'django.contrib.sessions.backends.cached_db'"},
    repaired_by="sessions",
)
def sessions_in_cache(production: Production) -> Faults:
    settings = production.settings
    if settings.get("SESSION_ENGINE", default="") != _CACHE_SESSIONS:
        return
    alias = settings.get("SESSION_CACHE_ALIAS", default="default")
    backend = settings.get("CACHES", str(alias), "BACKEND", default=LOCMEM)
    lost = backend in (LOCMEM, DUMMY)
    yield Fault(
        f"Sessions are kept in {str(backend).rpartition('.')[2]}"
        + (", which other processes do not see" if lost else " alone, which may evict them"),
        settings.at("SESSION_ENGINE"),
        severity="error" if lost and "CACHES" in settings else None,
    )


@rule(
    "CAC003",
    severity="warning",
    title="The cache or the sessions are files of the container",
    why="Each instance has a disk of its own, which goes with it: other instances do not see the "
    "files, and a release empties them. On some platforms the disk is memory.",
    symptom="Users are logged out by a release, or by each second request.",
    fix="Keep sessions in `cached_db`, and the cache in Redis.",
    url=f"{TOPIC}/#filesystem-caching",
    mistake={"settings.py": "SESSION_ENGINE = 'django.contrib.sessions.backends.file'"},
    fixed={},
    repaired_by="sessions",
)
def files(production: Production) -> Faults:
    settings = production.settings
    if settings.get("SESSION_ENGINE", default="") == "django.contrib.sessions.backends.file":
        yield Fault("Sessions are files of one container", settings.at("SESSION_ENGINE"))
    for alias, backend in caches(production):
        if backend.endswith("filebased.FileBasedCache"):
            where = settings.at("CACHES", alias, "BACKEND")
            yield Fault(f"The cache {alias!r} is a folder of one container", where)


@rule(
    "CAC006",
    severity="warning",
    title="TLS to Redis, and nobody looks at the certificate",
    why="Without a look at the certificate anybody between the site and Redis can answer in its "
    "place, and read sessions and the password.",
    symptom="Nothing: that is the trouble.",
    fix='Delete `ssl_cert_reqs`, and name the authority of the server: `"ssl_ca_certs": path`.',
    url="https://redis.readthedocs.io/en/stable/examples/ssl_connection_examples.html",
    mistake={"settings.py": "CACHES['default']['OPTIONS'] = {'ssl_cert_reqs': None}"},
    fixed={"settings.py": "CACHES['default']['OPTIONS'] = {'ssl_ca_certs': '/app/redis.pem'}"},
)
def unverified(production: Production) -> Faults:
    for file in production.settings_files:
        for number, line in enumerate(file.text.splitlines(), 1):
            code = line.partition("#")[0]
            if _UNVERIFIED.search(code):
                place = Location(file.path, number, len(line) - len(line.lstrip()) + 1)
                yield Fault("The certificate of Redis is not looked at", place)


_UNVERIFIED = re.compile(
    r"""ssl_cert_reqs["']?\]?\s*[:=]\s*(?:None\b|["']none["']|["']CERT_NONE|ssl\.CERT_NONE|CERT_NONE)"""
    r"""|ssl_cert_reqs=(?:none|CERT_NONE)""",
    re.IGNORECASE,
)


@rule(
    "CAC010",
    severity="warning",
    title="The cache middleware is in the wrong order",
    why="On the way out middleware runs from the bottom up: UpdateCacheMiddleware must see the "
    "finished response, FetchFromCacheMiddleware must run after whatever a page varies on.",
    symptom="Pages of one visitor, or of one language, shown to another.",
    fix="UpdateCacheMiddleware first in MIDDLEWARE, FetchFromCacheMiddleware last.",
    url=f"{TOPIC}/#order-of-middleware",
    mistake={"settings.py": f"MIDDLEWARE = ['{_FETCH}', *MIDDLEWARE, '{_UPDATE}']"},
    fixed={"settings.py": f"MIDDLEWARE = ['{_UPDATE}', *MIDDLEWARE, '{_FETCH}']"},
)
def order(production: Production) -> Faults:
    listed = production.settings.texts("MIDDLEWARE")
    if _UPDATE in listed and _FETCH in listed and listed.index(_UPDATE) > listed.index(_FETCH):
        where = production.settings.at("MIDDLEWARE", _UPDATE)
        yield Fault("UpdateCacheMiddleware stands after FetchFromCacheMiddleware", where)
