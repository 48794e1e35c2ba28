"""What any method refuses: credentials, paths, parameters, fields, types."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fakes.google import GoogleWorld

PARENT = "v2/projects/jazz-club/locations/europe-west1"


class Asked:
    def __init__(self, world: GoogleWorld) -> None:
        self.world = world
        self.headers = {"Authorization": f"Bearer {world.tokens.access_token()}"}

    def __call__(self, verb: str, path: str, body: Any = None) -> httpx.Response:
        return httpx.request(
            verb, f"{self.world.url}/run.googleapis.com/{path}", json=body, headers=self.headers
        )

    def refused(self, body: Any) -> str:
        """The message of a 400 that creating this service gets."""
        answer = self("POST", f"{PARENT}/services?serviceId=web", body)
        assert answer.status_code == 400, answer.text
        error = answer.json()["error"]
        assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
        return error["message"]


@pytest.fixture
def ask(world: GoogleWorld) -> Asked:
    return Asked(world)


def test_no_token(world: GoogleWorld) -> None:
    url = f"{world.url}/run.googleapis.com/{PARENT}/services"
    assert httpx.get(url).json()["error"]["status"] == "UNAUTHENTICATED"
    assert httpx.get(url, headers={"Authorization": "Bearer ya29.other"}).status_code == 401


def test_unknown_path(ask: Asked) -> None:
    answer = ask("GET", "v2/project/jazz-club/location")
    assert (answer.status_code, answer.headers["content-type"][:9]) == (404, "text/html")


def test_unknown_parameter(ask: Asked) -> None:
    answer = ask("GET", f"{PARENT}/services?page_size=3")
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == (
        'Invalid JSON payload received. Unknown name "page_size": Cannot bind query parameter. '
        "Field 'page_size' could not be found in request message."
    )


def test_parameter_of_wrong_type(ask: Asked) -> None:
    message = ask("GET", f"{PARENT}/services?pageSize=many").json()["error"]["message"]
    assert message == "Invalid value at 'pageSize' (TYPE_INT32), \"many\""


def test_unknown_field(ask: Asked) -> None:
    body = {"template": {"containers": [{"image": "a", "environment": []}]}}
    assert ask.refused(body) == (
        'Invalid JSON payload received. Unknown name "environment" at '
        "'service.template.containers[0]': Cannot find field."
    )


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"ingress": "ALL"}, "Invalid value at 'service.ingress' (TYPE_ENUM), \"ALL\""),
        ({"template": {"timeout": "300"}}, "Invalid value at 'service.template.timeout' (type."),
        ({"template": {"timeout": 300}}, "Invalid value at 'service.template.timeout' (TYPE_STR"),
        (
            {"template": {"maxInstanceRequestConcurrency": "many"}},
            "Invalid value at 'service.template.maxInstanceRequestConcurrency' (TYPE_INT32)",
        ),
        ({"invokerIamDisabled": "true"}, "Invalid value at 'service.invokerIamDisabled' (TYPE_BO"),
        ({"template": []}, "Proto field is not repeating, cannot start list."),
        ({"template": {"containers": {"image": "a"}}}, "Proto field is repeating"),
        ({"labels": {"a": 1}}, "Invalid value at 'service.labels[a]' (TYPE_STRING), 1"),
    ],
    ids=json.dumps,
)
def test_wrong_value(ask: Asked, body: Any, at: str) -> None:
    assert at in ask.refused(body)


def test_no_json(world: GoogleWorld, ask: Asked) -> None:
    url = f"{world.url}/run.googleapis.com/{PARENT}/services?serviceId=web"
    answer = httpx.post(url, content="{", headers=ask.headers)
    assert answer.json()["error"]["message"].startswith("Invalid JSON payload received.")


def test_required_parameter(ask: Asked) -> None:
    path = "storage.googleapis.com/storage/v1/b"
    answer = httpx.get(f"{ask.world.url}/{path}", headers=ask.headers)
    assert answer.json()["error"]["message"] == "Required parameter: project"


def test_everything_is_logged(world: GoogleWorld, ask: Asked) -> None:
    ask("POST", f"{PARENT}/services?serviceId=web", {"ingress": "ALL"})
    entry = world.log[-1]
    assert (entry.api, entry.method) == ("run.v2", "run.projects.locations.services.create")
    assert (entry.verb, entry.status, entry.body) == ("POST", 400, {"ingress": "ALL"})
