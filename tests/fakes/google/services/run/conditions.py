"""What Run says of how its objects are."""

from __future__ import annotations

from typing import Any

from fakes.google.clock import now

Json = dict[str, Any]


def condition(
    type: str, state: str = "CONDITION_SUCCEEDED", message: str = "", **more: Json
) -> Json:
    found = {"type": type, "state": state, "lastTransitionTime": now(), **more}
    return {**found, "message": message} if message else found


def ready(*types: str) -> Json:
    """Fields of something that is as it was asked to be."""
    return {
        "terminalCondition": condition("Ready"),
        "conditions": [condition(type) for type in types],
        "reconciling": False,
    }


def waiting(*types: str) -> Json:
    state = "CONDITION_RECONCILING"
    return {
        "terminalCondition": condition("Ready", state),
        "conditions": [condition(type, state) for type in types],
        "reconciling": True,
    }


def failed(message: str, *types: str) -> Json:
    state = "CONDITION_FAILED"
    return {
        "terminalCondition": condition("Ready", state, message),
        "conditions": [condition(type, state, message) for type in types],
        "reconciling": False,
    }
