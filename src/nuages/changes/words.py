"""A plan in plain words: who changes from what to what, and why."""

from __future__ import annotations

import json
from typing import Any

from nuages.changes.change import Action, Change, Field, Plan
from nuages.changes.nouns import Nouns, lost, phrase, protected

LONGEST = 90
"""Characters of a value; what is longer is cut."""
_VERBS: tuple[tuple[Action, str], ...] = (
    ("create", "create"),
    ("update", "change"),
    ("replace", "destroy and make anew"),
    ("import", "take over"),
    ("move", "rename"),
    ("forget", "leave alone"),
)
_REASONS = {
    "replace_because_tainted": "it was only half made the last time",
    "replace_by_request": "it was asked for",
    "replace_by_triggers": "something that it depends on changes",
    "delete_because_no_resource_config": "it is no longer in the configuration",
    "delete_because_no_module": "its module is no longer in the configuration",
    "delete_because_wrong_repetition": "its count or for_each was added or removed",
    "delete_because_count_index": "there are fewer of them now",
    "delete_because_each_key": "{index} is no longer wanted",
    "delete_because_no_move_target": "it was moved to what does not exist",
}


def reason(change: Change) -> str:
    """Why something is replaced or destroyed; empty where Terraform does not say."""
    forcing = [words(field) for field in change.fields if field.forces]
    if forcing:
        return f"this cannot be changed in place: {'; '.join(forcing)}"
    return _REASONS.get(change.reason, "").format(index=change.index)


def words(field: Field) -> str:
    """``settings.tier: db-f1-micro → db-custom-1-3840``."""
    name = path(field.path)
    if field.sensitive:
        return f"{name}: another value, which is secret"
    after = "known once it is made" if field.unknown else value(field.after)
    return f"{name}: {value(field.before)} → {after}"


def path(steps: tuple[str | int, ...]) -> str:
    """``env.DEBUG``: without the index of what there is one of."""
    named = [str(step) for step in steps if step != 0]
    return ".".join(named[:-1] if len(named) > 2 and named[-1] == "value" else named)


def value(found: Any) -> str:
    """A value as text, in one line that is not too long."""
    if found is None or found in ("", [], {}):
        return "nothing"
    if isinstance(found, list) and not any(isinstance(each, dict | list) for each in found):
        text = ", ".join(value(each) for each in found)
    else:
        text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def summary(plan: Plan) -> str:
    """``12 to create, 1 to change, 1 to replace, nothing to destroy.``"""
    parts = [f"{len(found)} to {verb}" for kind, verb in _VERBS if (found := plan.doing(kind))]
    gone = len(plan.doing("destroy"))
    if gone or not plan.doing("replace"):
        parts.append(f"{gone or 'nothing'} to destroy")
    if not plan.changes:
        return "Only outputs change." if plan.outputs else "Nothing changes."
    return f"{', '.join(parts)}."


def warning(change: Change, nouns: Nouns) -> str:
    """What is lost, and whether it comes to that; empty where nothing is."""
    data = lost(change, nouns)
    if data and protected(change):
        return f"{data} would be lost; it is protected, so that this is refused as it stands"
    if data:
        return f"{data} is lost"
    return "it is protected, so that this is refused as it stands" if protected(change) else ""


def losses(plan: Plan, nouns: Nouns) -> tuple[str, ...]:
    """Every object that goes with data in it: ``the bucket x: every upload``."""
    found = ((change, lost(change, nouns)) for change in plan.changes)
    return tuple(f"{phrase(change, nouns)}: {data}" for change, data in found if data)
