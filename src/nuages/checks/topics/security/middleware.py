"""The middleware that protects: there, once, and in its order."""

from __future__ import annotations

from collections import Counter

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_URL = "https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering"
_SECURITY = "django.middleware.security.SecurityMiddleware"
_SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
_COMMON = "django.middleware.common.CommonMiddleware"
_CSRF = "django.middleware.csrf.CsrfViewMiddleware"
_AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
_MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"
_LOCALE = "django.middleware.locale.LocaleMiddleware"
_REMOTE = "django.contrib.auth.middleware.RemoteUserMiddleware"
_LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"
_UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
_FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
_ORDER: tuple[tuple[str, str, Severity, str], ...] = (
    (_SESSION, _AUTH, "error", "there is no session to find the user in: every request fails"),
    (_SESSION, _MESSAGES, "error", "there is no session for messages: every request fails"),
    (_AUTH, _REMOTE, "error", "request.user is not there yet: every request fails"),
    (_AUTH, _LOGIN, "error", "request.user is not there yet: every request fails"),
    (_UPDATE, _FETCH, "warning", "pages are stored before their headers are complete"),
    (_SECURITY, _COMMON, "warning", "redirects are answered first, over http and without HSTS"),
    (_SECURITY, _SESSION, "info", "the redirect to https comes after the session is read"),
    (_LOCALE, _COMMON, "info", "a redirect to add a slash forgets the language of the address"),
)
"""The first before the second; else how grave it is, and what happens."""


@rule(
    "SEC026",
    severity="warning",
    title="SecurityMiddleware is missing",
    why="It sends every SECURE_ header and the redirect to https. Without it those settings are "
    "words.",
    symptom="security.W001: You do not have SecurityMiddleware in your MIDDLEWARE.",
    fix=f"Put `{_SECURITY}` first.",
    url="https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_SECURITY}')"},
    fixed={"settings.py": "MIDDLEWARE = tuple(MIDDLEWARE)"},
)
def security(production: Production) -> Faults:
    settings = production.settings
    own = any("security" in name.lower() for name in settings.texts("MIDDLEWARE"))
    if "MIDDLEWARE" in settings and settings.lacks("MIDDLEWARE", _SECURITY) and not own:
        asked = [n for n in ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS") if settings.get(n)]
        what = f"{' and '.join(asked)} do nothing" if asked else "no security header is sent"
        where = settings.at("MIDDLEWARE")
        yield Fault(f"{what}: SecurityMiddleware is not in MIDDLEWARE", where)


@rule(
    "SEC027",
    severity="error",
    title="Forms are not protected against foreign pages",
    why="Any page that a logged-in visitor opens can post to your site in their name: change "
    "their mail address, buy, delete.",
    symptom="security.W003: You don't appear to be using Django's built-in cross-site request "
    "forgery protection.",
    fix=f"Put `{_CSRF}` back; exempt single views with `csrf_exempt`.",
    url="https://docs.djangoproject.com/en/stable/ref/csrf/",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_CSRF}')"},
    fixed={"settings.py": "MIDDLEWARE = tuple(MIDDLEWARE)"},
)
def csrf(production: Production) -> Faults:
    settings = production.settings
    names = settings.texts("MIDDLEWARE")
    own = any("csrf" in name.lower() for name in names)
    if _SESSION in names and settings.lacks("MIDDLEWARE", _CSRF) and not own:
        message = "There are sessions, and CsrfViewMiddleware is not in MIDDLEWARE"
        yield Fault(message, settings.at("MIDDLEWARE"))


@rule(
    "SEC028",
    severity="error",
    title="An app is installed without its middleware",
    why="The admin and every login look for the session and the user on the request, and the "
    "middleware that puts them there is not in MIDDLEWARE.",
    symptom="admin.E408, E409, E410: … must be in MIDDLEWARE in order to use the admin "
    "application; AttributeError: 'WSGIRequest' object has no attribute 'user'.",
    fix="Put it into MIDDLEWARE.",
    url="https://docs.djangoproject.com/en/stable/ref/contrib/admin/#overview",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_AUTH}')"},
    fixed={"settings.py": "MIDDLEWARE = tuple(MIDDLEWARE)"},
)
def needed(production: Production) -> Faults:
    settings = production.settings
    names = settings.texts("MIDDLEWARE")
    if not settings.has_app("django.contrib.admin") or "MIDDLEWARE" not in settings:
        return
    for wanted in (_AUTH, _MESSAGES, _SESSION):
        last = wanted.rpartition(".")[2]
        # A subclass of the project's own does as well; its name mostly says what it is.
        word = last.removesuffix("Middleware").lower()
        if settings.lacks("MIDDLEWARE", wanted) and not any(word in n.lower() for n in names):
            message = f"The admin is installed, and {last} is not in MIDDLEWARE"
            yield Fault(message, settings.at("MIDDLEWARE"))


@rule(
    "SEC029",
    severity="warning",
    title="Middleware in the wrong order",
    why="Each one works on what those before it have put on the request, and what stands before "
    "SecurityMiddleware answers without its headers.",
    symptom="ImproperlyConfigured: The Django authentication middleware requires session "
    "middleware to be installed; admin.E410.",
    fix="Take the order of Django's documentation: security, session, locale, common, CSRF, "
    "authentication, messages, frames.",
    url=_URL,
    mistake={
        "settings.py": f"MIDDLEWARE.remove('{_SESSION}')\nMIDDLEWARE.append('{_SESSION}')",
    },
    fixed={"settings.py": "MIDDLEWARE = tuple(MIDDLEWARE)"},
)
def order(production: Production) -> Faults:
    settings = production.settings
    names = settings.texts("MIDDLEWARE")
    told = set()
    for first, second, severity, what in _ORDER:
        both = first in names and second in names
        if both and names.index(first) > names.index(second) and first not in told:
            told.add(first)
            yield Fault(
                f"{first.rpartition('.')[2]} comes after {second.rpartition('.')[2]}: {what}",
                settings.at("MIDDLEWARE", first),
                severity=severity,
            )


@rule(
    "SEC030",
    severity="info",
    title="A middleware runs twice",
    why="Each request pays for it twice, and what it counts, stores or redirects happens twice.",
    symptom="Doubled headers, doubled log lines.",
    fix="Delete one of them.",
    url=_URL,
    mistake={"settings.py": f"MIDDLEWARE.insert(5, '{_COMMON}')"},
    fixed={"settings.py": "MIDDLEWARE = tuple(MIDDLEWARE)"},
)
def twice(production: Production) -> Faults:
    settings = production.settings
    for name, count in Counter(settings.texts("MIDDLEWARE")).items():
        if count > 1:
            message = f"{name.rpartition('.')[2]} is {count} times in MIDDLEWARE"
            yield Fault(message, settings.at("MIDDLEWARE", name))
