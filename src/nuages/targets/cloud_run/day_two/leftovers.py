"""What bears the site's name in the cloud, and belongs to nothing that is deployed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nuages.model import Deployment
from nuages.steps.site import Leftover
from nuages.steps.stage import Outputs
from nuages.targets.cloud_run.environment import secret_ids
from nuages.targets.cloud_run.places import TAG, Places
from nuages.targets.cloud_run.release import traffic
from nuages.targets.cloud_run.values import name as site_name
from nuages.targets.cloud_run.values import values

KEPT = 2
"""Revisions that stay ready for the way back, beside those that serve."""
DRILL = "drill"
"""Begins, behind the site's name, that of an instance which backups are tried in."""
_WRITTEN = ("database-url", "cache-url")
"""Secrets that the infrastructure writes itself."""


def found(
    deployment: Deployment, places: Places, others: Sequence[str], outputs: Outputs
) -> tuple[Leftover, ...]:
    """In the order in which they matter. ``others``: the site's other environments."""
    strangers = tuple(f"{_site(deployment, other)}-" for other in others)
    known = values(deployment)
    secrets = {*secret_ids(deployment, places.site).values(), *_written(places)}

    def unknown(output: str, items: str, expected: Iterable[str]) -> list[str]:
        named = (_short(each) for each in outputs.mapping(output).get(items, ()))
        ours = (each for each in named if each.startswith(f"{places.site}-"))
        return [n for n in ours if n not in set(expected) and not n.startswith(strangers)]

    def whole(names: Iterable[str]) -> list[str]:
        return [f"{places.site}-{each}" for each in names]

    workers = unknown("workerPools", "workerPools", whole(known["workers"]))
    jobs = unknown("jobs", "jobs", whole(known["jobs"]))
    return (
        *_revisions(outputs),
        *(Leftover("worker", each, "nuages.yaml has no such service") for each in workers),
        *(Leftover("job", each, "nuages.yaml has no such job") for each in jobs),
        *(
            Leftover("secret", each, "no process reads it")
            for each in unknown("secrets", "secrets", secrets)
        ),
        *_databases(places, outputs),
    )


def _site(deployment: Deployment, environment: str) -> str:
    return site_name(replace(deployment, environment=environment))


def _written(places: Places) -> list[str]:
    return [f"{places.site}-{each}" for each in _WRITTEN]


def _short(each: Mapping[str, Any]) -> str:
    return str(each.get("name", "")).rpartition("/")[2]


def _revisions(outputs: Outputs) -> Iterator[Leftover]:
    statuses = traffic.statuses(outputs.mapping("service"))
    for each in statuses:
        if each.get("tag") == TAG and not each.get("percent"):
            name = str(each.get("revision", ""))
            yield Leftover("candidate", name, f"a release left it under the tag {TAG}")
    used = {str(each.get("revision", "")) for each in statuses}
    ordered = sorted(
        outputs.mapping("revisions").get("revisions", ()),
        key=lambda each: str(each.get("createTime")),
        reverse=True,
    )
    idle = [name for name in map(_short, ordered) if name not in used]
    for name in idle[KEPT:]:
        yield Leftover("revision", name, "older than the last two, and nobody is sent there")


def _databases(places: Places, outputs: Outputs) -> Iterator[Leftover]:
    own = outputs.get("infrastructure", "database", "instance")
    pattern = re.compile(rf"{re.escape(places.site)}-({DRILL}-[\w-]+|[0-9a-f]{{4}})")
    for each in outputs.mapping("databases").get("items", ()):
        name = str(each.get("name", ""))
        if name != own and pattern.fullmatch(name):
            drill = name.startswith(f"{places.site}-{DRILL}-")
            why = "a drill left it" if drill else "the last release knows nothing of it"
            yield Leftover("database", name, why)
