"""django-heroku: what ``django_heroku.settings(locals())`` sets."""

from __future__ import annotations

import ast
import posixpath

from nuages.project.evaluation.compute import compute
from nuages.project.evaluation.libraries import urls
from nuages.project.evaluation.libraries.environment import find, noted
from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.namespaces import Namespace
from nuages.project.evaluation.operations import operate
from nuages.project.evaluation.values import NONE, Value, lift, unknown

WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
FORMAT = (
    "%(asctime)s [%(process)d] [%(levelname)s] pathname=%(pathname)s lineno=%(lineno)s "
    "funcname=%(funcName)s %(message)s"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "verbose": {"format": FORMAT, "datefmt": "%Y-%m-%d %H:%M:%S"},
        "simple": {"format": "%(levelname)s %(message)s"},
    },
    "handlers": {
        "null": {"level": "DEBUG", "class": "logging.NullHandler"},
        "console": {"level": "DEBUG", "class": "logging.StreamHandler", "formatter": "verbose"},
    },
    "loggers": {"testlogger": {"handlers": ["console"], "level": "INFO"}},
}


@library("django_heroku.settings")
def settings(call: Call) -> Value:
    """Set databases, static files, hosts, logging and the secret key, each unless switched off."""
    config = call.argument(0, "config", NONE).data
    if not isinstance(config, Namespace):
        call.scope.module.rest = "django_heroku.settings of what cannot be told"
        return NONE
    names = config.names
    wanted = {
        name: call.keywords.get(name, Value(True)).data is not False
        for name in ("databases", "staticfiles", "allowed_hosts", "logging", "secret_key")
    }
    if wanted["databases"]:
        _databases(call, names)
    if wanted["staticfiles"]:
        _static(call, names)
    if wanted["allowed_hosts"]:
        names["ALLOWED_HOSTS"] = lift(["*"])
    if wanted["logging"]:
        names["LOGGING"] = lift(LOGGING)
    if wanted["secret_key"]:
        _secret(call, names)
    return NONE


def _databases(call: Call, names: dict[str, Value]) -> None:
    noted(call.machine, "DATABASE_URL", cast="url:database")
    found = find(call.machine, "DATABASE_URL")
    before = names.setdefault("DATABASES", lift({"default": None}))
    taint = frozenset({"DATABASE_URL"})
    if found is not None and isinstance(before.data, dict):
        before.data["default"] = compute(
            call.machine, lambda u: urls.database(u, conn_max_age=600, ssl_require=True), found
        )
    names["DATABASES"] = before.tainted(taint)


def _static(call: Call, names: dict[str, Value]) -> None:
    base = names.get("BASE_DIR", unknown("BASE_DIR is not set"))
    names["STATIC_ROOT"] = compute(
        call.machine, lambda folder: posixpath.join(str(folder), "staticfiles"), base
    )
    names["STATIC_URL"] = Value("/static/")
    key = "MIDDLEWARE_CLASSES" if "MIDDLEWARE_CLASSES" in names else "MIDDLEWARE"
    before = call.machine.call(Value(tuple), [names.get(key, lift([]))])
    names[key] = operate(call.machine, ast.Add, lift((WHITENOISE,)), before)
    names["STATICFILES_STORAGE"] = Value("whitenoise.storage.CompressedManifestStaticFilesStorage")


def _secret(call: Call, names: dict[str, Value]) -> None:
    noted(call.machine, "SECRET_KEY")
    found = find(call.machine, "SECRET_KEY") or names.get("SECRET_KEY")
    if found is not None:
        names["SECRET_KEY"] = found.tainted(frozenset({"SECRET_KEY"}))


LIBRARY["django_on_heroku.settings"] = LIBRARY["django_heroku.settings"]
LIBRARY["django_on_heroku.core.settings"] = LIBRARY["django_heroku.settings"]
LIBRARY["django_heroku.core.settings"] = LIBRARY["django_heroku.settings"]
