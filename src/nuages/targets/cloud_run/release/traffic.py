"""Who is sent where: before, with the candidate beside it, step by step, and all at once.

Source: https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.targets.cloud_run.places import TAG, Places

_BY_NAME = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_NEWEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
EVERYBODY = "allUsers"
INVOKER = "roles/run.invoker"

Targets = list[dict[str, Any]]


def statuses(service: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What the API says of each part of the traffic."""
    return service.get("trafficStatuses") or ()


def now(service: Mapping[str, Any]) -> Targets:
    """The traffic of a service by the names of revisions, tags of others kept, ours dropped."""
    newest = str(service.get("latestReadyRevision", "")).rpartition("/")[2]
    found: Targets = []
    for each in statuses(service):
        tag = each.get("tag", "")
        keep = {"tag": tag} if tag and tag != TAG else {}
        if each.get("percent") or keep:
            revision = each.get("revision") or newest
            share = {"percent": each["percent"]} if each.get("percent") else {}
            found.append({"type": _BY_NAME, "revision": revision, **share, **keep})
    return found


def before(outputs: Outputs) -> Targets:
    """Where everybody was sent before this release; on the first one, to the empty shell."""
    if outputs.dry:
        return [{"type": _BY_NAME, "revision": "‹what serves now›", "percent": 100}]
    return now(outputs.get("before") or outputs.mapping("service"))


def candidate(kept: Targets) -> Targets:
    """As before, and a name of its own for the new revision, be that called as it may."""
    return [*kept, {"type": _NEWEST, "tag": TAG}]


def made(outputs: Outputs) -> str:
    """The revision of this release; Cloud Run names it."""
    return outputs.text("service", "latestCreatedRevision").rpartition("/")[2]


def share(kept: Targets, revision: str, percent: int) -> Targets:
    """So much for the new revision, the rest for what took most before."""
    if percent >= 100:
        return [*(_tagged(each) for each in kept if each.get("tag")), _all(revision)]
    most = max(kept, key=lambda each: int(each.get("percent", 0)))
    tags = [_tagged(each) for each in kept if each.get("tag")]
    old = {"type": _BY_NAME, "revision": most["revision"], "percent": 100 - percent}
    new = {"type": _BY_NAME, "revision": revision, "percent": percent, "tag": TAG}
    return [*tags, old, new]


def _tagged(each: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each[name] for name in ("type", "revision", "tag")}


def _all(revision: str) -> dict[str, Any]:
    return {"type": _BY_NAME, "revision": revision, "percent": 100}


def patch(places: Places, targets: Targets, label: str) -> Request:
    """Send people elsewhere; no revision is made."""
    return Request(
        label,
        "run.v2",
        "projects.locations.services.patch",
        {"name": places.service, "updateMask": "traffic"},
        {"traffic": targets},
        output="service",
    )


def shift(places: Places) -> Stage:
    """Everybody to the new revision."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        name = made(outputs)
        return [patch(places, share(before(outputs), name, 100), f"Send everybody to {name}")]

    return Stage("shift", "Shift the traffic", steps, remembered=True)


def again(places: Places) -> tuple[Stage, ...]:
    """Everybody to the revision of an earlier release, whose outputs are given."""

    def looks(outputs: Outputs) -> Sequence[Step]:
        name = made(outputs)
        there = Request(
            f"The revision {name}",
            "run.v2",
            "projects.locations.services.revisions.get",
            {"name": f"{places.service}/revisions/{name}"},
            output="again",
        )
        return [there, look(places, "now")]

    def steps(outputs: Outputs) -> Sequence[Step]:
        name = made(outputs)
        targets = share(now(outputs.mapping("now")), name, 100)
        return [replace(patch(places, targets, f"Send everybody to {name}"), output="now")]

    return (
        Stage("again:look", "Look whether it is still there", looks),
        Stage("again", "Send everybody back", steps),
    )


def back(places: Places) -> tuple[Stage, ...]:
    """Everybody to where they were before this release, and the candidate's name dropped."""

    def steps(outputs: Outputs) -> Sequence[Step]:
        targets, found = before(outputs), outputs.mapping("service")
        tagged = any(each.get("tag") == TAG for each in statuses(found))
        changed = tagged or now(found) != targets
        return [patch(places, targets, "Send everybody back")] if targets and changed else []

    return (
        Stage("back:look", "Look who is sent where", lambda _: [look(places, "service")]),
        Stage("back", "Undo what was begun", steps),
    )


def look(places: Places, output: str) -> Request:
    """The service as it is now; empty where there is none yet."""
    return Request(
        "The service",
        "run.v2",
        "projects.locations.services.get",
        {"name": places.service},
        output=output,
        accept=(404,),
    )


def opening(places: Places, *, public: bool) -> tuple[Stage, ...]:
    """Let everybody in or nobody but named accounts, where that is not so already.

    Ingress decides from where they come.
    """

    def steps(outputs: Outputs) -> Sequence[Step]:
        policy = outputs.mapping("policy")
        if is_open(policy) == public or (outputs.dry and not public):
            return []
        others = [_without_everybody(each) for each in policy.get("bindings", ())]
        kept = [each for each in others if each.get("members")]
        wanted = [{"role": INVOKER, "members": [EVERYBODY]}] if public else []
        changed = {**policy, "bindings": [*kept, *wanted]}
        return [
            Request(
                "Let the public in" if public else "Let the public in no longer",
                "run.v2",
                "projects.locations.services.setIamPolicy",
                {"resource": places.service},
                {"policy": {name: v for name, v in changed.items() if name != "…"}},
            )
        ]

    look = Request(
        "Who may call the service",
        "run.v2",
        "projects.locations.services.getIamPolicy",
        {"resource": places.service},
        output="policy",
    )
    return (
        Stage("policy", "Look who may call the service", lambda _: [look]),
        Stage("open", "Open the service" if public else "Close it", steps, remembered=True),
    )


def _without_everybody(binding: Mapping[str, Any]) -> dict[str, Any]:
    """Of those who may call it; a binding of another role stays as it is."""
    members = [m for m in binding.get("members", ()) if m != EVERYBODY]
    return {**binding, "members": members} if binding.get("role") == INVOKER else {**binding}


def is_open(policy: Mapping[str, Any]) -> bool:
    bindings = policy.get("bindings", ())
    return any(b["role"] == INVOKER and EVERYBODY in b.get("members", ()) for b in bindings)
