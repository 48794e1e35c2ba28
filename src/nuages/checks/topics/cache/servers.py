"""What the cache and the sessions need of what is deployed."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.cache.known import caches

_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_SESSIONS = "https://docs.djangoproject.com/en/stable/topics/http/sessions"
_SERVED = re.compile(r"redis|valkey|memcache", re.IGNORECASE)
_STORED = "django.contrib.sessions.backends.db"
_MEMORY = "channels.layers.InMemoryChannelLayer"


@rule(
    "CAC011",
    severity="error",
    title="The settings want a cache that is not deployed",
    why="nuages.yaml says that there is no cache, and the settings read the address of one.",
    symptom="redis.exceptions.ConnectionError at the first request with a session.",
    fix="Write `cache: {type: redis}`, or give the variable the address of your own.",
    url="https://docs.djangoproject.com/en/stable/topics/cache/#redis",
    mistake={
        "nuages.yaml": f"{_BASE}cache:\n  type: none\n",
        "settings.py": "CACHES['default'] = {'BACKEND': 'django.core.cache.backends.redis."
        "RedisCache', 'LOCATION': env.str('REDIS_URL')}",
    },
    fixed={
        "nuages.yaml": f"{_BASE}cache:\n  type: redis\n",
        "settings.py": "CACHES['default'] = {'BACKEND': 'django.core.cache.backends.redis."
        "RedisCache', 'LOCATION': env.str('REDIS_URL')}",
    },
)
def not_deployed(production: Production) -> Faults:
    deployment = production.deployment
    said = production.config_said("cache", "type")
    section = production.config.manifest(production.environment).cache
    if deployment.cache is not None or said is None or (section and section.optional):
        return
    given = {*deployment.environment_variables, *(secret.name for secret in deployment.secrets)}
    for alias, backend in caches(production):
        steering = set(production.settings.variables("CACHES"))
        if _SERVED.search(backend) and steering and not steering & given:
            names = ", ".join(sorted(steering))
            yield Fault(f"The cache {alias!r} is read from {names}, and there is none", said)
            return


@rule(
    "CAC012",
    severity="info",
    title="Nothing clears the expired sessions",
    why="Sessions in the database are never deleted by themselves: the table grows with every "
    "visitor and every robot, until backups and queries notice.",
    symptom="A django_session table of many gigabytes.",
    fix="Run `python manage.py clearsessions` once a day, under `schedules`.",
    url=f"{_SESSIONS}/#clearing-the-session-store",
    mistake={
        "nuages.yaml": f"{_BASE}schedules:\n  tidy:\n    cron: '0 3 * * *'\n    command: check\n",
        "settings.py": f"SESSION_ENGINE = '{_STORED}'",
    },
    fixed={
        "nuages.yaml": f"{_BASE}schedules:\n  tidy:\n    cron: '0 3 * * *'\n"
        "    command: clearsessions\n",
        "settings.py": f"SESSION_ENGINE = '{_STORED}'",
    },
)
def never_cleared(production: Production) -> Faults:
    settings = production.settings
    stored = settings.get("SESSION_ENGINE", default=_STORED) == _STORED
    if not stored or not settings.has_app("django.contrib.sessions"):
        return
    # Only who has written down what is deployed can have forgotten this.
    said = production.config_said("deployment") or production.config_said("schedules")
    jobs = " ".join(" ".join(job.command) for job in production.deployment.jobs)
    if said and "clearsessions" not in jobs and not _mentioned(production):
        yield Fault("No schedule runs clearsessions", production.config_at("schedules"))


def _mentioned(production: Production) -> bool:
    words = ("clearsessions", "clear_expired", "user_sessions", "qsessions")
    if next(production.mentioning(*words), None):
        return True
    said = [text for text, _ in production.commands]
    near = [p for p in production.tree.files if re.search(r"cron|\.sh$|\.ya?ml$|Makefile|\.md$", p)]
    return any("clearsessions" in text for text in (*said, *map(production.text, near)))


@rule(
    "CAC013",
    severity="warning",
    title="Messages stay in one process",
    why="InMemoryChannelLayer reaches the consumers of its own process only: with several workers "
    "or instances half of the visitors hear nothing.",
    symptom="Chat messages that some see and some do not.",
    fix="Take `channels_redis.core.RedisChannelLayer`.",
    url="https://channels.readthedocs.io/en/stable/topics/channel_layers.html",
    mistake={"settings.py": f"CHANNEL_LAYERS = {{'default': {{'BACKEND': '{_MEMORY}'}}}}"},
    fixed={
        "settings.py": "CHANNEL_LAYERS = {'default': {'BACKEND': "
        "'channels_redis.core.RedisChannelLayer'}}"
    },
)
def in_memory(production: Production) -> Faults:
    layers = production.settings.get("CHANNEL_LAYERS")
    for alias in layers if isinstance(layers, dict) else ():
        if production.settings.get("CHANNEL_LAYERS", alias, "BACKEND") == _MEMORY:
            where = production.settings.at("CHANNEL_LAYERS", alias, "BACKEND")
            yield Fault(f"The channel layer {alias!r} is kept in memory", where)
