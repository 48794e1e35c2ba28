"""The frame of the command line: help, errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from nuages import __version__, errors
from nuages.cli import app as application
from nuages.cli.app import VERBS, app, run
from nuages.text import Location


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"nuages {__version__}\n"


def test_the_package_runs_as_a_module() -> None:
    argv = (sys.executable, "-m", "nuages", "--version")
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == f"nuages {__version__}\n"


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([verb, "--help"]) == 0
    assert "Example" in capsys.readouterr().out


def test_a_misspelt_verb_is_answered_with_the_right_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["inti"]) == errors.UsageError.exit_code
    assert "Did you mean `nuages init`?" in capsys.readouterr().err


def test_a_misspelt_option_says_how_the_verb_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--prot", "1"]) == errors.UsageError.exit_code
    err = capsys.readouterr().err
    assert "--port" in err
    assert "nuages up --help" in err


def test_every_error_class_has_an_exit_code_of_its_own() -> None:
    classes = [errors.NuagesError, *errors.NuagesError.__subclasses__()]
    codes = [kind.exit_code for kind in classes]
    assert len(set(codes)) == len(codes)
    assert errors.INTERRUPTED not in codes


def test_an_error_as_json_has_all_its_parts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise errors.ConfigError(
            "cpu: should be a number", hint="Write 2.", location=Location("nuages.yaml", 3, 8)
        )

    monkeypatch.setattr(application.app, "main", fail)
    assert run(["init", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)["error"]
    assert document["reason"] == "config-invalid"
    assert document["location"] == {"path": "nuages.yaml", "line": 3, "column": 8}
    assert document["hint"] == "Write 2."


def test_an_unexpected_error_leaves_a_report_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("SECRET_KEY=abcdef went wrong")

    monkeypatch.setattr(application.app, "main", fail)
    assert run(["init"]) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert "abcdef" not in err
    assert "bug in Nuages" in err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, nuages.cli.app as a; a.run(['--help']);"
        "print([m for m in ('rich','pydantic','jinja2','httpx','ruamel.yaml','boto3','google')"
        " if m in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stderr.strip() == "[]"


def test_the_group_knows_no_other_verb() -> None:
    assert sorted(app.commands) == []
    assert app.list_commands(None) == list(VERBS)  # type: ignore[arg-type]
