"""Requests to Run v2, carried out by google-cloud-run's own clients.

https://cloud.google.com/python/docs/reference/run/latest
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import google.api_core.exceptions as core
import google.cloud.run_v2 as run
from google.api_core.retry import Retry, if_transient_error
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask

from nuages.steps.step import Request

if TYPE_CHECKING:
    from nuages.targets.cloud_run.rest import Rest

_CLIENTS = {
    "services": ("ServicesClient", "service", "Service"),
    "jobs": ("JobsClient", "job", "Job"),
    "workerPools": ("WorkerPoolsClient", "worker_pool", "WorkerPool"),
    "executions": ("ExecutionsClient", "execution", "Execution"),
    "revisions": ("RevisionsClient", "revision", "Revision"),
}


def _passes(error: Exception) -> bool:
    return if_transient_error(error) or isinstance(error, core.BadGateway | core.GatewayTimeout)


_READING = Retry(_passes, initial=0.5, maximum=5, timeout=20)
"""Of what changes nothing. All else is asked once: nobody knows what became of it."""
_VERBS = ("get", "patch", "create", "delete", "list", "run", "cancel")


def knows(request: Request) -> bool:
    """Whether that client has a method for it; policies and operations it leaves to others."""
    *_, resource, verb = ("", *request.method.split("."))
    return request.api == "run.v2" and resource in _CLIENTS and verb in _VERBS


def send(cloud: Rest, request: Request) -> Any:
    """Raises what google.api_core raises."""
    *_, resource, verb = request.method.split(".")
    class_name, noun, _ = _CLIENTS[resource]
    client = _client(cloud, class_name)
    try:
        if verb == "list":
            return _listed(client, resource, request)
        called = "update" if verb == "patch" else verb
        options = {"retry": _READING} if verb == "get" else {}
        given = _message(resource, verb, request)
        answer = getattr(client, f"{called}_{noun}")(request=given, **options)
    except core.RetryError as error:
        raise (error.cause or error) from error
    return _json(getattr(answer, "operation", answer))


def _listed(client: Any, resource: str, request: Request) -> dict[str, Any]:
    """The first page, as the discovery documents have it."""
    plural = {"workerPools": "worker_pools"}.get(resource, resource)
    size = int(request.parameters.get("pageSize", 100))
    pages = getattr(client, f"list_{plural}")(
        request={"parent": request.parameters["parent"], "page_size": size}, retry=_READING
    ).pages
    return _json(next(iter(pages)))


def _message(resource: str, verb: str, request: Request) -> Any:
    """The request message: built from JSON, so that a wrong field is found here already."""
    _, noun, type_name = _CLIENTS[resource]
    given = dict(request.parameters)
    if verb == "patch":
        body = {**(request.body or {}), "name": given["name"]}
        message: dict[str, Any] = {noun: _parsed(getattr(run, type_name), body)}
        mask = given.get("updateMask")
        return message | ({"update_mask": _mask(mask)} if mask else {})
    if verb == "create":
        made = _parsed(getattr(run, type_name), request.body or {})
        return {"parent": given["parent"], noun: made, f"{noun}_id": given[f"{resource[:-1]}Id"]}
    if verb == "run":
        return _parsed(run.RunJobRequest, {**(request.body or {}), "name": given["name"]})
    return {"name": given["name"]}


def _mask(paths: str) -> Any:
    return FieldMask(paths=paths.split(","))


def _parsed(kind: Any, body: Mapping[str, Any]) -> Any:
    return kind.from_json(json.dumps(body))


def _client(cloud: Rest, name: str) -> Any:
    endpoint = cloud.endpoint("run")
    if endpoint is None:
        return getattr(run, name)(credentials=cloud.credentials, transport="rest")
    module = importlib.import_module(f"google.cloud.run_v2.services.{_folder(name)}.transports")
    transport = getattr(module, name.removesuffix("Client") + "RestTransport")
    made = transport(host=endpoint.rstrip("/"), credentials=cloud.credentials)
    return getattr(run, name)(transport=made)


def _folder(name: str) -> str:
    return {"WorkerPoolsClient": "worker_pools"}.get(name, name.removesuffix("Client").lower())


def _json(message: Any) -> dict[str, Any]:
    """As the API itself writes it: camelCase, enumerations by name, what is empty left out."""
    inner = message._pb if hasattr(message, "_pb") else message
    found: dict[str, Any] = json_format.MessageToDict(inner)
    return found
