"""The same code again, in a new revision: what it reads at its start is read anew.

Source: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services.revisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import traffic
from nuages.targets.cloud_run.values import values

_SAME = (
    "labels",
    "scaling",
    "vpcAccess",
    "timeout",
    "serviceAccount",
    "containers",
    "volumes",
    "executionEnvironment",
    "encryptionKey",
    "maxInstanceRequestConcurrency",
    "sessionAffinity",
)
"""What a revision has in common with the template that it was made from."""
_RENEWED = "nuages-renewed"
"""A label: a template that differs in nothing makes no new revision."""


def looked(places: Places) -> tuple[Stage, ...]:
    """The revision that most are sent to.

    The template of the service itself may be that of a release that failed.
    """
    return (
        Stage("serving", "Look what serves", lambda _: [traffic.look(places, "service")]),
        Stage("revision", "Look what serves", lambda o: _serving(places, o)),
    )


def prepared(places: Places, moment: str) -> tuple[Stage, ...]:
    """A twin of the revision that serves; nobody is sent there yet."""
    return (
        *looked(places),
        Stage("restart:twin", "Make a new revision of it", lambda o: _twin(places, moment, o)),
    )


def shifted(places: Places) -> Stage:
    """Everybody to the twin."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        if not _share(outputs):
            return []
        kept = traffic.now(outputs.mapping("service"))
        name = traffic.made(outputs)
        return [traffic.patch(places, traffic.share(kept, name, 100), f"Send everybody to {name}")]

    return Stage("restart:shift", "Send everybody to it", steps)


def workers(deployment: Deployment, places: Places, moment: str) -> tuple[Stage, ...]:
    """Every worker anew; a singleton goes before its next one comes."""
    pools = values(deployment)["workers"]

    def look(_: Outputs) -> Sequence[Step]:
        return [_pool(places, name) for name in pools]

    def roll(outputs: Outputs) -> Sequence[Step]:
        return [s for name in pools for s in _rolled(places, name, pools[name], moment, outputs)]

    return (
        Stage("restart:pools", "Look at the workers", look),
        Stage("restart:workers", "Start the workers anew", roll),
    )


def _share(outputs: Outputs) -> dict[str, Any]:
    """Whom most are sent to."""
    found = traffic.now(outputs.mapping("service"))
    served = [each for each in found if each.get("percent")]
    return max(served, key=lambda each: int(each["percent"])) if served else {}


def _serving(places: Places, outputs: Outputs) -> Sequence[Step]:
    most = _share(outputs)
    if not most:
        return []
    return [
        Request(
            f"The revision {most['revision']}",
            "run.v2",
            "projects.locations.services.revisions.get",
            {"name": f"{places.service}/revisions/{most['revision']}"},
            output="revision",
        )
    ]


def _twin(places: Places, moment: str, outputs: Outputs) -> Sequence[Step]:
    if not _share(outputs):
        return []
    found = outputs.mapping("revision")
    template = {part: found[part] for part in _SAME if part in found}
    template |= {"labels": {**found.get("labels", {}), _RENEWED: moment}}
    kept = traffic.now(outputs.mapping("service"))
    return [
        Request(
            "The same in a new revision",
            "run.v2",
            "projects.locations.services.patch",
            {"name": places.service, "updateMask": "template,traffic"},
            {"template": template, "traffic": kept},
            output="service",
        )
    ]


def _pool(places: Places, name: str) -> Request:
    return Request(
        f"The worker {name}",
        "run.v2",
        "projects.locations.workerPools.get",
        {"name": places.pool(name)},
        output=f"pool:{name}",
        accept=(404,),
    )


def _rolled(
    places: Places, name: str, given: Mapping[str, Any], moment: str, outputs: Outputs
) -> list[Step]:
    found = outputs.mapping(f"pool:{name}")
    if not found:
        return []
    old = {part: v for part, v in found.get("template", {}).items() if part != "revision"}
    template = {**old, "labels": {**old.get("labels", {}), _RENEWED: moment}}
    scaling = found.get("scaling", {})
    roll = _patched(places, name, {"template": template, "scaling": scaling})
    stop = _patched(places, name, {"scaling": {**scaling, "manualInstanceCount": 0}})
    return [stop, roll] if given["singleton"] else [roll]


def _patched(places: Places, name: str, body: Mapping[str, Any]) -> Request:
    return Request(
        f"The worker {name}",
        "run.v2",
        "projects.locations.workerPools.patch",
        {"name": places.pool(name), "updateMask": ",".join(body)},
        body,
    )
