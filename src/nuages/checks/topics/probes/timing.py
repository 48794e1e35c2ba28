"""How often a probe asks, how long it waits, and how soon it gives up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_PROBES = (
    "https://kubernetes.io/docs/tasks/configure-pod-container/"
    "configure-liveness-readiness-startup-probes/"
)
_YAML = (
    "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
    "deployment:\n  health_check:\n    {}\n"
)
_CHECK = ("deployment", "health_check")
SHORTEST_START = 10
"""Seconds in which Django has imported a site and connected to its database."""
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def _docker(production: Production, flag: str, key: str) -> Iterator[tuple[str, Location]]:
    """The same in a Dockerfile's HEALTHCHECK, or in a compose file for a service of one's own."""
    for file in production.dockerfiles:
        check = file.last("HEALTHCHECK")
        value = check.flag(flag) if check else None
        if check and value:
            yield value, check.location
    for compose in production.compose_files:
        for service in compose.own:
            said = service.yaml.get("healthcheck", key)
            if said and said.text:
                yield said.text, service.at("healthcheck", key)


def _seconds(text: str) -> float | None:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", text)
    return sum(float(n) * _UNITS[unit] for n, unit in parts) if parts else None


@rule(
    "PRO005",
    severity="warning",
    title="The site has no time to start",
    why="Until it has imported its code and connected to the database, a site answers no probe. "
    "Probes that count from the first second kill it while it starts, again and again.",
    symptom="CrashLoopBackOff or a release that never becomes healthy, and a log that ends in the "
    "middle of the start.",
    fix="Let `health_check.start_period` be longer than the slowest start: `60s`.",
    url=f"{_PROBES}#define-startup-probes",
    mistake={"nuages.yaml": _YAML.format("start_period: 1s")},
    fixed={"nuages.yaml": _YAML.format("start_period: 60s")},
)
def no_time(production: Production) -> Faults:
    probe, where = (
        production.deployment.web.readiness,
        production.config_said(*_CHECK, "start_period"),
    )
    if probe and where and probe.start_period < SHORTEST_START:
        yield Fault(f"The site has {probe.start_period} s to start", where)
    for text, place in _docker(production, "start-period", "start_period"):
        seconds = _seconds(text)
        if seconds is not None and seconds < SHORTEST_START:
            yield Fault(f"The site has {text} to start", place)


@rule(
    "PRO006",
    severity="warning",
    title="One failed probe is enough",
    why="A single slow answer, a lost packet or a busy second takes the instance out of service "
    "or restarts it; under load they go one after the other.",
    symptom="Instances that come and go under load; restarts with nothing in the log.",
    fix="Ask for three failures in a row: `failure_threshold: 3`.",
    url=f"{_PROBES}#configure-probes",
    mistake={"nuages.yaml": _YAML.format("failure_threshold: 1")},
    fixed={"nuages.yaml": _YAML.format("failure_threshold: 3")},
)
def one_failure(production: Production) -> Faults:
    probe, where = (
        production.deployment.web.readiness,
        production.config_said(*_CHECK, "failure_threshold"),
    )
    if probe and where and probe.failure_threshold == 1:
        yield Fault("One failed probe counts as an outage", where)
    for text, place in _docker(production, "retries", "retries"):
        if text == "1":
            yield Fault("One failed probe counts as an outage", place)
