"""Variables that are given, and that nobody reads."""

from __future__ import annotations

import re
from difflib import get_close_matches

from nuages.checks.finding import Fault
from nuages.checks.given import Given, given
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_OTHERS = re.compile(
    r"^(?:PYTHON|PIP_|UV_|POETRY_|PDM_|PIPENV_|GUNICORN|UVICORN|GRANIAN|UWSGI|DAPHNE|WEB_CONCURRENCY"
    r"|PORT$|HOST$|TZ$|LANG|LC_|HOME$|PATH$|USER$|UID$|GID$|TERM$|DEBIAN_|NODE|NPM_|VITE_|MALLOC_|LD_"
    r"|AWS_|GOOGLE|GCLOUD|GCP_|CLOUDSDK|AZURE|K_SERVICE|SENTRY|OTEL|NEW_RELIC|DD_|DATADOG|ELASTIC"
    r"|PROMETHEUS|CELERY|C_FORCE_ROOT|FLOWER|POSTGRES|PG[A-Z]+$|MYSQL|MARIADB|REDIS|RABBITMQ|OPENAI_"
    r"|ANTHROPIC_|TWILIO_|CLOUDINARY_|HF_|DJANGO_|HTTPS?_PROXY|NO_PROXY|SSL_|REQUESTS_|CURL_|GIT_"
    r"|VIRTUAL_|LETSENCRYPT|TRAEFIK|LOG_|OAUTHLIB_|TOKENIZERS_|OMP_|NLTK_|PLAYWRIGHT_|COMPOSE_)"
)
"""What the interpreter, servers, libraries, platforms and Nuages's own settings read."""
_OURS = frozenset(
    """SECRET_KEY DOMAIN DOMAIN_ALIASES ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS CORS_ALLOWED_ORIGINS
    SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS DATABASE_URL
    DEFAULT_DATABASE_DSN DEFAULT_DATABASE_URL DB_NAME DB_USER DB_PASSWORD DB_HOST DB_PORT DB_ENGINE
    CLOUD_SQL_CONNECTION_NAME INSTANCE_CONNECTION_NAME CONN_MAX_AGE CONN_HEALTH_CHECKS CACHE_URL
    DEFAULT_STORAGE_DSN GCS_BUCKET_NAME GS_BUCKET_NAME MEDIA_BUCKET STATIC_BUCKET MEDIA_ROOT
    STATIC_ROOT EMAIL_HOST GS_IAM_SIGN_BLOB""".split()  # noqa: SIM905 - a table of names
)


@rule(
    "CON007",
    severity="info",
    title="A variable is given that nobody reads",
    why="What is misspelled is not an error: the code takes its default, and the value that "
    "somebody set does nothing.",
    symptom="A change in the environment that has no effect.",
    fix="Write the name that the code reads, or delete the line.",
    url="https://12factor.net/config",
    mistake={
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  EMAIL_HOTS: smtp.example.com\n"
    },
    fixed={"nuages.yaml": "domain: shop.example.com\nenv_vars:\n  EMAIL_HOST: smtp.example.com\n"},
)
def unread(production: Production) -> Faults:
    every = [*given(production)]
    known = {v.name for v in (*production.project.contract, *production.project.elsewhere)}
    for each in dict.fromkeys(every):
        if each.name in known or _is_read(production, each):
            continue
        beside = {other.name for other in every if other.location.path == each.location.path}
        meant = _meant(production, each.name, known - beside)
        if meant:
            message = f"{each.name} is read by nobody; the code reads {meant}"
            yield Fault(message, each.location, f"Write {meant}.", severity="warning")
        elif not _OTHERS.search(each.name) and each.name not in _OURS and not _of_image(each):
            yield Fault(f"{each.name} is read by nobody in this project", each.location)


def _meant(production: Production, name: str, unset: set[str]) -> str:
    """The variable that is read, where its name is all but the one that is given."""
    bare = name.removeprefix("DJANGO_")
    if name in production.deployment.overlay.secret_key_variables and _reads_key(production):
        return ""
    prefixed = [each for each in sorted(unset) if each.removeprefix("DJANGO_") == bare]
    required = {v.name for v in production.project.contract if v.required}
    for each in prefixed:
        if each in required and (each.endswith("SECRET_KEY") or name not in _OURS):
            return each
    if name in _OURS:
        return ""
    swapped = [each for each in sorted(unset) if sorted(each.split("_")) == sorted(name.split("_"))]
    if swapped:
        return swapped[0]
    cutoff = 0.93 if _OTHERS.search(name) else 0.8
    close = get_close_matches(name, sorted(unset), n=1, cutoff=cutoff)
    return close[0] if close else ""


def _reads_key(production: Production) -> bool:
    """Whether the generated settings read the key under any of its customary names."""
    return production.deployment.overlay.secret_key


def _of_image(one: Given) -> bool:
    """Whether it is of a Dockerfile, whose packages read variables of their own."""
    return not one.location.path.endswith((".yaml", ".yml"))


def _is_read(production: Production, one: Given) -> bool:
    """Whether any other text of the project has the word in it."""
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(one.name)}(?![A-Za-z0-9_])")
    prefixed = any(production.mentioning("prefix", "dynaconf"))
    words = _rests(one.name) if prefixed else (f'"{one.name}"', f"'{one.name}'")
    if any(production.mentioning(*words)):
        return True
    for path in production.tree.files:
        other = path != one.location.path and _MAY_READ.search(path)
        if other and word.search(production.text(path)):
            return True
    lines = production.text(one.location.path).splitlines()
    return any(re.search(rf"\$\{{?{re.escape(one.name)}\b", line) for line in lines)


_MAY_READ = re.compile(
    r"(?:^|/)(?:Dockerfile[^/]*|Procfile|Makefile|justfile|entrypoint|start[^/]*)$"
    r"|\.(?:py|sh|conf|ini|toml|cfg|template|tmpl|ya?ml|json|js|ts|mjs|html)$"
)


def _rests(name: str) -> tuple[str, ...]:
    """The name, and what is left of it behind each prefix: ``env_prefix="SHOP_"``."""
    parts = name.split("_")
    rests = ("_".join(parts[n:]) for n in range(max(len(parts) - 1, 1)))
    return tuple(f"{quote}{rest}{quote}" for rest in rests for quote in "\"'")
