"""A world without containers, and Google's own clients pointed at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import google_auth_httplib2
import pytest
from fakes.google import GoogleWorld
from fakes.google.discovery import DOCUMENTS
from google.api_core.future.polling import _OperationNotComplete
from google.api_core.operation import Operation
from google.api_core.retry import Retry, if_exception_type
from google.cloud import run_v2
from google.oauth2 import service_account
from googleapiclient.discovery import build_from_document
from googleapiclient.http import build_http

# Nothing runs here, so that an operation is done when it is asked for the first time.
EAGER = Retry(predicate=if_exception_type(_OperationNotComplete), initial=0.01, maximum=0.1)
PARENT = "projects/jazz-club/locations/europe-west1"
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GoogleWorld]:
    with GoogleWorld(tmp_path / "world") as running:
        yield running


@pytest.fixture
def credentials(world: GoogleWorld) -> service_account.Credentials:
    path = world.environment()["GOOGLE_APPLICATION_CREDENTIALS"]
    return service_account.Credentials.from_service_account_file(path, scopes=SCOPES)


@pytest.fixture
def client(world: GoogleWorld, credentials: service_account.Credentials) -> Callable[[str], Any]:
    """googleapiclient for "run.v2", whose document names the fake as its root."""

    def build(api: str) -> Any:
        document = json.loads((DOCUMENTS / f"{api}.json").read_text("utf-8"))
        document["rootUrl"] = world.endpoint(api)
        http = google_auth_httplib2.AuthorizedHttp(credentials, build_http())
        return build_from_document(document, http=http)

    return build


def done(operation: Operation) -> Any:
    """The operation's result."""
    return operation.result(timeout=10, polling=EAGER)


@pytest.fixture
def services(world: GoogleWorld, credentials: service_account.Credentials) -> run_v2.ServicesClient:
    endpoint = world.endpoint("run.v2").rstrip("/")
    return run_v2.ServicesClient(
        credentials=credentials, transport="rest", client_options={"api_endpoint": endpoint}
    )


def site(image: str = "one", revision: str = "") -> run_v2.Service:
    container = run_v2.Container(image=image, env=[run_v2.EnvVar(name="A", value="b")])
    return run_v2.Service(
        template=run_v2.RevisionTemplate(
            containers=[container], timeout={"seconds": 300}, revision=revision
        )
    )
