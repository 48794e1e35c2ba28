"""Headers that keep a browser from being used against its owner."""

from __future__ import annotations

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS
from nuages.checks.topics.versions.release import newest

_POLICIES = frozenset(
    {"no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin"}
    | {"same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url"}
)
_OPENER = frozenset(
    {"same-origin", "same-origin-allow-popups", "unsafe-none", "noopener-allow-popups"}
)
_FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"


@rule(
    "SEC023",
    severity="warning",
    title="Browsers may guess what a file is",
    why="An upload that is called a picture and is a page runs as a page of your site, with its "
    "cookies.",
    symptom="security.W006: Your SECURE_CONTENT_TYPE_NOSNIFF setting is not set to True.",
    fix="Write `SECURE_CONTENT_TYPE_NOSNIFF = True`.",
    url=f"{SETTINGS}/#secure-content-type-nosniff",
    mistake={"settings.py": "SECURE_CONTENT_TYPE_NOSNIFF = False"},
    fixed={"settings.py": "SECURE_CONTENT_TYPE_NOSNIFF = True"},
)
def nosniff(production: Production) -> Faults:
    settings, name = production.settings, "SECURE_CONTENT_TYPE_NOSNIFF"
    edit = Assign(settings.at(name).path, name, "True")
    # True is the default since 3.0: https://docs.djangoproject.com/en/3.0/releases/3.0/#security
    series = newest(production)
    old = series is not None and series < (3, 0)
    if settings.get(name, default=not old) is False and production.told(name):
        if name in settings:
            yield Fault(f"{name} is False", settings.at(name), edit=edit)
        elif settings.complete(name):
            yield Fault(f"{name} is off by default before Django 3.0", settings.at(name), edit=edit)


@rule(
    "SEC024",
    severity="warning",
    title="Any page may show the site in a frame",
    why="An invisible frame over a game: the visitor clicks in your site, logged in, without "
    "seeing it.",
    symptom="security.W002: You do not have XFrameOptionsMiddleware in your MIDDLEWARE.",
    fix="Put XFrameOptionsMiddleware into MIDDLEWARE, with `X_FRAME_OPTIONS = 'DENY'`; exempt one "
    "view with `xframe_options_exempt`.",
    url="https://docs.djangoproject.com/en/stable/ref/clickjacking/",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_FRAMES}')"},
    fixed={"settings.py": "X_FRAME_OPTIONS = 'SAMEORIGIN'"},
)
def frames(production: Production) -> Faults:
    settings = production.settings
    value = settings.get("X_FRAME_OPTIONS", default="DENY")
    names = " ".join(settings.texts("MIDDLEWARE")).lower()
    if "security.W002" in settings.texts("SILENCED_SYSTEM_CHECKS"):
        return
    if settings.lacks("MIDDLEWARE", _FRAMES) and _has_pages(production):
        if not any(word in names for word in ("frame", "clickjack", "csp", "securityheaders")):
            yield Fault("XFrameOptionsMiddleware is not in MIDDLEWARE", settings.at("MIDDLEWARE"))
    elif isinstance(value, str) and value.upper() not in {"DENY", "SAMEORIGIN"}:
        where = settings.at("X_FRAME_OPTIONS")
        yield Fault(f"X_FRAME_OPTIONS is {value!r}, which browsers take for no limit", where)


def _has_pages(production: Production) -> bool:
    """Somebody can be logged in."""
    names = production.settings.texts("MIDDLEWARE")
    return any(name.endswith(("SessionMiddleware", "AuthenticationMiddleware")) for name in names)


@rule(
    "SEC025",
    severity="warning",
    title="A header that browsers ignore or that gives addresses away",
    why="`unsafe-url` and `no-referrer-when-downgrade` tell every linked site the full address, "
    "reset links included. A misspelled policy is no policy; Django refuses to check it.",
    symptom="security.E023: You have set the SECURE_REFERRER_POLICY setting to an invalid value.",
    fix='Write `SECURE_REFERRER_POLICY = "same-origin"`, Django\'s default.',
    url=f"{SETTINGS}/#secure-referrer-policy",
    mistake={"settings.py": 'SECURE_REFERRER_POLICY = "unsafe-url"'},
    fixed={"settings.py": 'SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"'},
)
def referrer(production: Production) -> Faults:
    settings = production.settings
    value = settings.get("SECURE_REFERRER_POLICY", default="same-origin")
    where = settings.at("SECURE_REFERRER_POLICY")
    listed = value if isinstance(value, list | tuple) else str(value or "same-origin").split(",")
    for policy in (str(item).strip() for item in listed):
        if policy not in _POLICIES:
            message = f"{policy!r} is no Referrer-Policy: the site fails its checks (E023)"
            yield Fault(message, where, severity="error")
        elif policy in {"unsafe-url", "no-referrer-when-downgrade"}:
            yield Fault(f"SECURE_REFERRER_POLICY is {policy!r}", where)
    opener = settings.get("SECURE_CROSS_ORIGIN_OPENER_POLICY", default="same-origin")
    if isinstance(opener, str) and opener not in _OPENER:
        at = settings.at("SECURE_CROSS_ORIGIN_OPENER_POLICY")
        yield Fault(f"{opener!r} is no Cross-Origin-Opener-Policy (E024)", at, severity="error")
