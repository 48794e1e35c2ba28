"""Settings that must be True where a site is served by https, and its cookies."""

from __future__ import annotations

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS


def secure(production: Production, name: str) -> Fault | None:
    """The fault of a setting that must be True and is not."""
    settings = production.settings
    if settings.get(name, default=False) is not False or not production.told(name):
        return None
    if name not in settings and not settings.complete(name):
        return None
    names = " or ".join(settings.variables(name))
    unset = f"is off wherever {names} does not turn it on" if names else "is False"
    message = f"{name} {unset}" if name in settings else f"{name} is not set"
    edit = Assign(settings.at(name).path, name, "True") if settings.fixed(name) else None
    return Fault(message, settings.at(name), f"Write `{name} = True`.", edit=edit)


def has_middleware(production: Production, name: str) -> bool:
    """Whether a middleware may be installed: one of this name, or nobody can tell."""
    settings = production.settings
    known = settings.texts("MIDDLEWARE")
    return not settings.complete("MIDDLEWARE") or any(name in each.lower() for each in known)


@rule(
    "SEC018",
    severity="warning",
    title="The session's cookie travels over plain http",
    why="One request by http, a typed name or an image, and whoever listens holds the login.",
    symptom="security.W012: SESSION_COOKIE_SECURE is not set to True.",
    fix="Write `SESSION_COOKIE_SECURE = True`.",
    url=f"{SETTINGS}/#session-cookie-secure",
    mistake={"settings.py": "SESSION_COOKIE_SECURE = False"},
    fixed={"settings.py": "SESSION_COOKIE_SECURE = True"},
    repaired_by="https",
)
def session_cookie(production: Production) -> Faults:
    fault = secure(production, "SESSION_COOKIE_SECURE")
    if fault and has_middleware(production, "session"):
        yield fault


@rule(
    "SEC019",
    severity="warning",
    title="The CSRF cookie travels over plain http",
    why="Whoever reads or replaces it on the way can post forms in the visitor's name.",
    symptom="security.W016: You have not set CSRF_COOKIE_SECURE to True.",
    fix="Write `CSRF_COOKIE_SECURE = True`.",
    url=f"{SETTINGS}/#csrf-cookie-secure",
    mistake={"settings.py": "CSRF_COOKIE_SECURE = False"},
    fixed={"settings.py": "CSRF_COOKIE_SECURE = True"},
    repaired_by="https",
)
def csrf_cookie(production: Production) -> Faults:
    fault = secure(production, "CSRF_COOKIE_SECURE")
    in_session = production.settings.get("CSRF_USE_SESSIONS", default=False) is not False
    if fault and not in_session and has_middleware(production, "csrf"):
        yield fault
