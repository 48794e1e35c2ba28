"""Who gets how many of the requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fakes.google.errors import invalid, precondition
from fakes.google.services.run.revisions import full_name, is_ready, short

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]
LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
TAG = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")


def check_traffic(targets: list[Json]) -> None:
    """Raises GoogleError 400."""
    if not targets:
        return
    for index, target in enumerate(targets):
        at = f"service.traffic[{index}]"
        if target.get("type") == REVISION and not target.get("revision"):
            raise invalid(f"{at}.revision: Required for this type of allocation.", at)
        if target.get("type") == LATEST and target.get("revision"):
            raise invalid(f"{at}.revision: Must be empty for the latest revision.", at)
        if not 0 <= target.get("percent", 0) <= 100:
            raise invalid(f"{at}.percent: Must be between 0 and 100.", at)
        if target.get("tag") and not TAG.fullmatch(target["tag"]):
            raise invalid(f"{at}.tag: Invalid tag '{target['tag']}'.", at)
    tags = [target["tag"] for target in targets if target.get("tag")]
    if twice := sorted({tag for tag in tags if tags.count(tag) > 1}):
        raise invalid(f"Duplicate traffic tags: {', '.join(twice)}.", "service.traffic")
    total = sum(target.get("percent", 0) for target in targets)
    if total != 100:
        raise invalid(
            f"Traffic percentages must sum to 100, but they sum to {total}.", "service.traffic"
        )


def allocated(world: GoogleWorld, service: Json) -> tuple[dict[str, int], dict[str, str]]:
    """Percent by revision and revision by tag, by full names.

    Raises:
        GoogleError: a revision is not there, or not ready.
    """
    shares: dict[str, int] = {}
    tags: dict[str, str] = {}
    for target in service.get("traffic") or [{"type": LATEST, "percent": 100}]:
        revision = _meant(world, service, target)
        if target.get("percent"):
            shares[revision] = shares.get(revision, 0) + target["percent"]
        if target.get("tag"):
            tags[target["tag"]] = revision
    return shares, tags


def _meant(world: GoogleWorld, service: Json, target: Json) -> str:
    if not target.get("revision"):
        return service["latestReadyRevision"]
    name = full_name(service["name"], short(target["revision"]))
    revision = world.resources.get("revisions", name)
    if revision is None:
        raise precondition(f"Revision '{short(name)}' does not exist or is deleted.")
    if not is_ready(revision):
        raise precondition(f"Revision '{short(name)}' is not ready and cannot serve traffic.")
    return name


def statuses(world: GoogleWorld, service: Json) -> list[Json]:
    """What is told of each target: the same, with the URI of its tag."""
    found = []
    for target in service.get("traffic") or [{"type": LATEST, "percent": 100}]:
        status = {"type": REVISION if target.get("revision") else LATEST, **target}
        if target.get("tag"):
            status["uri"] = world.runtime.service_uri(service["name"], target["tag"])
        found.append(status)
    return found
