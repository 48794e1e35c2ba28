"""The schema is whole, every error looks alike, and the Swagger page suits a strict CSP."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from rest_framework.throttling import SimpleRateThrottle

ERROR = {"type", "errors"}


def test_the_schema_is_made_without_a_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())


def test_what_takes_a_body_may_find_it_too_large():
    paths = SchemaGenerator().get_schema(public=True)["paths"]
    for operation in (each for path in paths.values() for each in path.values()):
        assert ("413" in operation["responses"]) == ("415" in operation["responses"])


def test_the_swagger_page_holds_no_script_and_no_style_of_its_own(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert re.findall(r"(?:src|href)=.(https?:|//)", page) == []
    script = re.search(r'src="([^"]*docs/[^"]*)"', page)[1]
    answer = client.get(script.replace("&amp;", "&"))
    assert "javascript" in answer.headers["Content-Type"]
    assert b"SwaggerUIBundle" in answer.content


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status"),
    [
        ("GET", "me/", {}, 401),
        ("POST", "token/", {"data": "{", "content_type": "application/json"}, 400),
        ("POST", "token/", {"data": "a=b", "content_type": "text/plain"}, 415),
        ("POST", "token/", {"data": {}}, 400),
        ("PUT", "sign-up/", {}, 405),
        ("GET", "nowhere/at/all", {}, 404),
        ("POST", "me", {}, 404),
        ("GET", "me/", {"headers": {"Accept": "text/html"}}, 406),
    ],
)
def test_every_error_looks_alike(call, method, path, kwargs, status):
    response = call("user" if status == 406 else "anonymous", method, path, **kwargs)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert set(response.json()) == ERROR
    assert set(response.json()["errors"][0]) == {"code", "detail", "attr"}


def test_a_fault_is_answered_as_json_and_tells_nothing(call, monkeypatch):
    def fault(*args):
        raise RuntimeError("a secret")

    monkeypatch.setattr("apps.users.api.me.shown", fault)
    response = call("user", "GET", "me/")
    assert (response.status_code, set(response.json())) == (500, ERROR)
    assert b"secret" not in response.content


@pytest.mark.parametrize(("role", "scope"), [("anonymous", "anon"), ("user", "user")])
def test_everybody_has_a_limit(call, monkeypatch, role, scope):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, "2/min")
    statuses = [call(role, "GET", "schema/").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
