"""Operations of Cloud SQL: one at a time for an instance.

https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/operations
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from fakes.google.calls import Call, Json, answers
from fakes.google.clock import now
from fakes.google.errors import legacy
from fakes.google.operations import Operation
from fakes.google.pages import page

BUSY = (
    "Operation failed because another operation was already in progress. Try your request after "
    "the current operation is complete."
)


def started(
    call: Call, instance: str, kind: str, work: Callable[[], Json | None], **context: Json
) -> Json:
    """Raises GoogleError 409 while another one of that instance runs."""
    with call.world.resources.lock:
        for other in call.world.operations.all.values():
            if other.metadata.get("targetId") == instance and not other.done.is_set():
                raise legacy(409, BUSY, "operationInProgress")
        name = str(uuid.uuid4())
        metadata = {
            "kind": "sql#operation",
            "name": name,
            "operationType": kind,
            "targetId": instance,
            "targetProject": call.world.project,
            "user": call.world.tokens.email,
            "insertTime": now(),
            "selfLink": f"{call.base}/v1/projects/{call.world.project}/operations/{name}",
            **context,
        }
        operation = Operation(name, "", metadata)
        first = shown(operation)
        call.world.operations.begin(call, operation, work)
    return first


def shown(operation: Operation) -> Json:
    found = {**operation.metadata, "startTime": operation.metadata["insertTime"]}
    if not operation.done.is_set():
        return {**found, "status": "RUNNING"}
    found.update(status="DONE", endTime=now())
    if operation.error is not None:
        error = {"kind": "sql#operationError", "code": "INTERNAL_ERROR"}
        each = {**error, "message": operation.error["message"]}
        found["error"] = {"kind": "sql#operationErrors", "errors": [each]}
    return found


@answers("sqladmin.v1", "operations.get")
def get(call: Call) -> Json:
    operation = call.world.operations.all.get(call.path["operation"])
    if operation is None:
        raise legacy(404, "The Cloud SQL operation does not exist.", "operationDoesNotExist")
    return shown(operation)


@answers("sqladmin.v1", "operations.list")
def listed(call: Call) -> Json:
    every = [
        shown(each)
        for each in call.world.operations.all.values()
        if each.metadata.get("kind") == "sql#operation"
        and call.query.get("instance", each.metadata["targetId"]) == each.metadata["targetId"]
    ]
    answer = page("items", every[::-1], call.query, size="maxResults")
    return {"kind": "sql#operationsList", **answer}
