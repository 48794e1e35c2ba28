"""What else is written on a cookie."""

from __future__ import annotations

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS

_SAME_SITE = ("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")
_SECURE = {name: name.replace("SAMESITE", "SECURE") for name in _SAME_SITE}
_DOMAINS = ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN")


@rule(
    "SEC020",
    severity="warning",
    title="Scripts can read the session's cookie",
    why="One hole for a script, in the site or in a package of the front end, and it sends the "
    "login away instead of only using it.",
    symptom="security.W013: SESSION_COOKIE_HTTPONLY is not set to True.",
    fix="Delete `SESSION_COOKIE_HTTPONLY = False`: True is Django's default.",
    url=f"{SETTINGS}/#session-cookie-httponly",
    mistake={"settings.py": "SESSION_COOKIE_HTTPONLY = False"},
    fixed={"settings.py": "SESSION_COOKIE_HTTPONLY = True"},
)
def http_only(production: Production) -> Faults:
    settings, name = production.settings, "SESSION_COOKIE_HTTPONLY"
    if settings.get(name, default=True) is False and production.told(name):
        edit = Assign(settings.at(name).path, name, "True")
        yield Fault(f"{name} is False", settings.at(name), edit=edit)


@rule(
    "SEC021",
    severity="warning",
    title="A cookie is sent from other people's pages",
    why="SameSite keeps a login from being used by a form on a foreign page. Without it CSRF "
    "tokens stand alone, and a browser refuses `None` on a cookie that is not Secure.",
    symptom="This cookie has been rejected because it has the “SameSite=None” attribute but is "
    'missing the “secure” attribute; ValueError: samesite must be "lax", "none", or "strict".',
    fix='Write `"Lax"`, or delete the setting.',
    url=f"{SETTINGS}/#session-cookie-samesite",
    mistake={"settings.py": 'SESSION_COOKIE_SAMESITE = "None"'},
    fixed={"settings.py": 'SESSION_COOKIE_SAMESITE = "Strict"'},
)
def same_site(production: Production) -> Faults:
    settings = production.settings
    for name in _SAME_SITE:
        setting = settings.setting(name)
        if setting is None or setting.state == "unknown" or not production.told(name):
            continue
        value, where = setting.value, settings.at(name)
        insecure = settings.get(_SECURE[name], default=False) is False
        if isinstance(value, str) and value.lower() not in {"lax", "strict", "none", ""}:
            yield Fault(f"{name} is {value!r}, which no cookie takes", where, severity="error")
        elif isinstance(value, str) and value.lower() == "none" and insecure:
            message = f'{name} is "None" without {_SECURE[name]}: browsers drop the cookie'
            yield Fault(message, where, severity="error")
        elif (
            value is None or value is False or (isinstance(value, str) and value.lower() == "none")
        ):
            yield Fault(f"{name} is {value!r}: foreign pages send the cookie along", where)


@rule(
    "SEC022",
    severity="error",
    title="A cookie's domain that no browser takes",
    why="A browser drops a cookie whose domain is not the site's own or one above it, and a "
    "domain has neither scheme nor port. Every login ends with the login page.",
    symptom="Logging in leads back to the login form, without an error.",
    fix="Leave it out, or write the bare domain: `.example.com`.",
    url=f"{SETTINGS}/#session-cookie-domain",
    mistake={"settings.py": "SESSION_COOKIE_DOMAIN = 'localhost'"},
    fixed={"settings.py": "SESSION_COOKIE_DOMAIN = None"},
)
def domain(production: Production) -> Faults:
    settings = production.settings
    for name in _DOMAINS:
        value = settings.get(name)
        if not isinstance(value, str) or not value or not production.told(name):
            continue
        local = value in {"localhost", "127.0.0.1", ".localhost", "0.0.0.0"}  # noqa: S104
        if local or "://" in value or ":" in value or "/" in value or "*" in value:
            yield Fault(f"{name} is {value!r}", settings.at(name))
