"""Errors in the JSON form of Google's APIs: cloud.google.com/apis/design/errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

# google.rpc.Code by HTTP status, with its number for the errors of operations:
# github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
STATUS = {
    400: ("INVALID_ARGUMENT", 3),
    401: ("UNAUTHENTICATED", 16),
    403: ("PERMISSION_DENIED", 7),
    404: ("NOT_FOUND", 5),
    409: ("ALREADY_EXISTS", 6),
    412: ("FAILED_PRECONDITION", 9),
    429: ("RESOURCE_EXHAUSTED", 8),
    500: ("INTERNAL", 13),
    501: ("UNIMPLEMENTED", 12),
    503: ("UNAVAILABLE", 14),
    504: ("DEADLINE_EXCEEDED", 4),
}
NUMBERS = dict(STATUS.values()) | {"ABORTED": 10, "CANCELLED": 1}


class GoogleError(Exception):
    """What an API answers instead of a result."""

    def __init__(
        self, code: int, message: str, status: str = "", details: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUS.get(code, (HTTPStatus(code).name, 2))[0]
        self.details = details or []
        self.reason = ""

    def body(self) -> dict[str, Any]:
        if self.reason:  # the older form, which Storage and Cloud SQL keep to
            each = {"message": self.message, "domain": "global", "reason": self.reason}
            return {"error": {"code": self.code, "message": self.message, "errors": [each]}}
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def rpc_status(self) -> dict[str, Any]:
        """The same as a google.rpc.Status, which failed operations hold."""
        status = {"code": NUMBERS.get(self.status, 2), "message": self.message}
        return {**status, "details": self.details} if self.details else status


def legacy(code: int, message: str, reason: str) -> GoogleError:
    """Of an API that gives reasons: cloud.google.com/storage/docs/json_api/v1/status-codes"""
    error = GoogleError(code, message)
    error.reason = reason
    return error


def invalid(message: str, field: str | None = None) -> GoogleError:
    details = []
    if field is not None:
        violation = {"description": message, **({"field": field} if field else {})}
        details = [
            {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
        ]
    return GoogleError(400, message, details=details)


def not_found(name: str) -> GoogleError:
    return GoogleError(404, f"Resource '{name}' was not found", "NOT_FOUND")


def exists(name: str) -> GoogleError:
    return GoogleError(409, f"Resource '{name}' already exists.", "ALREADY_EXISTS")


def aborted(message: str) -> GoogleError:
    return GoogleError(409, message, "ABORTED")


def precondition(message: str) -> GoogleError:
    return GoogleError(400, message, "FAILED_PRECONDITION")
