"""Talks to Google: with the modules that it is made of, the only one here that has effects.

Releases go through google-cloud-run, everything else through google-api-python-client and the
discovery documents that it brings along. Both speak REST, so that one log, one proxy and one
endpoint serve them. Other endpoints come from gcloud's own variables
(https://cloud.google.com/sdk/gcloud/reference/topic/configurations,
``CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN``), credentials from where Google's libraries look for them
(https://cloud.google.com/docs/authentication/application-default-credentials).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import google.auth
import google.auth.exceptions as auth
from google.auth.transport.requests import Request as Transport
from google.oauth2 import id_token
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload

from nuages.errors import Changed, CloudRefused, InputNeeded
from nuages.steps.step import Request
from nuages.targets.cloud_run import operations, run_api
from nuages.targets.cloud_run.refusals import failed, translated
from nuages.targets.cloud_run.rest import TRIES, Rest

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
CHUNK = 8 * 1024 * 1024
"""Bytes of an upload that are sent at once, and again where the connection breaks."""
_NO_VALUE = (400, 404)
"""What Secret Manager answers where the newest version is disabled, or there is none."""


@dataclass(frozen=True)
class Object:
    """See ``nuages.targets.target.Object``."""

    text: str = field(repr=False)
    version: str


class GoogleCloud:
    """See ``nuages.targets.target.Client``."""

    def __init__(self, credentials: Any, environment: Mapping[str, str]) -> None:
        self.credentials = credentials
        self.rest = Rest(credentials, environment)

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
            return translated(request, lambda: run_api.send(self.rest, request))
        return translated(request, lambda: self.rest.send(request))

    def poll(self, request: Request, answer: Any) -> tuple[bool, Any]:
        """See ``Client.poll``; an answer that is no operation has ended already."""
        if not operations.is_operation(request, answer):
            return True, answer
        if not operations.ended(answer):
            answer = self.send(operations.look(request, answer))
        if not operations.ended(answer):
            return False, answer
        if answer.get("error"):
            raise failed(request, answer["error"])
        return True, answer.get("response", answer)

    # --- secrets and identity ----------------------------------------------------------------

    def secret(self, id: str) -> str:
        """See ``Client.secret``; ``id`` is ``projects/P/secrets/S``, or that of a version."""
        name = id if "/versions/" in id else f"{id}/versions/latest"
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
        asked = _stored("objects.get", place, name, accept=(404,))
        found = self.send(asked)
        if not found:
            return None
        version = str(found["generation"])
        objects = self.rest.service("storage.v1").objects()
        media = objects.get_media(bucket=place, object=name, generation=version)
        raw = translated(asked, lambda: media.execute(num_retries=TRIES))
        return Object(raw.decode() if raw else "", version)

    def write(self, place: str, name: str, text: str, version: str | None) -> str:
        """See ``Client.write``.

        A refusal may be of a request that was sent again by itself because its answer was lost:
        what lies there then is what we wrote.
        """
        media = MediaInMemoryUpload(text.encode(), mimetype="application/json")
        asked = (
            self.rest.service("storage.v1")
            .objects()
            .insert(bucket=place, name=name, media_body=media, ifGenerationMatch=version or "0")
        )
        request = _stored("objects.insert", place, name, accept=(412,))
        answer = translated(request, lambda: asked.execute(num_retries=TRIES))
        if answer:
            return str(answer["generation"])
        found = self.read(place, name)
        if found is None or found.text != text:
            raise Changed(f"{name} has been changed by somebody else")
        return found.version

    def upload(self, place: str, name: str, path: Path) -> str:
        """See ``Client.upload``."""
        media = MediaFileUpload(str(path), "application/gzip", chunksize=CHUNK, resumable=True)
        objects = self.rest.service("storage.v1").objects()
        asked = objects.insert(bucket=place, name=name, media_body=media)
        request = _stored("objects.insert", place, name)
        answer = translated(request, lambda: asked.execute(num_retries=TRIES))
        return str(answer["generation"])

    def delete(self, place: str, name: str, version: str) -> None:
        """See ``Client.delete``."""
        self.send(_stored("objects.delete", place, name, version, accept=(404, 412)))


def _stored(
    method: str, place: str, name: str, version: str = "", accept: tuple[int, ...] = ()
) -> Request:
    given = {"bucket": place, "object": name}
    given |= {"ifGenerationMatch": version} if version else {}
    return Request(name, "storage.v1", method, given, accept=accept)
