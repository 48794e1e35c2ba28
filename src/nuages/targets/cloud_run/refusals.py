"""Errors of Google's libraries as one: what the API says, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

import google.api_core.exceptions as core
import google.auth.exceptions as auth
from googleapiclient.errors import HttpError
from httplib2.error import HttpLib2Error

from nuages.errors import CloudRefused, InputNeeded
from nuages.steps.step import Request

_UNREACHABLE = (OSError, HTTPException, HttpLib2Error, core.RetryError, auth.TransportError)
_AGAIN = "Try again; a release that was begun is resumed."
_HINTS = {
    401: "Run `gcloud auth application-default login` again.",
    403: "The message says which permission is missing; the project's owner can grant it.",
    404: "Somebody removed it, or it is in another project or region.",
    409: "Somebody else changes it at the same time. Try again in a moment.",
    429: "The quota of this API is used up for now. Try again in a minute.",
}


def translated(request: Request, send: Callable[[], Any]) -> Any:
    """What ``send`` answers; empty for a refusal that the request accepts.

    Raises CloudRefused, and InputNeeded where nobody is logged in any more.
    """
    try:
        return send()
    except HttpError as error:
        status, said = error.status_code, str(error.reason or error)
    except core.GoogleAPICallError as error:
        status, said = int(error.code or 0), str(error.message)
    except _UNREACHABLE as error:
        raise CloudRefused(
            f"{request.label}: {request.api} cannot be reached: {error}",
            hint="Look at the network and try again; nothing is lost.",
            reason="cloud-unreachable",
        ) from error
    except auth.GoogleAuthError as error:
        raise InputNeeded(
            f"Google Cloud does not take these credentials: {error}",
            hint="Run `gcloud auth application-default login` again.",
            reason="bad-credentials",
        ) from error
    if status in request.accept:
        return {}
    raise CloudRefused(
        f"{request.label}: {request.api.partition('.')[0]} answers {status}: {said}",
        hint=_HINTS.get(status, _AGAIN),
        reason=f"cloud-{status}",
        status=status,
    )


def failed(request: Request, error: Mapping[str, Any]) -> CloudRefused:
    """An operation that ended in an error, of either kind that Google has."""
    every = error.get("errors", ())
    said = error.get("message") or "; ".join(str(e.get("message", e)) for e in every)
    return CloudRefused(
        f"{request.label}: {said or 'the operation ended in an error'}",
        hint=_AGAIN,
        reason="cloud-operation",
        status=int(error.get("code", 0) or 0),
    )
