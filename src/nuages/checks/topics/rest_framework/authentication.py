"""How an API knows who is asking, and what it shows to people."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.rest_framework.views import WORDS, listed, names, views

_GUIDE = "https://www.django-rest-framework.org/api-guide"
_JWT = "https://django-rest-framework-simplejwt.readthedocs.io/en/latest"
_SET = 'REST_FRAMEWORK = {{**REST_FRAMEWORK, "DEFAULT_{key}_CLASSES": ["rest_framework.{name}"]}}\n'
_APP = '\nINSTALLED_APPS += ["{}"]\n'
_LIFE = "from datetime import timedelta\nSIMPLE_JWT = {{'{}': timedelta({})}}\n"
_DAY = 86_400
_LONGEST = {"ACCESS_TOKEN_LIFETIME": _DAY, "SLIDING_TOKEN_LIFETIME": 30 * _DAY,
            "REFRESH_TOKEN_LIFETIME": 366 * _DAY}  # fmt: skip
"""Seconds beyond which a token that somebody copies is as good as a password."""


def _authentication(key: str, name: str) -> str:
    return _SET.format(key=key, name=name)


@rule(
    "API018",
    severity="warning",
    title="The API takes passwords with every request",
    why="With BasicAuthentication each request carries the password, in each client's memory and "
    "in any log that keeps headers. No second factor is asked, and the password is hashed again "
    "each time, which takes a tenth of a second of CPU.",
    symptom="CPU at 100 % with few requests; Authorization: Basic … in logs.",
    fix="Take tokens or sessions, and leave BasicAuthentication to development.",
    url=f"{_GUIDE}/authentication/#basicauthentication",
    mistake={
        "settings.py": _authentication("AUTHENTICATION", "authentication.BasicAuthentication")
    },
    fixed={
        "settings.py": _authentication("AUTHENTICATION", "authentication.SessionAuthentication")
    },
    site="split",
)
def basic(production: Production) -> Faults:
    if "BasicAuthentication" in (listed(production, "DEFAULT_AUTHENTICATION_CLASSES") or ()):
        where = production.settings.at("REST_FRAMEWORK", "DEFAULT_AUTHENTICATION_CLASSES")
        yield Fault("BasicAuthentication is among the defaults of production", where)
    for own in production.classes(*WORDS):
        said = own.attribute("authentication_classes")
        if (
            said
            and "BasicAuthentication" in (names(said[0]) or ())
            and said[1].path == own.file.path
        ):
            yield Fault(f"{own.name} takes a password with each request", said[1])


@rule(
    "API019",
    severity="error",
    title="TokenAuthentication has no table",
    why="The tokens are a model of the app rest_framework.authtoken. Without it the first request "
    "that carries a token fails.",
    symptom="RuntimeError: Model class rest_framework.authtoken.models.Token doesn't declare an "
    "explicit app_label; AttributeError: type object 'Token' has no attribute 'objects'.",
    fix='Add `"rest_framework.authtoken"` to `INSTALLED_APPS`, and migrate.',
    url=f"{_GUIDE}/authentication/#tokenauthentication",
    mistake={
        "settings.py": _authentication("AUTHENTICATION", "authentication.TokenAuthentication")
    },
    fixed={
        "settings.py": _authentication("AUTHENTICATION", "authentication.TokenAuthentication")
        + _APP.format("rest_framework.authtoken")
    },
    site="split",
)
def no_tokens(production: Production) -> Faults:
    settings = production.settings
    classes = settings.get("REST_FRAMEWORK", "DEFAULT_AUTHENTICATION_CLASSES", default=())
    stock = "rest_framework.authentication.TokenAuthentication"
    known = isinstance(classes, list | tuple) and stock in classes
    if known and settings.lacks("INSTALLED_APPS", "rest_framework.authtoken"):
        where = settings.at("REST_FRAMEWORK", stock)
        yield Fault("TokenAuthentication is used without rest_framework.authtoken", where)


@rule(
    "API020",
    severity="warning",
    title="A token stays good for very long",
    why="A token that is copied from a log, a laptop or a browser cannot be taken back: it is "
    "asked of no database. Only its end protects.",
    symptom="Requests in the name of somebody who changed the password, or left, weeks ago.",
    fix="Minutes for ACCESS_TOKEN_LIFETIME, days for REFRESH_TOKEN_LIFETIME.",
    url=f"{_JWT}/settings.html#access-token-lifetime",
    mistake={"settings.py": _LIFE.format("ACCESS_TOKEN_LIFETIME", "days=30")},
    fixed={"settings.py": _LIFE.format("ACCESS_TOKEN_LIFETIME", "minutes=10")},
    site="split",
)
def long_lived(production: Production) -> Faults:
    for key, longest in _LONGEST.items():
        seconds = production.settings.get("SIMPLE_JWT", key)
        if isinstance(seconds, int | float) and seconds > longest:
            where = production.settings.at("SIMPLE_JWT", key)
            yield Fault(f"{key} is {seconds / _DAY:g} days", where)


@rule(
    "API021",
    severity="warning",
    title="Used refresh tokens are not refused",
    why="BLACKLIST_AFTER_ROTATION writes into tables of the app token_blacklist. Where it is not "
    "installed nothing is written and nothing said: the old token goes on being taken.",
    symptom="A refresh token works twice, and after the log-out.",
    fix='Add `"rest_framework_simplejwt.token_blacklist"` to `INSTALLED_APPS`, and migrate.',
    url=f"{_JWT}/blacklist_app.html",
    mistake={
        "settings.py": "SIMPLE_JWT = {'ROTATE_REFRESH_TOKENS': True, "
        "'BLACKLIST_AFTER_ROTATION': True}\n"
    },
    fixed={
        "settings.py": "SIMPLE_JWT = {'ROTATE_REFRESH_TOKENS': True, "
        "'BLACKLIST_AFTER_ROTATION': True}\n"
        + _APP.format("rest_framework_simplejwt.token_blacklist")
    },
    site="split",
)
def no_blacklist(production: Production) -> Faults:
    settings = production.settings
    app = "rest_framework_simplejwt.token_blacklist"
    wanted = settings.get("SIMPLE_JWT", "BLACKLIST_AFTER_ROTATION") is True
    if wanted and settings.lacks("INSTALLED_APPS", app) and not settings.has_app(app):
        where = settings.at("SIMPLE_JWT", "BLACKLIST_AFTER_ROTATION")
        yield Fault("BLACKLIST_AFTER_ROTATION is on, and token_blacklist not installed", where)


@rule(
    "API022",
    severity="warning",
    title="The browsable API is in production",
    why="It shows the doors: each address, each field, and forms to try them. And its forms list "
    "every row that a relation could have, which on a large table takes down the worker.",
    symptom="A page that never ends at /api/…/, opened with a browser.",
    fix='`"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]` in production.',
    url=f"{_GUIDE}/renderers/#setting-the-renderers",
    mistake={"settings.py": _authentication("RENDERER", "renderers.BrowsableAPIRenderer")},
    fixed={"settings.py": _authentication("RENDERER", "renderers.JSONRenderer")},
    site="split",
)
def browsable(production: Production) -> Faults:
    settings = production.settings
    found = listed(production, "DEFAULT_RENDERER_CLASSES", ("BrowsableAPIRenderer",)) or ()
    if "BrowsableAPIRenderer" not in found or not any(True for _ in views(production)):
        return
    said = isinstance(settings.get("REST_FRAMEWORK", "DEFAULT_RENDERER_CLASSES"), list | tuple)
    message = "BrowsableAPIRenderer is " + ("on" if said else "on, as REST framework's default")
    where = settings.at("REST_FRAMEWORK", "DEFAULT_RENDERER_CLASSES")
    yield Fault(message, where, severity=None if said else "info")
