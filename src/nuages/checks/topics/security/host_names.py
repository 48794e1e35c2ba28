"""Names in ALLOWED_HOSTS that no request has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security.hosts import URL, hosts_of

_PLACEHOLDER = re.compile(
    r"\.?(www\.)?(example\.(com|org|net)|your-?_?(domain|site|app|host)[\w.-]*|mydomain\.com"
    r"|domain\.com|mysite\.com|<.*>)",
    re.IGNORECASE,
)
_FAULTS = (
    (re.compile(r"[a-z][a-z0-9+.-]*://", re.I), "has a scheme"),
    (re.compile(r"[^,]*,"), "is several hosts in one text"),
    (re.compile(r"\[[^\]]*\]:\d+$|[^:\[]+:[\d*]+$"), "has a port"),
    (re.compile(r"[^/]*/"), "has a path"),
    (re.compile(r"\s|.*\s$"), "has a space around it"),
    (re.compile(r"\*\.|.+\*"), "has an asterisk, which Django takes for a letter"),
)


@rule(
    "SEC013",
    severity="error",
    title="A host that matches nothing",
    why="Django compares the name in the Host header, without its port: a scheme, a port, a path "
    "or a comma in ALLOWED_HOSTS never matches, and the visitor gets 400. All subdomains are "
    "written with a leading dot.",
    symptom="Bad Request (400); Invalid HTTP_HOST header, though it stands in the list.",
    fix="Write the bare name: `shop.example.com`, or `.example.com` with all subdomains.",
    url=URL,
    mistake={"settings.py": "ALLOWED_HOSTS = ['https://shop.example.com']"},
    fixed={"settings.py": "ALLOWED_HOSTS = ['shop.example.com']"},
)
def malformed(production: Production) -> Faults:
    settings = production.settings
    value = settings.get("ALLOWED_HOSTS")
    where = settings.at("ALLOWED_HOSTS")
    given = production.deployment.environment_variables
    names = [name for name in settings.variables("ALLOWED_HOSTS") if name in given]
    if isinstance(value, str):
        yield Fault("ALLOWED_HOSTS is one text, and must be a list", where)
        return
    for host, fault in _malformed(value):
        inside = next((n for n in names if host in given[n]), None)
        at = production.config_at("env_vars", inside) if inside else where
        yield Fault(f"{host!r} in ALLOWED_HOSTS {fault}, so it matches nothing", at)


def _malformed(value: object) -> Iterator[tuple[str, str]]:
    for host in hosts_of(value):
        fault = next((words for pattern, words in _FAULTS if pattern.match(host)), None)
        if fault and host != "*":
            yield host, fault


@rule(
    "SEC014",
    severity="info",
    title="A placeholder is among the hosts",
    why="The name is a tutorial's. Whoever sets no variable gets a site that answers 400 to its "
    "own domain.",
    symptom="Invalid HTTP_HOST header: 'shop.example.com'.",
    fix="Write your own domain, or demand the variable.",
    url=URL,
    mistake={"settings.py": "ALLOWED_HOSTS = ['yourdomain.com']"},
    fixed={"settings.py": "ALLOWED_HOSTS = ['shop.example.org']"},
    repaired_by="hosts",
)
def placeholder(production: Production) -> Faults:
    settings = production.settings_alone
    for host in hosts_of(settings.get("ALLOWED_HOSTS")):
        if _PLACEHOLDER.fullmatch(host):
            yield Fault(f"{host} in ALLOWED_HOSTS is nobody's", settings.at("ALLOWED_HOSTS"))
