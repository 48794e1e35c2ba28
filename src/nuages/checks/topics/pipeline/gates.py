"""What must have passed before a release."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.pipeline import Job, Pipeline, Step
from nuages.checks.topics.pipeline.purpose import (
    deployment,
    pipelines,
    release,
    tested_by,
    tests,
)

_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
_PATH = ".github/workflows/ci.yml"
_HEAD = "name: ci\non:\n  push:\n    branches: [main]\npermissions: {contents: read}\n"
_TEST = "  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n{}"
_RUN = "      - run: python manage.py makemigrations --check\n      - run: python manage.py test\n"
_DEPLOY = (
    "  deploy:\n{}    runs-on: ubuntu-24.04\n    environment: production\n"
    "    concurrency: deploy\n    steps:\n      - uses: actions/checkout@v4\n{}"
)
_FLY = "      - run: flyctl deploy\n"


def _workflow(*parts: str) -> dict[str, str | None]:
    return {_PATH: f"{_HEAD}jobs:\n{''.join(parts)}"}


@rule(
    "CI001",
    severity="warning",
    title="A release does not wait for the tests",
    why="A commit that breaks the site is deployed at the same time as its tests fail.",
    symptom="A red pipeline, and a site that is down.",
    fix="Run the tests in the same workflow, and write `needs: test` in the job that deploys.",
    url=f"{_SYNTAX}#jobsjob_idneeds",
    mistake=_workflow(_TEST.format(_RUN), _DEPLOY.format("", _FLY)),
    fixed=_workflow(_TEST.format(_RUN), _DEPLOY.format("    needs: test\n", _FLY)),
)
def untested(production: Production) -> Faults:
    found = pipelines(production)
    elsewhere = any(tested_by(each) and _gates(each) for each in found)
    elsewhere = elsewhere or any(_OTHERS.search(path) for path in production.files)
    for one in found:
        for job in one.jobs:
            step = release(job)
            waits = step is None or _tested(one, job, step)
            if step and not waits and _is_for_real(one, job) and (tested_by(one) or not elsewhere):
                yield Fault(f"The job {job.name} waits for no tests", step.location)


_OTHERS = re.compile(
    r"^(?:\.circleci/|\.travis\.yml|Jenkinsfile|azure-pipelines|bitbucket-pipelines|\.drone|\.woodpecker"
    r"|\.buildkite/|cloudbuild|buildspec|appveyor|\.semaphore/)"
)
"""Pipelines that are not read here."""


def _tested(one: Pipeline, job: Job, released: Step) -> bool:
    """Whether tests have passed: before it in the job, in a job it needs, or in what began it."""
    earlier = job.steps[: job.steps.index(released)]
    inside = tests(Job(job.name, job.yaml, earlier, (), job.location))
    return inside or any(map(tests, one.before(job))) or "workflow_run" in one.triggers


def _gates(one: Pipeline) -> bool:
    """Whether a pipeline runs before something is merged."""
    return one.gitlab or bool({"pull_request", "merge_group"} & set(one.triggers))


def _is_for_real(one: Pipeline, job: Job) -> bool:
    """Whether it is a release of the site: not a preview, not a base image, not by hand."""
    by_hand = set(one.triggers) <= {"workflow_dispatch", "workflow_call", "schedule", ""}
    other = re.search(r"preview|review|staging|docs|pages|base|cleanup|load|test", job.name, re.I)
    return not (by_hand and not one.gitlab) and not other


@rule(
    "CI002",
    severity="info",
    title="Nobody asks whether a migration is missing",
    why="A changed model without its migration passes tests, which make their tables anew from "
    "the models' migrations; in production the column is not there.",
    symptom="ProgrammingError: column … does not exist, after a release.",
    fix="Run `python manage.py makemigrations --check --dry-run` in the pipeline.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-makemigrations-check",
    mistake=_workflow(_TEST.format("      - run: python manage.py test\n")),
    fixed=_workflow(_TEST.format(_RUN)),
)
def no_migration_check(production: Production) -> Faults:
    testing = [(job, one) for one in pipelines(production) for job in one.jobs if tests(job)]
    elsewhere = any(_OTHERS.search(path) for path in production.files)
    if not testing or not production.migrations or elsewhere or _asks(production):
        return
    job = testing[0][0]
    step = next((s for s in job.steps if re.search(r"test|tox|nox|check", s.run)), None)
    yield Fault("makemigrations --check is run nowhere", step.location if step else job.location)


_PLACES = re.compile(
    r"(?:^|/)(?:Makefile|tox\.ini|noxfile\.py|pyproject\.toml|setup\.cfg|\.pre-commit-config\.yaml"
    r"|justfile|Taskfile\.ya?ml|tasks\.py|package\.json|[\w-]*test[\w-]*\.py|conftest\.py)$"
    r"|\.sh$|(?:^|/)(?:bin|scripts?|\.ci)/[^/]+$|^run$",
    re.IGNORECASE,
)
_CHECKS = re.compile(
    r"makemigrations[\"',\s)]*[^\n]*(?:--check|check=True|check_changes)|check_migrations"
    r"|pending_migrations|django-migration-linter|lintmigrations|no_missing_migrations"
)


def _asks(production: Production) -> bool:
    """Whether anything in the repository checks for missing migrations."""
    paths = [each.path for each in production.workflows]
    paths += [path for path in production.files if _PLACES.search(path)]
    return any(_CHECKS.search(production.text(path)) for path in paths)


@rule(
    "CI003",
    severity="warning",
    title="The check of the deployment cannot fail",
    why="What `check --deploy` finds are warnings, and by default only errors fail: it prints "
    "that DEBUG is on or that cookies are not secure, and the pipeline is green.",
    symptom="System check identified 6 issues, and a green tick.",
    fix="Write `python manage.py check --deploy --fail-level WARNING`, with production's settings.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-check-fail-level",
    mistake=_workflow(_TEST.format(f"{_RUN}      - run: python manage.py check --deploy\n")),
    fixed=_workflow(
        _TEST.format(f"{_RUN}      - run: python manage.py check --deploy --fail-level WARNING\n")
    ),
)
def toothless(production: Production) -> Faults:
    for step in _steps(production):
        for line in step.run.replace("\\\n", " ").splitlines():
            if re.search(r"\bcheck\b[^&|;]*--deploy", line) and "--fail-level" not in line:
                yield Fault(
                    "check --deploy fails on errors only, and finds warnings", step.location
                )


def _steps(production: Production) -> Iterator[Step]:
    return (s for one in pipelines(production) for job in one.jobs for s in job.steps)


@rule(
    "CI004",
    severity="warning",
    title="Tests that fail stop nothing",
    why="The pipeline is green whatever they say, so what comes after it, a merge or a release, "
    "goes on.",
    symptom="A green tick over a log full of failures.",
    fix="Remove `continue-on-error`, `allow_failure` or `|| true`.",
    url=f"{_SYNTAX}#jobsjob_idstepscontinue-on-error",
    mistake=_workflow(
        _TEST.format(
            "      - run: python manage.py makemigrations --check\n"
            "      - run: python manage.py test || true\n"
        )
    ),
    fixed=_workflow(_TEST.format(_RUN)),
)
def forgiven(production: Production) -> Faults:
    for one in pipelines(production):
        for job in one.jobs:
            for step in job.steps:
                alone = Job("", job.yaml, (step,), (), job.location)
                if tests(alone) and (key := _forgives(step, job)):
                    yield Fault(f"{key} lets the tests fail", step.location)


def _forgives(step: Step, job: Job) -> str:
    said = [
        (key, y.get(key))
        for y in (step.yaml, job.yaml)
        for key in ("continue-on-error", "allow_failure")
    ]
    named = next((key for key, value in said if value and value.value is True), "")
    line = re.search(r"(?:pytest|test)\b[^\n]*\|\|\s*(?:true|:|exit 0)", step.run)
    return named or ("`|| true`" if line else "")


@rule(
    "CI007",
    severity="warning",
    title="The migrations are applied after the release",
    why="The new code serves while the columns that it needs are not there.",
    symptom="ProgrammingError: column … does not exist, for the first minutes of each release.",
    fix="Migrate first, in a way that the old code survives, and deploy then.",
    url="https://docs.djangoproject.com/en/stable/topics/migrations/",
    mistake=_workflow(
        _TEST.format(_RUN),
        _DEPLOY.format(
            "    needs: test\n",
            f"{_FLY}      - run: flyctl ssh console -C 'python manage.py migrate'\n",
        ),
    ),
    fixed=_workflow(
        _TEST.format(_RUN),
        _DEPLOY.format(
            "    needs: test\n",
            f"      - run: flyctl ssh console -C 'python manage.py migrate'\n{_FLY}",
        ),
    ),
)
def migrates_late(production: Production) -> Faults:
    for one in pipelines(production):
        for job in one.jobs:
            step = deployment(job)
            for later in job.steps[job.steps.index(step) + 1 :] if step else ():
                if re.search(r"manage\.py migrate\b|django migrate\b|execute \S*migrat", later.run):
                    yield Fault("migrate runs after the new code serves", later.location)


@rule(
    "CI018",
    severity="warning",
    title="The pipeline runs no tests",
    why="It installs the project and looks at it, and lets through whatever can be imported.",
    symptom="A green tick on a commit that breaks the log-in.",
    fix="Run them: `python manage.py test`, or `pytest`.",
    url="https://docs.djangoproject.com/en/stable/topics/testing/overview/#running-tests",
    mistake=_workflow(_TEST.format("      - run: python manage.py makemigrations --check\n")),
    fixed=_workflow(_TEST.format(_RUN)),
)
def no_tests(production: Production) -> Faults:
    found = pipelines(production)
    if any(map(tested_by, found)) or any(_OTHERS.search(path) for path in production.files):
        return
    for one in found:
        for job in one.jobs:
            step = next((each for each in job.steps if _LOOKS.search(each.run)), None)
            if step:
                yield Fault(f"{one.path} looks at the project, and nothing tests it", step.location)
                return


_LOOKS = re.compile(
    r"manage\.py (?:check|makemigrations|migrate)\b|\b(?:ruff|flake8|pylint|mypy)\b"
)
