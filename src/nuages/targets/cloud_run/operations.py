"""Long-running operations, of either kind that Google has.

https://google.aip.dev/151, and Cloud SQL's own:
https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/operations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.steps.step import Request


def is_operation(request: Request, answer: Any) -> bool:
    """Whether an answer is an operation."""
    if not isinstance(answer, Mapping):
        return False
    if request.api.startswith("sqladmin"):
        return answer.get("kind") == "sql#operation"
    return "operations/" in str(answer.get("name", ""))


def ended(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("done")) or answer.get("status") == "DONE"


def look(request: Request, answer: Mapping[str, Any]) -> Request:
    """What asks how an operation goes on."""
    name = str(answer["name"])
    if request.api.startswith("sqladmin"):
        given = {"project": answer["targetProject"], "operation": name}
        return Request(request.label, request.api, "operations.get", given)
    located = name.startswith("projects/")
    method = "projects.locations.operations.get" if located else "operations.get"
    return Request(request.label, request.api, method, {"name": name})
