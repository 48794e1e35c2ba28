"""Talks to Google: the only module here that has effects, and the only one that imports its SDK.

Releases go through google-cloud-run, everything else through google-api-python-client and the
discovery documents that it brings along. Both speak REST, so that one log, one proxy and one
endpoint serve them. Other endpoints come from gcloud's own variables
(https://cloud.google.com/sdk/gcloud/reference/topic/configurations,
``CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN``), credentials from where Google's libraries look for them
(https://cloud.google.com/docs/authentication/application-default-credentials).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import google.api_core.exceptions as core
import google.auth
import google.auth.exceptions as auth
from google.auth.transport.requests import Request as Transport
from google.oauth2 import id_token
from googleapiclient import discovery, discovery_cache
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload

from nuages.errors import Changed, CloudRefused, InputNeeded
from nuages.steps.step import Request
from nuages.targets.cloud_run import run_api

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
_GCLOUD_NAMES = {"sqladmin": "SQL"}
"""Where gcloud calls an API by another name than its discovery document."""
_NO_VALUE = (400, 404)
"""What Secret Manager answers where the newest version is disabled, or there is none."""
_TRIES = 4
"""Of requests that may be repeated, as the library does it: 429 and 5xx, waiting ever longer."""


@dataclass(frozen=True)
class Object:
    """See ``nuages.targets.target.Object``."""

    text: str = field(repr=False)
    version: str


class GoogleCloud:
    """See ``nuages.targets.target.Client``."""

    def __init__(self, credentials: Any, environment: Mapping[str, str]) -> None:
        self.credentials = credentials
        self.environment = environment

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> GoogleCloud:
        """Raises InputNeeded without credentials."""
        try:
            credentials, _ = google.auth.default(scopes=[SCOPE])
        except auth.GoogleAuthError as error:
            raise InputNeeded(
                "Nobody is logged in to Google Cloud here",
                hint="Run `gcloud auth application-default login`, or name a key or federation "
                "file with GOOGLE_APPLICATION_CREDENTIALS.",
                reason="no-credentials",
            ) from error
        return cls(credentials, environment)

    # --- requests ----------------------------------------------------------------------------

    def send(self, request: Request) -> Any:
        """See ``Client.send``."""
        if run_api.knows(request):
            return self._translated(request, lambda: run_api.send(self, request))
        return self._translated(request, lambda: self._discovered(request))

    def poll(self, request: Request, answer: Any) -> tuple[bool, Any]:
        """See ``Client.poll``; an answer that is no operation has ended already."""
        if not is_operation(request, answer):
            return True, answer
        if not ended(answer):
            asked = _operation_request(request, answer)
            answer = self._translated(asked, lambda: self._discovered(asked))
        if not ended(answer):
            return False, answer
        error = answer.get("error")
        if error:
            raise _failed(request, error)
        return True, answer.get("response", answer)

    def _discovered(self, request: Request) -> Any:
        method = self._service(request.api)
        *resources, name = request.method.split(".")
        for resource in resources:
            method = getattr(method, resource)()
        words = {
            key.replace(".", "_"): str(v) if key != "body" else v
            for key, v in request.parameters.items()
        }
        given = {**words, **({} if request.body is None else {"body": request.body})}
        return getattr(method, name)(**given).execute(num_retries=_retries(request))

    @cache  # noqa: B019 -- one client for a whole release
    def _service(self, api: str) -> Any:

        name, version = api.split(".")
        document = json.loads(discovery_cache.get_static_doc(name, version))
        other = self.endpoint(name)
        if other:
            document["rootUrl"] = document["mtlsRootUrl"] = other.rstrip("/") + "/"
            document["baseUrl"] = document["rootUrl"] + document["servicePath"]
        return discovery.build_from_document(document, credentials=self.credentials)

    def endpoint(self, api: str) -> str | None:
        """Another endpoint than Google's public one, where the environment names it."""
        return self.environment.get(OVERRIDE + _GCLOUD_NAMES.get(api, api.upper()))

    def _translated(self, request: Request, send: Callable[[], Any]) -> Any:
        """Errors of three libraries as one, with what the API says and what to do about it."""

        try:
            return send()
        except HttpError as error:
            status, said = error.status_code, _message(error)
        except core.GoogleAPICallError as error:
            status, said = int(error.code or 0), str(error.message)
        except auth.GoogleAuthError as error:
            raise InputNeeded(
                f"Google Cloud does not take these credentials: {error}",
                hint="Run `gcloud auth application-default login` again.",
                reason="bad-credentials",
            ) from error
        except (OSError, core.RetryError) as error:
            raise CloudRefused(
                f"{request.label}: {request.api} cannot be reached: {error}",
                hint="Look at the network and try again; nothing is lost.",
                reason="cloud-unreachable",
            ) from error
        if status in request.accept:
            return {}
        raise CloudRefused(
            f"{request.label}: {request.api.partition('.')[0]} answers {status}: {said}",
            hint=_hint(status),
            reason=f"cloud-{status}",
            status=status,
        )

    # --- secrets and identity ----------------------------------------------------------------

    def secret(self, id: str) -> str:
        """See ``Client.secret``; ``id`` is ``projects/P/secrets/S`` or the short name."""
        name = f"{id}/versions/latest"
        request = Request(
            f"The secret {id}",
            "secretmanager.v1",
            "projects.secrets.versions.access",
            {"name": name},
        )
        return base64.b64decode(self.send(request)["payload"]["data"]).decode()

    def keep(self, id: str, value: str) -> None:
        """See ``Client.keep``."""
        try:
            if self.secret(id) == value:
                return
        except CloudRefused as refused:
            if refused.status not in _NO_VALUE:
                raise
        data = base64.b64encode(value.encode()).decode()
        self.send(
            Request(
                f"A new value of {id}",
                "secretmanager.v1",
                "projects.secrets.addVersion",
                {"parent": id},
                {"payload": {"data": data}},
            )
        )

    def token(self) -> str:
        """See ``Client.token``."""

        if not self.credentials.valid:
            self.credentials.refresh(Transport())
        return str(self.credentials.token)

    def identity(self, audience: str) -> str:
        """See ``Client.identity``; of a person the token that gcloud's own users have."""

        try:
            return str(id_token.fetch_id_token(Transport(), audience))  # type: ignore[no-untyped-call]
        except auth.GoogleAuthError:
            self.token()
            return str(getattr(self.credentials, "id_token", "") or "")

    # --- objects beside the state ------------------------------------------------------------

    def read(self, place: str, name: str) -> Object | None:
        """See ``Client.read``."""
        found = self.send(_stored("objects.get", place, name, accept=(404,)))
        if not found:
            return None
        raw = self._translated(
            _stored("objects.get", place, name, accept=(404,)),
            lambda: (
                self._service("storage.v1")
                .objects()
                .get_media(bucket=place, object=name, generation=found["generation"])
                .execute(num_retries=_TRIES)
            ),
        )
        return Object(raw.decode() if raw else "", str(found["generation"]))

    def write(self, place: str, name: str, text: str, version: str | None) -> str:
        """See ``Client.write``."""

        media = MediaInMemoryUpload(text.encode(), mimetype="application/json")
        asked = (
            self._service("storage.v1")
            .objects()
            .insert(bucket=place, name=name, media_body=media, ifGenerationMatch=version or "0")
        )
        request = _stored("objects.insert", place, name, accept=(412,))
        answer = self._translated(request, asked.execute)
        if not answer:
            raise Changed(f"{name} has been changed by somebody else")
        return str(answer["generation"])

    def delete(self, place: str, name: str, version: str) -> None:
        """See ``Client.delete``."""
        self.send(_stored("objects.delete", place, name, version, accept=(404, 412)))


def is_operation(request: Request, answer: Any) -> bool:
    """Whether an answer is a long-running operation, of either kind that Google has."""
    if not isinstance(answer, Mapping):
        return False
    if request.api.startswith("sqladmin"):
        return answer.get("kind") == "sql#operation"
    name = str(answer.get("name", ""))
    return "operations/" in name or name.startswith("operations/")


def ended(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("done")) or answer.get("status") == "DONE"


def _operation_request(request: Request, answer: Mapping[str, Any]) -> Request:
    if request.api.startswith("sqladmin"):
        given = {"project": answer["targetProject"], "operation": answer["name"]}
        return Request(request.label, request.api, "operations.get", given)
    name = str(answer["name"])
    method = "operations.get"
    if name.startswith("projects/"):
        method = "projects.locations.operations.get"
    return Request(request.label, request.api, method, {"name": name})


def _stored(
    method: str, place: str, name: str, version: str = "", accept: tuple[int, ...] = ()
) -> Request:
    given = {"bucket": place, "object": name}
    given |= {"ifGenerationMatch": version} if version else {}
    return Request(name, "storage.v1", method, given, accept=accept)


def _retries(request: Request) -> int:
    verb = request.method.rpartition(".")[2]
    return _TRIES if verb.startswith(("get", "list", "test", "access")) else 0


def _message(error: Any) -> str:
    """What an API says, without its URL."""
    return str(error.reason or error)


def _failed(request: Request, error: Mapping[str, Any]) -> CloudRefused:
    said = error.get("message") or "; ".join(
        str(each.get("message", each)) for each in error.get("errors", ())
    )
    return CloudRefused(
        f"{request.label}: {said or 'the operation ended in an error'}",
        reason="cloud-operation",
        status=int(error.get("code", 0) or 0),
    )


def _hint(status: int) -> str:
    return {
        401: "Run `gcloud auth application-default login` again.",
        403: "The message says which permission is missing; the project's owner can grant it.",
        404: "Somebody removed it, or it is in another project or region.",
        409: "Somebody else changes it at the same time. Try again in a moment.",
        429: "The quota of this API is used up for now. Try again in a minute.",
    }.get(status, "Try again; a release that was begun is resumed.")
