"""How much one client may ask for: throttles and pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.rest_framework.views import (
    WORDS,
    listed,
    names,
    uses_rest_framework,
    views,
)
from nuages.project.python_source import last_name, literal
from nuages.text import Location

_THROTTLING = "https://www.django-rest-framework.org/api-guide/throttling"
_PAGINATION = "https://www.django-rest-framework.org/api-guide/pagination"
_SCOPES = {"AnonRateThrottle": "anon", "UserRateThrottle": "user"}
_GUARDS = ("django-axes", "django-ratelimit", "django-defender")
_LOGINS = {
    "obtain_auth_token",
    "TokenObtainPairView",
    "token_obtain_pair",
    "TokenObtainSlidingView",
}
_LOGIN_URLS = ("djoser.urls.authtoken", "djoser.urls.jwt", "dj_rest_auth.urls")
_WITHOUT = "REST_FRAMEWORK = {{k: v for k, v in REST_FRAMEWORK.items() if k not in {keys}}}\n"
_RATES = 'REST_FRAMEWORK = {{**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {rates}}}\n'
_LOGIN = """\
from django.urls import path
from rest_framework.authtoken import views

{view}
urlpatterns = [path("token/", {name})]
"""
_THROTTLED = """\
from rest_framework.throttling import AnonRateThrottle


class Token(views.ObtainAuthToken):
    throttle_classes = [AnonRateThrottle]

"""
_PAGES = """\
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
{limit}"""
_CACHE = 'CACHES = {{"default": {{"BACKEND": "{backend}", "LOCATION": REDIS_URL}}}}\n'


def _where(production: Production, *keys: str) -> Location:
    return production.settings.at("REST_FRAMEWORK", *keys)


def _throttles(production: Production) -> tuple[str, ...] | None:
    return listed(production, "DEFAULT_THROTTLE_CLASSES")


def _own_throttles(production: Production) -> Iterator[str]:
    """The throttles that own views name."""
    for own in production.classes(*WORDS):
        said = own.attribute("throttle_classes")
        yield from (names(said[0]) or ("",)) if said else ()
        if "get_throttles" in own.methods:
            yield ""
    for file in production.mentioning("throttle_classes"):
        for call in file.calls("throttle_classes"):
            yield from (names(call.args[0]) or ("",)) if call.args else ()


@rule(
    "API013",
    severity="warning",
    title="Nothing limits how often the API may be asked",
    why="One client, a script that loops or somebody who guesses passwords, takes every worker "
    "there is. REST framework throttles nothing unless it is told to.",
    symptom="The site is down while one address sends hundreds of requests a second.",
    fix="Set `DEFAULT_THROTTLE_CLASSES` and `DEFAULT_THROTTLE_RATES` in `REST_FRAMEWORK`; a rate "
    "limit of the load balancer comes on top.",
    url=_THROTTLING,
    mistake={
        "settings.py": _WITHOUT.format(keys=["DEFAULT_THROTTLE_CLASSES", "DEFAULT_THROTTLE_RATES"])
    },
    fixed={"settings.py": _RATES.format(rates='{"anon": "10/min", "user": "100/min"}')},
    site="split",
)
def no_throttle(production: Production) -> Faults:
    if not uses_rest_framework(production) or _throttles(production) != ():
        return
    known = list(views(production))
    if known and not any(True for _ in _own_throttles(production)):
        closed = all(view.permissions and not view.open for view in known)
        message = f"No throttle on the API, whose views ({len(known)}) may be asked without end"
        where = _where(production, "DEFAULT_THROTTLE_CLASSES")
        yield Fault(message, where, severity="info" if closed and not _logins(production) else None)


@rule(
    "API014",
    severity="error",
    title="A throttle has no rate",
    why="A throttle whose scope is not among the rates ends each request with an error; where no "
    "rates are set at all, anon and user have none and the throttle lets everything through.",
    symptom="ImproperlyConfigured: No default throttle rate set for 'anon' scope; or never a 429.",
    fix='Give each scope a rate: `"DEFAULT_THROTTLE_RATES": {"anon": "60/min"}`.',
    url=f"{_THROTTLING}/#setting-the-throttling-policy",
    mistake={"settings.py": _RATES.format(rates='{"user": "100/min"}')},
    fixed={"settings.py": _RATES.format(rates='{"anon": "10/min", "user": "100/min"}')},
    site="split",
)
def no_rate(production: Production) -> Faults:
    used = dict.fromkeys((*(_throttles(production) or ()), *_own_throttles(production)))
    rates = production.settings.get("REST_FRAMEWORK", "DEFAULT_THROTTLE_RATES", default={})
    if not isinstance(rates, dict) or "…" in rates or not uses_rest_framework(production):
        return
    where = _where(production, "DEFAULT_THROTTLE_RATES" if rates else "DEFAULT_THROTTLE_CLASSES")
    for name, scope in _scopes(production, list(used)):
        if rates and scope not in rates:
            yield Fault(
                f"{name} has no rate for {scope!r}: each request is refused with 500", where
            )
        elif rates.get(scope) is None:
            message = f"{name} has no rate, and lets everything through"
            yield Fault(message, where, severity="warning")


def _scopes(production: Production, used: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((name, _SCOPES[name]) for name in used if name in _SCOPES)
    for own in production.classes(*WORDS, "Throttle"):
        scope, rate = own.attribute("scope"), own.attribute("rate")
        text = literal(scope[0]) if scope else None
        methods = {"get_rate", "allow_request", "__init__", "parse_rate"} & set(own.methods)
        if own.name in used and text and not rate and not methods:
            yield own.name, text
        scoped = own.attribute("throttle_scope")
        text = literal(scoped[0]) if scoped else None
        if "ScopedRateThrottle" in used and text:
            yield own.name, text


@rule(
    "API015",
    severity="warning",
    title="Passwords may be guessed as fast as the server answers",
    why="The address that changes a password for a token has no throttle: thousands of passwords "
    "a minute can be tried, and each costs the server a slow hash. obtain_auth_token ignores "
    "DEFAULT_THROTTLE_CLASSES: its own throttle_classes are empty.",
    symptom="Many 400 or 401 for one path; CPU at 100 %.",
    fix="Subclass the view with `throttle_classes = [AnonRateThrottle]`, and route that.",
    url=f"{_THROTTLING}/#setting-the-throttling-policy",
    mistake={"library/urls.py": _LOGIN.format(view="", name="views.obtain_auth_token")},
    fixed={"library/urls.py": _LOGIN.format(view=_THROTTLED, name="Token.as_view()")},
    site="split",
)
def guessing(production: Production) -> Faults:
    if production.has(*_GUARDS):
        return
    throttled = _throttles(production) != ()
    for name, where in _logins(production):
        if name == "obtain_auth_token" or not throttled:
            yield Fault(f"{name} takes passwords with no throttle", where)


def _logins(production: Production) -> list[tuple[str, Location]]:
    """The routes that take a password."""
    return [
        (name, file.at(call))
        for file in production.mentioning(*_LOGINS, *_LOGIN_URLS)
        for call in file.calls("path", "re_path", "url")
        if (name := _login(call))
    ]


def _login(call: ast.Call) -> str:
    """The view or the included URLs that take a password."""
    view = call.args[1] if len(call.args) > 1 else None
    for node in ast.walk(view) if view else ():
        if last_name(node) in _LOGINS:
            return last_name(node)
        if literal(node) in _LOGIN_URLS:
            return literal(node) or ""
    return ""


@rule(
    "API016",
    severity="warning",
    title="The throttle counts where nothing is kept",
    why="Throttles count in the default cache. In the dummy cache they always find zero; in "
    "process memory each worker of each instance counts for itself, from zero after each start.",
    symptom="429 comes too late, or never.",
    fix="Let the default cache be one that all processes share: Redis, Memcached, the database.",
    url=f"{_THROTTLING}/#setting-up-the-cache",
    mistake={"settings.py": _CACHE.format(backend="django.core.cache.backends.dummy.DummyCache")},
    fixed={"settings.py": _CACHE.format(backend="django.core.cache.backends.redis.RedisCache")},
    site="split",
    repaired_by="cache",
)
def counted_nowhere(production: Production) -> Faults:
    unset = "django.core.cache.backends.locmem.LocMemCache"
    backend = production.settings.get("CACHES", "default", "BACKEND", default=unset)
    kind = str(backend).rpartition(".")[2]
    if kind in {"DummyCache", "LocMemCache"} and _throttles(production):
        message = f"The throttles count in {kind}"
        yield Fault(message, _where(production, "DEFAULT_THROTTLE_CLASSES"))


@rule(
    "API017",
    severity="warning",
    title="A list has no pages",
    why="The list answers with every row of the table. It is quick while the table is small, and "
    "takes the memory and the time of a worker when it has grown; one request is enough.",
    symptom="Slower every week; WORKER TIMEOUT, or a worker killed for its memory.",
    fix="Set `DEFAULT_PAGINATION_CLASS` and `PAGE_SIZE` in `REST_FRAMEWORK`; one without the other "
    "does nothing.",
    url=f"{_PAGINATION}/#setting-the-pagination-style",
    mistake={"settings.py": _WITHOUT.format(keys=["DEFAULT_PAGINATION_CLASS", "PAGE_SIZE"])},
    fixed={"settings.py": 'REST_FRAMEWORK = {**REST_FRAMEWORK, "PAGE_SIZE": 20}\n'},
    site="split",
)
def no_pages(production: Production) -> Faults:
    if not _unpaged(production):
        return
    known = list(views(production))
    inherited = {base for view in known for base in view.own.lineage[1:]}
    lists = [
        view.own.name
        for view in known
        if "list" in view.does and not view.own.attribute("pagination_class")
        if view.own not in inherited
    ]
    if lists:
        more = f", like {len(lists) - 1} more" if len(lists) > 1 else ""
        message = f"{lists[0]} answers with every row there is{more}"
        yield Fault(message, _where(production, "DEFAULT_PAGINATION_CLASS"))


def _unpaged(production: Production) -> bool:
    """Whether views certainly have no pages unless they say so."""
    if not uses_rest_framework(production):
        return False
    chosen = _given(production, "DEFAULT_PAGINATION_CLASS")
    size = _given(production, "PAGE_SIZE")
    usual = str(chosen).startswith("rest_framework.pagination.")
    return chosen in {"", None} or (usual and not size)


def _given(production: Production, key: str) -> Any:
    """A value of REST_FRAMEWORK, None where it is not given; ``…`` where it cannot be told."""
    setting = production.settings.setting("REST_FRAMEWORK")
    if setting is None:
        return None
    if not isinstance(setting.value, dict) or (key not in setting.value and "…" in setting.value):
        return ...
    value = setting.value.get(key)
    return ... if isinstance(value, dict) else value


@rule(
    "API027",
    severity="warning",
    title="The client decides how long a page is",
    why="A page size from the address has no upper limit unless the class says one: "
    "`?page_size=1000000` is the whole table again.",
    symptom="A worker killed for its memory by a single request.",
    fix="Set `max_page_size`, or `max_limit` of a LimitOffsetPagination.",
    url=f"{_PAGINATION}/#pagenumberpagination",
    mistake={"library/pages.py": _PAGES.format(limit="")},
    fixed={"library/pages.py": _PAGES.format(limit="    max_page_size = 200\n")},
    site="split",
)
def any_size(production: Production) -> Faults:
    for own in production.classes("PageNumberPagination"):
        bounded = own.attribute("max_page_size") or "get_page_size" in own.methods
        asked = own.attribute("page_size_query_param")
        stock = "rest_framework.pagination.PageNumberPagination" in own.outside
        if stock and asked and literal(asked[0]) and not bounded:
            yield Fault(f"{own.name} takes any {literal(asked[0])} from the address", asked[1])
