"""HTTPS: the redirect, HSTS, and the cookies that may only travel encrypted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS

_HTTPS = "https://docs.djangoproject.com/en/stable/topics/security/#ssl-https"
_PROXY = re.compile(r"(?:^|/)Caddyfile[^/]*$|traefik[^/]*\.(?:ya?ml|toml)$|\.conf(?:\.\w+)?$")
_REDIRECTS = re.compile(
    r"return\s+30[128]\s+https://|rewrite\s+\S+\s+https://|redirections?:|redirectScheme"
    r"|\[entryPoints\.\w+\.(?:http\.)?redirect"
)
_PLATFORMS = ("fly.toml", "render.yaml", ".do/app.yaml", "app.yaml", "vercel.json")
_SOON = 3600
_PRELOADED = 31536000
"""What the list demands: https://hstspreload.org/#submission-requirements"""


def _secure(production: Production, name: str) -> Fault | None:
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


def redirected(production: Production) -> bool:
    """Whether a proxy of the project's own sends http to https."""
    for path in production.tree.files:
        if _PROXY.search(path):
            caddy = path.rpartition("/")[2].startswith("Caddyfile")
            if caddy or _REDIRECTS.search(production.text(path)):
                return True
    return False


def has_middleware(production: Production, name: str) -> bool:
    """Whether a middleware may be installed: one of this name, or nobody can tell."""
    settings = production.settings
    known = settings.texts("MIDDLEWARE")
    return not settings.complete("MIDDLEWARE") or any(name in each.lower() for each in known)


@rule(
    "SEC015",
    severity="warning",
    title="Plain http is not sent to https",
    why="Who types the name arrives over http. The first request, its cookies and a login form "
    "travel readable, and a proxy in between may rewrite the page.",
    symptom="security.W008: Your SECURE_SSL_REDIRECT setting is not set to True.",
    fix="Write `SECURE_SSL_REDIRECT = True`, with `SECURE_PROXY_SSL_HEADER` behind a proxy.",
    url=_HTTPS,
    mistake={"settings.py": "SECURE_SSL_REDIRECT = False"},
    fixed={"settings.py": "SECURE_SSL_REDIRECT = True"},
    repaired_by="https",
)
def redirect(production: Production) -> Faults:
    yield from _exempt(production)
    fault = _secure(production, "SECURE_SSL_REDIRECT")
    silenced = "security.W008" in production.settings.texts("SILENCED_SYSTEM_CHECKS")
    if fault is None or silenced or redirected(production):
        return
    # Such a platform redirects by itself: it is missed on the next one.
    elsewhere = production.near(*_PLATFORMS) is not None and not production.config.nodes
    yield Fault(
        fault.message,
        fault.location,
        fault.fix + " Behind a proxy that ends TLS set SECURE_PROXY_SSL_HEADER too.",
        severity="info" if elsewhere else None,
    )


def _exempt(production: Production) -> Iterator[Fault]:
    """Patterns that let every path stay with http."""
    settings, name = production.settings, "SECURE_REDIRECT_EXEMPT"
    for pattern in settings.texts(name) if settings.get("SECURE_SSL_REDIRECT") else ():
        try:
            every = all(re.search(pattern, path) for path in ("", "accounts/login/", "q0"))
        except re.error:
            continue
        if every:
            message = f"{pattern!r} in {name} matches every path: nothing is sent to https"
            yield Fault(message, settings.at(name), "Name the paths, such as `^health/`.")


@rule(
    "SEC016",
    severity="info",
    title="Browsers are not told to stay with https",
    why="Without the Strict-Transport-Security header, each visit by http can be caught before "
    "its redirect.",
    symptom="security.W004: You have not set a value for the SECURE_HSTS_SECONDS setting.",
    fix="Write `SECURE_HSTS_SECONDS = 3600`, and raise it when every page has been seen by https.",
    url=f"{SETTINGS}/#secure-hsts-seconds",
    mistake={"settings.py": "SECURE_HSTS_SECONDS = 0"},
    fixed={"settings.py": "SECURE_HSTS_SECONDS = 3600"},
    repaired_by="https",
)
def hsts(production: Production) -> Faults:
    settings = production.settings
    value = settings.get("SECURE_HSTS_SECONDS", default=0)
    if value is None or not production.told("SECURE_HSTS_SECONDS"):
        return
    if "security.W004" in settings.texts("SILENCED_SYSTEM_CHECKS"):
        return
    where = settings.at("SECURE_HSTS_SECONDS")
    if not value and settings.complete("SECURE_HSTS_SECONDS"):
        yield Fault("SECURE_HSTS_SECONDS is 0: there is no HSTS header", where)
    elif isinstance(value, int) and 0 < value < _SOON:
        yield Fault(f"HSTS ends {value} seconds after each visit", where)


@rule(
    "SEC017",
    severity="warning",
    title="HSTS is preloaded from the first day",
    why="A preloaded name is compiled into browsers, and leaves them months after it is taken off "
    "the list. Until then no subdomain without a certificate, of anybody's, can be reached.",
    symptom="A subdomain that nobody can open: NET::ERR_CERT_COMMON_NAME_INVALID.",
    fix="Leave out SECURE_HSTS_PRELOAD, start with an hour, and preload when a year has gone well.",
    url="https://hstspreload.org/#deployment-recommendations",
    mistake={
        "settings.py": "SECURE_HSTS_SECONDS = 31536000\nSECURE_HSTS_INCLUDE_SUBDOMAINS = True\n"
        "SECURE_HSTS_PRELOAD = True"
    },
    fixed={"settings.py": "SECURE_HSTS_SECONDS = 3600"},
)
def preload(production: Production) -> Faults:
    settings = production.settings
    if settings.get("SECURE_HSTS_PRELOAD") is not True or not settings.get("SECURE_HSTS_SECONDS"):
        return
    seconds, where = settings.get("SECURE_HSTS_SECONDS"), settings.at("SECURE_HSTS_PRELOAD")
    switches = set(production.project.settings.environ)
    steered = set(settings.variables("SECURE_HSTS_PRELOAD")) - switches
    refused = isinstance(seconds, int) and seconds < _PRELOADED
    yield Fault(
        f"SECURE_HSTS_PRELOAD, with {seconds} seconds, lets browsers keep the name for good",
        where,
        severity="info" if steered or refused else None,
    )


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
    fault = _secure(production, "SESSION_COOKIE_SECURE")
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
    fault = _secure(production, "CSRF_COOKIE_SECURE")
    in_session = production.settings.get("CSRF_USE_SESSIONS", default=False) is not False
    if fault and not in_session and has_middleware(production, "csrf"):
        yield fault
