from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from nuages.local.process import interpreter
from nuages.local.process.interpreter import Interpreter, Wanted
from nuages.project.facts import Evidence
from nuages.text import Location

HERE = [Interpreter(Path(f"/py/{v}"), Version(v)) for v in ("3.8.18", "3.11.7", "3.12.1", "3.13.0")]


@pytest.mark.parametrize("wanted", ["3.12", "3.12.9", "python-3.12.4"])
def test_the_same_minor_version_will_do(wanted: str) -> None:
    found, notice = interpreter.chosen(wanted, None, HERE)
    assert found is not None
    assert (str(found.version), notice) == ("3.12.1", "")


def test_another_minor_version_only_where_the_project_allows_it() -> None:
    assert interpreter.chosen("3.10", None, HERE) == (None, "")
    found, notice = interpreter.chosen("3.10", ">=3.9,<3.13", HERE)
    assert found is not None
    assert str(found.version) == "3.11.7"
    assert "3.10 is not here" in notice
    older, _ = interpreter.chosen("3.14", ">=3.8", HERE)
    assert older is not None
    assert str(older.version) == "3.13.0"


@pytest.mark.parametrize(
    ("requires", "version", "allowed"),
    [
        ("==3.12.4", "3.12.1", True),
        ("==3.12.4", "3.11.7", False),
        ("~=3.11.2", "3.11.7", True),
        (">=3.12.5", "3.12.1", True),
        ("==3.14.*", "3.13.0", False),
        ("^3.9", "3.11.7", True),
        (None, "3.8.1", True),
    ],
)
def test_exact_pins_count_by_their_minor_version(
    requires: str | None, version: str, allowed: bool
) -> None:
    assert interpreter.allows(requires, Version(version)) is allowed


def test_one_version_older_where_every_file_parses() -> None:
    found, notice = interpreter.relaxed("3.14", "==3.14.*", None, HERE)
    assert found is not None
    assert str(found.version) == "3.13.0"
    assert "asks for ==3.14.*" in notice
    assert interpreter.relaxed("3.14", "==3.14.*", "3.14", HERE) == (None, "")
    assert interpreter.relaxed("3.15", "==3.15.*", None, HERE) == (None, "")


def test_this_python_is_found_among_those_installed() -> None:
    import sys  # noqa: PLC0415

    import uv  # noqa: PLC0415

    found = interpreter.installed(uv.find_uv_bin(), {"PATH": "/usr/bin:/bin", "HOME": "/nowhere"})
    own = Version(".".join(map(str, sys.version_info[:3])))
    assert own in {i.version for i in found}


def test_the_place_that_asks_for_a_python_is_named() -> None:
    asks = Evidence(Location("pyproject.toml", 5), "asks for Python >=3.14")
    error = interpreter._missing(Wanted("3.14", ">=3.14", None, (asks,)), [])
    assert str(error.location) == "pyproject.toml:5"
    assert "uv python install 3.14" in error.hint
    assert error.detail == "pyproject.toml:5: asks for Python >=3.14"
