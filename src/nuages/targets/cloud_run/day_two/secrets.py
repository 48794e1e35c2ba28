"""Secrets: what is known of them, and values added.

Source: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions
(versions are listed the newest first).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps.site import GivenSecret, SecretState
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Given, Request, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.environment import secret_ids
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys
from nuages.targets.cloud_run.values import values

KEPT = 2
"""Values that stay readable: the new one, and the one before it for the way back."""


def names(deployment: Deployment, places: Places) -> dict[str, bool]:
    """Variable → whether its value may be made up."""
    made_up = keys.ids(deployment, places)
    return {name: made_up[id] for name, id in secret_ids(deployment, places.site).items()}


def listed(deployment: Deployment, places: Places) -> Task[tuple[SecretState, ...]]:
    """Every secret of the site, those that the infrastructure writes itself too."""

    def look(outputs: Outputs) -> Sequence[Step]:
        found = _ids(deployment, places, outputs).values()
        return [_newest(places, id, 1) for id in dict.fromkeys(found)]

    def answer(outputs: Outputs) -> tuple[SecretState, ...]:
        found = _ids(deployment, places, outputs)
        return tuple(_state(deployment, places, name, found[name], outputs) for name in found)

    return Task((Stage("secrets", "Look at the secrets", look),), answer)


def _ids(deployment: Deployment, places: Places, outputs: Outputs) -> dict[str, str]:
    written = outputs.get("infrastructure", "secrets") or {}
    return dict(sorted({**written, **secret_ids(deployment, places.site)}.items()))


def _newest(places: Places, id: str, count: int) -> Request:
    return Request(
        f"The newest value of {id}",
        "secretmanager.v1",
        "projects.secrets.versions.list",
        {"parent": places.secret(id), "filter": "state:ENABLED", "pageSize": count},
        output=f"versions:{id}",
        accept=(404,),
    )


def _versions(id: str, outputs: Outputs) -> list[Mapping[str, Any]]:
    found = outputs.mapping(f"versions:{id}").get("versions", ())
    return [each for each in found if each.get("state") == "ENABLED"]


def number(version: Mapping[str, Any]) -> str:
    """``7``, the last part of a version's name."""
    return str(version["name"]).rpartition("/")[2]


def _state(
    deployment: Deployment, places: Places, name: str, id: str, outputs: Outputs
) -> SecretState:
    newest = next(iter(_versions(id, outputs)), None)
    return SecretState(
        name,
        id,
        generated=names(deployment, places).get(name, True),
        version=number(newest) if newest else "",
        at=str(newest.get("createTime", "")) if newest else "",
        readers=readers(deployment, name),
    )


def readers(deployment: Deployment, name: str) -> tuple[str, ...]:
    """The processes that have a variable; everybody has what the infrastructure answers."""
    found = values(deployment)
    processes = {"web": found["web"], **found["workers"], **found["jobs"]}
    everybody = name in found["wiring"]
    return tuple(p for p, given in processes.items() if everybody or name in given["secrets"])


def given(
    deployment: Deployment, places: Places, names: Sequence[str]
) -> Task[tuple[GivenSecret, ...]]:
    """Values that somebody gave, by the names of their variables."""
    known = secret_ids(deployment, places.site)
    added = {known[name]: Given(name) for name in names}
    stages = (
        Stage("api", "Turn Secret Manager on", lambda _: [_api(places)]),
        *added_values(places, added),
    )
    return Task(stages, lambda o: tuple(answer(name, known[name], o) for name in names))


def _api(places: Places) -> Request:
    """The first values are given before anything has been deployed."""
    return Request(
        "The API of Secret Manager",
        "serviceusage.v1",
        "services.enable",
        {"name": f"{places.root}/services/secretmanager.googleapis.com"},
    )


def added_values(places: Places, added: Mapping[str, Any]) -> tuple[Stage, ...]:
    """A version for each secret; those before the last two can be read no more."""

    def add(_: Outputs) -> Sequence[Step]:
        return [step for id, value in added.items() for step in _add(places, id, value)]

    def disable(outputs: Outputs) -> Sequence[Step]:
        return [step for id in added for step in _disable(id, outputs)]

    return (
        Stage("add", "Add the value", add),
        Stage("old", "Look for old values", lambda _: [_newest(places, id, 25) for id in added]),
        Stage("disable", "Disable old values", disable),
    )


def _add(places: Places, id: str, value: Any) -> list[Step]:
    return [
        Request(
            f"The secret {id}",
            "secretmanager.v1",
            "projects.secrets.create",
            {"parent": places.root, "secretId": id},
            keys.secret(places),
            accept=(409,),
        ),
        added(places, id, value),
    ]


def added(places: Places, id: str, value: Any) -> Request:
    """One more version."""
    return Request(
        f"A value for {id}",
        "secretmanager.v1",
        "projects.secrets.addVersion",
        {"parent": places.secret(id)},
        {"payload": {"data": value}},
        output=f"added:{id}",
    )


def before(id: str, outputs: Outputs) -> str | None:
    """The version before the one that was added, by its full name."""
    if not outputs.get(f"added:{id}"):
        return None
    new = int(number(outputs.mapping(f"added:{id}")))
    found = [each for each in _versions(id, outputs) if int(number(each)) < new]
    return str(max(found, key=lambda each: int(number(each)))["name"]) if found else None


def _old(id: str, outputs: Outputs) -> list[str]:
    """Versions that are of no use any more, by name; what was added may not be listed yet."""
    new = int(number(outputs.mapping(f"added:{id}")))
    found = sorted((int(number(each)), str(each["name"])) for each in _versions(id, outputs))
    before = [name for at, name in found if at < new]
    return before[: max(len(before) - (KEPT - 1), 0)]


def _disable(id: str, outputs: Outputs) -> list[Step]:
    return [
        Request(
            f"Disable {name.partition('/secrets/')[2]}",
            "secretmanager.v1",
            "projects.secrets.versions.disable",
            {"name": name},
            {},
        )
        for name in _old(id, outputs)
    ]


def answer(name: str, id: str, outputs: Outputs) -> GivenSecret:
    """What ``added_values`` has done with one secret."""
    disabled = tuple(old.rpartition("/")[2] for old in _old(id, outputs))
    return GivenSecret(name, number(outputs.mapping(f"added:{id}")), disabled)
