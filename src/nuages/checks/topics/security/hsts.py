"""The header by which browsers stay with https."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS

_SOON = 3600
_PRELOADED = 31536000
"""What the list demands: https://hstspreload.org/#submission-requirements"""


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
