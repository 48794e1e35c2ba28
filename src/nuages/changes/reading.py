"""``terraform show -json`` of a plan, read.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from nuages.changes.change import Action, Change, Drift, Field, Plan
from nuages.changes.fields import Marked, differences, masked
from nuages.errors import StepFailed

_MAJOR = "1."
_ACTIONS: dict[tuple[str, ...], Action] = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("create", "forget"): "replace",
    ("forget",): "forget",
}
Written = Mapping[str, frozenset[str]]
_QUIET = frozenset({("no-op",), ("read",)})


def plan(text: str) -> Plan:
    """A plan out of its JSON.

    Raises StepFailed where it is not one that can be read here.
    """
    said = _document(text)
    written = _written(said)
    entries = [each for each in _listed(said, "resource_changes") if each.get("mode") != "data"]
    changes = [change for each in entries if (change := _change(each, written))]
    moving = {change.address for change in changes}
    drift = [Drift(found, found.address in moving) for found in _drifted(said, written)]
    outputs = said.get("output_changes") or {}
    changed = [name for name, each in outputs.items() if each["actions"] != ["no-op"]]
    return Plan(tuple(changes), tuple(drift), len(entries) - len(changes), tuple(sorted(changed)))


def _document(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
        version = str(said["format_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise StepFailed("The plan cannot be read", reason="plan-unreadable") from error
    if not version.startswith(_MAJOR):
        raise StepFailed(
            f"The plan is written in format {version}, of which nothing is known here",
            hint="Upgrade Nuages, or use an older Terraform.",
            reason="plan-format",
        )
    found: Mapping[str, Any] = said
    return found


def _listed(said: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return list(said.get(key) or ())


def _written(said: Mapping[str, Any]) -> Written:
    """The arguments that the configuration gives each object; of those of modules: unknown."""
    root = (said.get("configuration") or {}).get("root_module") or {}
    return {
        each["address"]: frozenset(each.get("expressions") or ())
        for each in _listed(root, "resources")
    }


def _drifted(said: Mapping[str, Any], written: Written) -> Iterable[Change]:
    found = (_change(each, written) for each in _listed(said, "resource_drift"))
    return (change for change in found if change and (change.fields or change.destructive))


def _change(entry: Mapping[str, Any], written: Written) -> Change | None:
    """What happens to one object; None where it is nothing."""
    change = entry["change"]
    action = _action(entry, change)
    if action is None:
        return None
    before = Marked(change.get("before"), change.get("before_sensitive"))
    after = Marked(change.get("after"), change.get("after_sensitive"), change.get("after_unknown"))
    gone = action in ("destroy", "forget")
    return Change(
        address=entry["address"],
        type=entry["type"],
        name=entry["name"],
        index=entry.get("index"),
        action=action,
        fields=_fields(entry, action, (before, after), written),
        reason=entry.get("action_reason", ""),
        values=masked(before if gone else after) or {},
        before=(masked(before) or {}) if "delete" in change["actions"] else {},
        moved_from=entry.get("previous_address"),
        imported=(change.get("importing") or {}).get("id"),
        create_first=change["actions"][0] == "create" and len(change["actions"]) > 1,
    )


def _action(entry: Mapping[str, Any], change: Mapping[str, Any]) -> Action | None:
    actions = tuple(change["actions"])
    if actions not in _QUIET:
        return _ACTIONS[actions]
    if actions == ("no-op",) and change.get("importing"):
        return "import"
    return "move" if actions == ("no-op",) and entry.get("previous_address") else None


def _fields(
    entry: Mapping[str, Any], action: Action, values: tuple[Marked, Marked], written: Written
) -> tuple[Field, ...]:
    """The arguments that differ. What merely follows from them (a time, a number) is no news."""
    if action not in ("update", "replace"):
        return ()
    forcing = [tuple(path) for path in entry["change"].get("replace_paths") or ()]
    arguments = written.get(f"{entry['type']}.{entry['name']}")
    found = (_forced(each, forcing) for each in differences(*values))
    given = [f for f in found if f.forces or arguments is None or f.path[0] in arguments]
    chosen = [f for f in given if f.forces or not (f.unknown and action == "replace")]
    return tuple(sorted(chosen, key=lambda field: not field.forces))


def _forced(field: Field, forcing: list[tuple[str | int, ...]]) -> Field:
    steps = tuple(step for step in field.path if not isinstance(step, int))
    for path in forcing:
        wanted = tuple(step for step in path if not isinstance(step, int))
        if steps[: len(wanted)] == wanted:
            return replace(field, forces=True)
    return field
