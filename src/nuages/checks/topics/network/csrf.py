"""CSRF: whose forms are accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_URL = "https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins"
_NAME = "CSRF_TRUSTED_ORIGINS"
_SCHEMES_SINCE = (4, 0)
_SHARED = re.compile(
    r"\*\.?(?:[\w-]+\.)*(?:herokuapp\.com|run\.app|onrender\.com|fly\.dev|vercel\.app|netlify\.app"
    r"|ngrok(?:-free)?\.(?:io|app)|github\.io|azurewebsites\.net|ondigitalocean\.app|railway\.app"
    r"|amazonaws\.com|cloudfront\.net|appspot\.com|pythonanywhere\.com|gitpod\.io)(?::\d+)?/?$"
    r"|\*\.?(?:com|net|org|io|app|dev|co\.uk)$"
)


_TRIAL = re.compile(r"(?:[\w-]+[.-])?(?:staging|stage|test|dev|develop|preview|qa|uat|beta)[.-]")


def _origins(production: Production) -> Iterator[tuple[str, Location]]:
    """Each trusted origin that production is known to have, with its place."""
    settings = production.settings
    if not production.told(_NAME):
        settings = production.settings_alone
    value = settings.get(_NAME)
    said = production.config.manifest(production.environment).env_vars or {}
    for origin in settings.texts(_NAME) if not isinstance(value, str) else (value,):
        bare = origin.partition("://")[2] or origin
        variables = [name for name in settings.variables(_NAME) if bare in said.get(name, "")]
        if variables:
            yield origin, production.config_at("env_vars", variables[0])
        else:
            yield origin, settings.at(_NAME, origin)


@rule(
    "NET003",
    severity="error",
    title="A trusted origin that matches nothing",
    why="The browser sends `Origin: https://shop.example.com`, and Django compares it as it is: "
    "without a scheme (since 4.0 its checks refuse it), with a path or a slash at the end nothing "
    "ever matches, and forms are refused.",
    symptom="(4_0.E001); Forbidden (403) CSRF verification failed: Origin checking failed.",
    fix="Write the scheme and the host, nothing else: `https://shop.example.com`; all subdomains "
    "are `https://*.example.com`.",
    url=_URL,
    mistake={"settings.py": "CSRF_TRUSTED_ORIGINS = ['shop.example.com']"},
    fixed={"settings.py": "CSRF_TRUSTED_ORIGINS = ['https://shop.example.com']"},
)
def malformed(production: Production) -> Faults:
    older = production.django is not None and production.django < _SCHEMES_SINCE
    for origin, where in _origins(production):
        fault = _fault_of_older(origin) if older else _fault(origin)
        if fault:
            yield Fault(f"{origin!r} in {_NAME} {fault}", where)


def _fault(origin: str) -> str:
    if not origin:
        return "is empty, which Django's checks refuse"
    if "://" not in origin:
        return "has no scheme"
    parts = urlsplit(origin)
    if parts.path or parts.query:
        return f"has {parts.path or parts.query!r} after the host"
    return "names no domain after the star, and matches nothing" if parts.netloc == "*" else ""


def _fault_of_older(origin: str) -> str:
    return "has a scheme, which this Django does not expect" if "://" in origin else ""


@rule(
    "NET004",
    severity="warning",
    title="Strangers' sites are trusted with forms",
    why="Everybody can have a name below a platform's domain. A page there may send forms to this "
    "site in the name of whoever is logged in, which is what CSRF's token is to prevent.",
    symptom="Nothing: that is the trouble.",
    fix="Name your own hosts only.",
    url=_URL,
    mistake={"settings.py": "CSRF_TRUSTED_ORIGINS = ['https://*.herokuapp.com']"},
    fixed={"settings.py": "CSRF_TRUSTED_ORIGINS = ['https://shop.herokuapp.com']"},
)
def too_wide(production: Production) -> Faults:
    for origin, where in _origins(production):
        if _SHARED.search(origin):
            yield Fault(f"{origin} in {_NAME} is anybody's", where)
        elif origin.startswith("http://"):
            message = f"{origin} in {_NAME} is plain http: whoever is in between may send forms"
            yield Fault(message, where, "Write https, or leave it to development.", severity="info")


@rule(
    "NET021",
    severity="warning",
    title="The trusted origins are another site's",
    why="The domain is not among them, a host beside it is: what staging needed was copied. Forms "
    "of the site itself pass only as long as the proxy hands on host and scheme unchanged, and "
    "the other host may send forms here.",
    symptom="CSRF verification failed: Origin checking failed - https://shop.example.com does not "
    "match any trusted origins.",
    fix="Name the origins of this environment in CSRF_TRUSTED_ORIGINS.",
    url=_URL,
    mistake={
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
        "  CSRF_TRUSTED_ORIGINS: https://staging.shop.example.com\n"
    },
    fixed={
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
        "  CSRF_TRUSTED_ORIGINS: https://shop.example.com\n"
    },
)
def another_site(production: Production) -> Faults:
    deployment = production.deployment
    names = [name for name in (deployment.domain, *deployment.aliases) if name]
    found = [(urlsplit(o).netloc, where) for o, where in _origins(production) if "://" in o]
    if not names or any(_covers(host, name) for host, _ in found for name in names):
        return
    for host, where in found:
        if _TRIAL.match(host) and any(_beside(host, name) for name in names):
            yield Fault(f"{host} is trusted with forms, and {names[0]} is not named", where)


def _covers(host: str, name: str) -> bool:
    return host == name or (host.startswith("*.") and name.endswith(host[1:]))


def _beside(host: str, name: str) -> bool:
    """Whether both are of one domain."""
    return host.split(".")[-2:] == name.split(".")[-2:]
