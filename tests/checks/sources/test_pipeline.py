"""Pipelines of GitHub and GitLab."""

from __future__ import annotations

import pytest

from nuages.checks.sources.pipeline import Pipeline, pipeline
from nuages.checks.sources.yaml_file import yaml

GITHUB = """\
on:
  push: {branches: [main]}
  pull_request:
jobs:
  test:
    runs-on: x
    steps:
      - uses: actions/checkout@v4
      - run: |
          pytest
  build:
    needs: test
    uses: ./.github/workflows/build.yml
  deploy:
    if: github.ref == 'refs/heads/main'
    needs: [build]
    env: {A: b}
    steps: []
"""
GITLAB = """\
stages: [test, ship]
variables: {X: "1"}
.hidden:
  script: nothing
unit:
  stage: test
  script:
    - pytest
ship:
  stage: ship
  script: deploy
  only: [main]
lint:
  script: ruff
loose:
  stage: ship
  needs: []
  script: x
"""


def read(text: str, path: str = ".github/workflows/x.yml") -> Pipeline:
    found = yaml(text, path)
    assert found
    return pipeline(found)


def test_jobs_of_github() -> None:
    one = read(GITHUB)
    assert [(job.name, job.needs) for job in one.jobs] == [
        ("test", ()),
        ("build", ("test",)),
        ("deploy", ("build",)),
    ]
    assert [step.uses for step in one.jobs[1].steps] == ["./.github/workflows/build.yml"]
    assert one.jobs[0].text.strip() == "pytest"
    assert one.jobs[2].environment["A"][0] == "b"
    assert "refs/heads/main" in one.jobs[2].condition
    assert [job.name for job in one.before(one.jobs[2])] == ["build", "test"]
    assert str(one.jobs[0].steps[0].location) == ".github/workflows/x.yml:8:15"


@pytest.mark.parametrize("on", ["push", "[push]", "{push: {}}"])
def test_triggers(on: str) -> None:
    assert list(read(f"on: {on}\njobs: {{}}\n").triggers) == ["push"]


def test_jobs_of_gitlab_need_the_stages_before_them() -> None:
    one = read(GITLAB, ".gitlab-ci.yml")
    assert [(job.name, job.needs) for job in one.jobs] == [
        ("unit", ()),
        ("ship", ("unit", "lint")),
        ("lint", ()),
        ("loose", ()),
    ]
    assert [step.run for job in one.jobs for step in job.steps] == ["pytest", "deploy", "ruff", "x"]


@pytest.mark.parametrize(
    "text", ["a: b", "jobs: x", "jobs: {a: b}", "jobs: {a: {steps: x}}", "on:"]
)
def test_what_is_no_workflow_has_no_jobs(text: str) -> None:
    assert all(job.steps == () for job in read(text).jobs)
