"""logging.v2: entries of what ran."""

from __future__ import annotations

from fakes.google.calls import Call, Json, answers
from fakes.google.errors import invalid
from fakes.google.filters import compiled
from fakes.google.pages import page


@answers("logging.v2", "entries.list")
def listed(call: Call) -> Json:
    body, world = call.body, call.world
    names = [world.normal(name) for name in body.get("resourceNames", [])]
    if not names:
        raise invalid("A list of resource names is required.", "resource_names")
    if [name for name in names if name.split("/")[:2] != ["projects", world.project]]:
        raise invalid("Resource names must be of projects that exist.", "resource_names")
    order = body.get("orderBy", "timestamp asc")
    if order not in ("timestamp asc", "timestamp desc"):
        raise invalid(f"Invalid order_by: {order}", "order_by")
    test = compiled(body.get("filter", ""))
    found = [entry for entry in world.runtime.log_entries() if test(entry)]
    found.sort(key=lambda entry: entry.get("timestamp", ""), reverse=order.endswith("desc"))
    return page("entries", found, body, limit=1000)
