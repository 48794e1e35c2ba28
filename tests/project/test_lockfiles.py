from __future__ import annotations

import pytest

from nuages.project.lockfiles import lock
from nuages.project.requirements import Requirement
from nuages.text import Location

UV = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "django"
version = "5.2.1"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "asgiref" },
    { name = "sqlparse", marker = "sys_platform == 'win32'" },
]

[[package]]
name = "asgiref"
version = "3.8.1"

[[package]]
name = "psycopg"
version = "3.2.3"

[package.optional-dependencies]
binary = [
    { name = "psycopg-binary" },
]

[[package]]
name = "psycopg-binary"
version = "3.2.3"

[[package]]
name = "pytest"
version = "8.0"

[[package]]
name = "thing"
version = "1.0"
source = { git = "https://x.org/thing.git?rev=main#abc" }
"""
POETRY = """\
[[package]]
name = "Django"
version = "5.2.1"
optional = false

[package.dependencies]
asgiref = ">=3.8.1,<4"
tzdata = {version = "*", markers = "sys_platform == \\"win32\\""}
argon2 = {version = "*", optional = true}

[package.extras]
argon2 = ["argon2-cffi (>=19)"]

[[package]]
name = "asgiref"
version = "3.8.1"

[[package]]
name = "argon2-cffi"
version = "23.1"

[metadata]
lock-version = "2.1"
"""
PDM = """\
[[package]]
name = "django"
version = "5.2.1"
dependencies = [
    "asgiref<4,>=3.8.1",
]

[[package]]
name = "asgiref"
version = "3.8.1"
"""
PIPENV = """\
{"_meta": {}, "default": {
  "django": {"version": "==5.2.1"},
  "thing": {"git": "https://x.org/thing.git"}
 }, "develop": {"pytest": {"version": "==8.0"}}}
"""


def asked(name: str, *extras: str) -> Requirement:
    return Requirement(name, "", Location("p"), frozenset(extras))


@pytest.mark.parametrize(
    ("path", "text", "wanted", "found"),
    [
        ("uv.lock", UV, asked("django"), {"django": "5.2.1", "asgiref": "3.8.1"}),
        ("uv.lock", UV, asked("psycopg"), {"psycopg": "3.2.3"}),
        ("uv.lock", UV, asked("psycopg", "binary"),
         {"psycopg": "3.2.3", "psycopg-binary": "3.2.3"}),
        ("poetry.lock", POETRY, asked("django"), {"django": "5.2.1", "asgiref": "3.8.1"}),
        ("poetry.lock", POETRY, asked("django", "argon2"),
         {"django": "5.2.1", "asgiref": "3.8.1", "argon2-cffi": "23.1"}),
        ("pdm.lock", PDM, asked("django"), {"django": "5.2.1", "asgiref": "3.8.1"}),
        ("Pipfile.lock", PIPENV, asked("django"), {"django": "5.2.1"}),
        ("Pipfile.lock", PIPENV, asked("pytest"), {}),
        ("uv.lock", UV, asked("absent"), {}),
        ("uv.lock", "", asked("django"), {}),
        ("Pipfile.lock", "{", asked("django"), {}),
        ("Pipfile.lock", "[]", asked("django"), {}),
    ],
)  # fmt: skip
def test_what_is_installed(
    path: str, text: str, wanted: Requirement, found: dict[str, str]
) -> None:
    closure = lock(path, text).closure([wanted])
    assert {name: package.version for name, package in closure.items()} == found


@pytest.mark.parametrize(
    ("path", "text", "name", "line"),
    [("uv.lock", UV, "asgiref", 14), ("poetry.lock", POETRY, "asgiref", 15),
     ("Pipfile.lock", PIPENV, "thing", 3)],
)  # fmt: skip
def test_a_package_has_its_line(path: str, text: str, name: str, line: int) -> None:
    assert lock(path, text).packages[name].location.line == line


@pytest.mark.parametrize(("path", "text"), [("uv.lock", UV), ("Pipfile.lock", PIPENV)])
def test_what_comes_from_git(path: str, text: str) -> None:
    git = [name for name, package in lock(path, text).packages.items() if package.git]
    assert git == ["thing"]
