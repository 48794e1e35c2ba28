"""What every target has to keep to, whichever it is: run on each that is found."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from golden_cases import CASES, GOLDEN, deployed

from nuages.deploy.dry_run import PlannedStep, planned
from nuages.estimate import PRODUCTION
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.targets.target import Target, names, target

WRITE = os.environ.get("NUAGES_GOLDEN") == "write"
RELEASE = Release("r261121-193012", "jazz-1910")
EVERY = pytest.mark.parametrize(("name", "case"), tuple(product(names(), CASES)))
SHIFT = "shift"
"""The stage after which nothing is undone by itself: the deployer knows it by this name."""


def found(name: str) -> Target:
    each = target(name)
    assert each is not None
    return each


@cache
def rendered(name: str, case: str) -> Mapping[str, str]:
    return {each.path: each.text for each in found(name).artifacts(deployed(case, name))}


@cache
def stages(name: str, case: str) -> tuple[Stage, ...]:
    return found(name).release(deployed(case, name), RELEASE)


@cache
def steps(name: str, case: str) -> tuple[PlannedStep, ...]:
    every = planned(found(name), deployed(case, name), RELEASE)
    return tuple(step for stage in every for step in stage.steps)


@EVERY
def test_it_renders_the_same_files_each_time(name: str, case: str) -> None:
    artifacts = found(name).artifacts(deployed(case, name))
    assert artifacts
    assert len({artifact.path for artifact in artifacts}) == len(artifacts)
    assert {each.path: each.text for each in artifacts} == rendered(name, case)


@EVERY
def test_no_file_and_no_step_has_a_secret(name: str, case: str) -> None:
    contract = deployed(case, name).contract
    for default in (v.default for v in contract if v.secret and v.default):
        assert not [path for path, text in rendered(name, case).items() if default in text], default
        assert not [step for step in steps(name, case) if default in step.does], default


@EVERY
def test_migrations_come_before_anybody_is_sent_there(name: str, case: str) -> None:
    order = [stage.name for stage in stages(name, case)]
    shift = order.index(SHIFT)
    before = [step for stage in stages(name, case)[:shift] for step in does(stage)]
    after = [step for stage in stages(name, case)[shift:] for step in does(stage)]
    assert [each for each in before if each.startswith("Start migrate")]
    assert not [each for each in after if each.startswith(("Start migrate", "Run migrate"))]


def does(stage: Stage) -> list[str]:
    return [step.label for step in stage.steps(Outputs(dry=True))]


@EVERY
def test_the_deployer_finds_the_stages_that_it_knows(name: str, case: str) -> None:
    order = [stage.name for stage in stages(name, case)]
    assert len(set(order)) == len(order)
    assert order.count(SHIFT) == 1
    assert next(stage for stage in stages(name, case) if stage.name == SHIFT).remembered


@EVERY
def test_there_is_a_way_back_that_builds_and_migrates_nothing(name: str, case: str) -> None:
    deployment = deployed(case, name)
    assert found(name).undo(deployment, RELEASE)
    back = [step for stage in found(name).rollback(deployment, RELEASE) for step in does(stage)]
    assert back
    assert not [each for each in back if each.startswith(("Build", "Start", "Apply"))]


@EVERY
def test_what_comes_before_the_lock_changes_nothing_that_serves(name: str, case: str) -> None:
    deployment = deployed(case, name)
    ahead = [step for stage in found(name).preparation(deployment, RELEASE) for step in does(stage)]
    assert ahead
    assert not [each for each in ahead if each.startswith(("Send", "Start", "Apply", "Build"))]
    place, prefix = found(name).place(deployment, RELEASE)
    assert place
    assert prefix


@EVERY
def test_a_dry_run_is_what_json_holds(name: str, case: str) -> None:
    assert json.loads(json.dumps([step.does for step in steps(name, case)]))
    assert all(step.label and step.does for step in steps(name, case))


@EVERY
def test_it_says_what_every_layout_costs(name: str, case: str) -> None:
    said = found(name).estimate(deployed(case, name), PRODUCTION)
    assert 0 < said.total.low <= said.total.expected <= said.total.high
    assert said.dated
    assert not said.unpriced
    assert sum(group.expected for group in said.groups.values()) == pytest.approx(
        said.total.expected
    )


@EVERY
def test_what_depends_on_the_project_is_the_golden_one(name: str, case: str) -> None:
    folder = GOLDEN / case / "targets" / name
    wanted = {path: text for path, text in rendered(name, case).items() if varies(name, path)}
    assert wanted
    if WRITE:
        assert not os.environ.get("CI"), "CI compares; it does not rewrite"
        write(folder, wanted)
    present = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert sorted(present) == sorted(wanted)
    for path, text in wanted.items():
        assert present[path] == text, f"{case}: {path} (make golden, and read the difference)"


@cache
def varies(name: str, path: str) -> bool:
    """Whether a file is not the same for every project."""
    return len({rendered(name, case).get(path) for case in CASES}) > 1


def write(folder: Path, wanted: Mapping[str, str]) -> None:
    for path, text in wanted.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def test_a_docker_host_needs_no_more_than_the_image() -> None:
    assert target("docker_host") is None
