"""Which names a new project may have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nuages.starter
from nuages.starter.names import LONGEST, problem, suggestion

PROJECT = Path(nuages.starter.__file__).parent / "project"
PACKAGES = frozenset({"django", "whitenoise", "django-storages"})


@pytest.mark.parametrize("name", ["mysite", "my-site", "my_site", "shop2", "a", "x" * LONGEST])
def test_a_good_name_has_no_problem(name: str) -> None:
    assert problem(name, PACKAGES) == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "lower-case letters"),
        ("MySite", "lower-case letters"),
        ("2shop", "lower-case letters"),
        ("my site", "lower-case letters"),
        ("my--site", "lower-case letters"),
        ("shop-", "lower-case letters"),
        ("../up", "lower-case letters"),
        ("caffè", "lower-case letters"),
        ("x" * 41, "41 characters"),
        ("class", "Python itself"),
        ("print", "Python itself"),
        ("match", "Python itself"),
        ("json", "standard library"),
        ("site", "standard library"),
        ("config", "folder of the project itself"),
        ("apps", "folder of the project itself"),
        ("tests", "folder of the project itself"),
        ("django", "package"),
        ("django_storages", "package"),
        ("storages", "package"),
        ("test", "package"),
    ],
)
def test_a_name_that_is_taken_says_by_what(name: str, reason: str) -> None:
    assert reason in problem(name, PACKAGES)


@pytest.mark.parametrize(
    "name", ["MySite", "2 shops", "django", "", "x" * 60, "--", "class", "MATCH"]
)
def test_what_is_suggested_would_do(name: str) -> None:
    assert problem(suggestion(name, PACKAGES), PACKAGES) == ""


def test_no_name_of_an_installed_app_may_be_taken() -> None:
    lock = (PROJECT / "uv.lock").read_text("utf-8")
    packages = frozenset(re.findall(r'^name = "([^"]+)"', lock, re.M)) - {"mysite"}
    text = "".join(p.read_text("utf-8") for p in (PROJECT / "config").rglob("*.py"))
    imported = set(re.findall(r"^(?:from|import) (\w+)", text, re.M))
    listed = set(re.findall(r'^ +"([a-z_]+)(?:\.[\w.]+)?",$', text, re.M))
    assert {"corsheaders", "rest_framework"} & (imported | listed)
    assert [name for name in imported | listed if not problem(name, packages)] == []
