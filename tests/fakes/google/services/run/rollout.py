"""What happens in the operation of a create or patch: revision up, then the traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.google.errors import GoogleError, not_found
from fakes.google.kinds import SERVICE
from fakes.google.services.run.conditions import failed, ready
from fakes.google.services.run.revisions import brought_up, is_ready
from fakes.google.services.run.traffic import allocated, statuses

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]
TYPES = ("RoutesReady", "ConfigurationsReady")


def run(world: GoogleWorld, name: str) -> Json:
    """Brings the service to what is wanted of it; a failure leaves the old revisions serving.

    Raises:
        GoogleError: why it cannot be.
    """
    with world.busy(name):
        try:
            _rolled_out(world, _current(world, name))
        except GoogleError as error:
            _status(world, name, failed(error.message, *TYPES))
            raise
        return _status(world, name, ready(*TYPES))


def _current(world: GoogleWorld, name: str) -> Json:
    service = world.resources.get(SERVICE, name)
    if service is None:
        raise not_found(name)
    return service


def _status(world: GoogleWorld, name: str, fields: Json) -> Json:
    """Writes what was observed, over whatever was asked for meanwhile."""
    with world.resources.lock:
        service = _current(world, name)
        uri = world.runtime.service_uri(name)  # which may turn with the ingress
        service.update(fields, uri=uri, urls=[uri], observedGeneration=service["generation"])
        world.resources.put(SERVICE, name, service)
        return service


def _rolled_out(world: GoogleWorld, service: Json) -> None:
    name, latest = service["name"], service["latestCreatedRevision"]
    revision = world.resources.get("revisions", latest)
    if revision is not None and not is_ready(revision):
        brought_up(world, revision, lambda: world.runtime.start_revision(revision))
    service = _status(world, name, {"latestReadyRevision": latest})
    shares, tags = allocated(world, service)
    for wanted in {**shares, **dict.fromkeys(tags.values(), 0)}:
        if wanted != latest:
            world.runtime.start_revision(world.resources.get("revisions", wanted) or {})
    world.runtime.route(name, shares, tags)
    _status(world, name, {"trafficStatuses": statuses(world, service)})
