"""Pipelines that are written: valid by their formats' own schemas, and tests before a release."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from golden_cases import CASES, PROJECTS
from ruamel.yaml import YAML

from nuages.cli.app import run
from nuages.config.load import load
from nuages.config.pipeline import pipeline
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.starter.create import create
from nuages.targets.pipelines import pipelines

BOTH = "ci: [github-actions, cloud-build]\n"


def written(case: str, yaml: str, environment: str = "production") -> dict[str, str]:
    project, said = detect(Tree.open(PROJECTS / case)), load(yaml.encode(), "nuages.yaml")
    deployment = resolve(project, said, environment=environment)
    found = pipelines(deployment, pipeline(project, said, deployment))
    return {artifact.path: artifact.text for artifact in found}


def read(text: str) -> Any:
    return YAML(typ="safe").load(text)


def workflow(case: str = "split_postgres") -> Any:
    return read(written(case, f"provider: gcp\n{BOTH}")[".github/workflows/deploy.yaml"])


def build(case: str = "split_postgres") -> Any:
    return read(written(case, f"provider: gcp\n{BOTH}")["cloudbuild.yaml"])


@pytest.mark.parametrize("provider", ["gcp", "docker"])
def test_they_are_what_their_formats_ask_for(provider: str, tmp_path: Path) -> None:
    """The schemas are those of schemastore.org, which the package brings along."""
    kinds = BOTH if provider == "gcp" else "ci: [github-actions]\n"
    for case in CASES:
        for path, text in written(case, f"provider: {provider}\n{kinds}").items():
            file = tmp_path / f"{case}-{path.replace('/', '-')}"
            file.write_text(text)
    for glob, schema in (("*workflows*", "github-workflows"), ("*cloudbuild*", "cloudbuild")):
        files = sorted(tmp_path.glob(glob))
        assert bool(files) == (provider == "gcp" or "work" in glob)
        check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
        done = subprocess.run([*check, *files], capture_output=True, text=True, check=False)
        assert done.returncode == (0 if files else 2), done.stdout


def test_nothing_is_written_that_was_not_asked_for() -> None:
    assert written("split_postgres", "provider: gcp\n") == {}


def test_the_release_waits_for_the_tests_and_for_the_release_before() -> None:
    job = workflow()["jobs"]["deploy"]
    assert job["needs"] == "tests"
    assert job["environment"] == "production"
    assert job["concurrency"] == {"group": "deploy-production", "cancel-in-progress": False}
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    assert "refs/heads/main" in job["if"]
    assert job["steps"][-1]["run"].endswith(" nuages deploy")


def test_a_pull_request_of_ones_own_is_planned_and_gets_no_right_to_write() -> None:
    found = workflow()
    assert found["permissions"] == {"contents": "read"}
    job = found["jobs"]["plan"]
    assert job["steps"][-1]["run"].endswith(" nuages plan")
    assert set(job["permissions"].values()) == {"read", "write"}
    assert job["permissions"]["id-token"] == "write"
    assert "head.repo.full_name == github.repository" in job["if"]
    asked = next(s["with"] for s in job["steps"] if "auth@" in s.get("uses", ""))
    assert asked["service_account"] == "${{ vars.GCP_PLAN_SERVICE_ACCOUNT }}"


def test_every_action_is_pinned_by_its_commit() -> None:
    uses = [s["uses"] for job in workflow()["jobs"].values() for s in job["steps"] if "uses" in s]
    assert uses
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", each) for each in uses)


def test_there_is_no_key_and_no_secret_in_either() -> None:
    text = "".join(written("split_postgres", f"provider: gcp\n{BOTH}").values())
    assert "secrets." not in text
    assert "credentials_json" not in text
    assert "PRIVATE KEY" not in text


def test_the_tests_reach_their_services_by_the_projects_own_variables() -> None:
    job = workflow()["jobs"]["tests"]
    assert set(job["services"]) == {"database", "cache"}
    assert job["services"]["database"]["image"] == "postgres:17"
    assert "@database:5432/" in job["env"]["DATABASE_URL"]
    assert "services" not in workflow("plain_sqlite")["jobs"]["tests"]


def test_cloud_build_proves_before_it_builds() -> None:
    found = build()
    assert [step["id"] for step in found["steps"]][-4:] == [
        "tests",
        "terraform",
        "docker",
        "deploy",
    ]
    assert found["options"]["logging"] == "CLOUD_LOGGING_ONLY"
    assert found["timeout"] == "3600s"
    assert "roastery" not in found["serviceAccount"]  # by name, so that the trigger may say it too
    assert found["substitutions"]["_ACCOUNT"].endswith("-deploy")
    assert len(found["substitutions"]["_ACCOUNT"]) <= 30


def test_scripts_are_scripts(tmp_path: Path) -> None:
    for step in build()["steps"]:
        if "script" in step:
            file = tmp_path / "step.sh"
            file.write_text(step["script"])
            subprocess.run(["bash", "-n", str(file)], check=True)


def test_another_environment_has_files_of_its_own() -> None:
    said = f"provider: gcp\n{BOTH}environments:\n  staging: {{profile: small}}\n"
    found = written("split_postgres", said, "staging")
    assert sorted(found) == [".github/workflows/deploy-staging.yaml", "cloudbuild.staging.yaml"]
    job = read(found[".github/workflows/deploy-staging.yaml"])["jobs"]["deploy"]
    assert job["environment"] == "staging"
    assert job["steps"][-1]["run"].endswith("nuages deploy --environment staging")


def test_the_checks_find_nothing_in_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As if it were the user's own: the rules on pipelines read a workflow, not our word for it."""
    root = create("blue-note", tmp_path / "blue-note").root
    (root / "nuages.yaml").write_text(f"provider: gcp\n{BOTH}database:\n  type: postgresql\n")
    assert run(["render", "--keep", str(root)]) == 0
    (root / "nuages.lock").unlink()
    capsys.readouterr()
    run(["check", "--select", "CI", "--fail-level", "info", "--json", str(root)])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [f["rule"] for f in found if "deploy.yaml" in json.dumps(f)] == []


def test_render_writes_what_an_option_asks_for(tmp_path: Path) -> None:
    root = create("blue-note", tmp_path / "blue-note").root
    assert run(["render", "--ci", "github-actions", str(root)]) == 0
    text = (root / ".github/workflows/tests.yaml").read_text()
    assert list(read(text)["jobs"]) == ["tests"]  # a Docker host: nothing there to deploy with yet
    assert run(["render", "--ci", "cloud-build", str(root)]) == 3
