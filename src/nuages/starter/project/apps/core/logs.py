"""One JSON object a line, with the severity, the request and the trace that log viewers link by."""

import json
import logging
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

REQUEST: ContextVar[dict[str, str]] = ContextVar("request", default={})  # noqa: B039
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACE = re.compile(r"(?:00-)?([0-9a-f]{32})(?:[-/].*)?")
# An error with this type and a trace is counted and mailed by Google Cloud's Error Reporting:
# https://cloud.google.com/error-reporting/docs/formatting-error-messages
_REPORTED = "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent"


class JsonFormatter(logging.Formatter):
    """What a record says, and within which request."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
            "message": record.getMessage(),
            # Django tells of a 4xx once the request has left every middleware.
            **(REQUEST.get() or getattr(getattr(record, "request", None), "identity", {})),
        }
        if status := getattr(record, "status_code", None):
            entry["status"] = status
        if record.exc_info:
            entry |= {"@type": _REPORTED, "stack_trace": self.formatException(record.exc_info)}
        return json.dumps(entry, default=str)


def identity(request: HttpRequest) -> dict[str, str]:
    """The ids of a request: the load balancer's, where they are well formed, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    found = {"request_id": given if _ID.fullmatch(given) else uuid.uuid4().hex}
    names = ("traceparent", "X-Cloud-Trace-Context")
    traces = [_TRACE.fullmatch(request.headers.get(name, "")) for name in names]
    trace = next((match[1] for match in traces if match), "")
    if trace:
        project = os.environ.get("GOOGLE_CLOUD_PROJECT")
        found["trace_id"] = trace
        if project:
            found["logging.googleapis.com/trace"] = f"projects/{project}/traces/{trace}"
    return found


@sync_and_async_middleware
def RequestIdMiddleware(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Everything logged during a request carries its id, which the answer tells as well."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            with inside(request) as request_id:
                response: HttpResponse = await get_response(request)
            response.headers["X-Request-ID"] = request_id
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        with inside(request) as request_id:
            response: HttpResponse = get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response

    return synchronous


@contextmanager
def inside(request: HttpRequest) -> Iterator[str]:
    """The time of a request, for its log entries."""
    found = identity(request)
    request.identity = found  # type: ignore[attr-defined]
    token = REQUEST.set(found)
    try:
        yield found["request_id"]
    finally:
        REQUEST.reset(token)
