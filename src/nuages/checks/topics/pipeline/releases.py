"""How the pipeline deploys: from where, how many at once, and as what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.pipeline import Job, Pipeline, Step
from nuages.checks.topics.pipeline.purpose import deployment, pipelines

_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
_PATH = ".github/workflows/deploy.yml"
_HEAD = "name: deploy\non:\n{}permissions: {{contents: read}}\njobs:\n"
_MAIN = "  push:\n    branches: [main]\n"
_JOB = (
    "  deploy:\n    runs-on: ubuntu-24.04\n    environment: production\n{}    steps:\n"
    "      - uses: actions/checkout@v4\n      - run: python manage.py test\n{}"
)
_FLY = "      - run: flyctl deploy\n"
_ONCE = "    concurrency: deploy\n"
_LIMITED = re.compile(
    r"event_name|\bref\b|ref_name|ref_type|branch|tag|main|master|release|environment|\$CI_"
)


def _workflow(job: str, on: str = _MAIN) -> dict[str, str | None]:
    return {_PATH: _HEAD.format(on) + job}


def _deployments(production: Production) -> Iterator[tuple[Pipeline, Job, Step]]:
    for one in pipelines(production):
        for job in one.jobs:
            step = deployment(job)
            if step:
                yield one, job, step


@rule(
    "CI014",
    severity="warning",
    title="Two releases may run at once",
    why="Two commits in a minute: both migrate, both shift the traffic, and the older may win.",
    symptom="A site that runs yesterday's commit though the newer one was deployed.",
    fix="Write `concurrency: deploy-production` in the job (GitLab: `resource_group`).",
    url=f"{_SYNTAX}#concurrency",
    mistake=_workflow(_JOB.format("", _FLY)),
    fixed=_workflow(_JOB.format(_ONCE, _FLY)),
)
def at_once(production: Production) -> Faults:
    for one, job, step in _deployments(production):
        keys = ("concurrency", "resource_group")
        if not any(yaml.get(key) for yaml in (one.yaml, job.yaml) for key in keys):
            yield Fault(f"Nothing keeps the job {job.name} from running twice", step.location)


@rule(
    "CI015",
    severity="warning",
    title="Any branch is deployed",
    why="Whoever pushes a branch, to save an evening's work perhaps, releases it.",
    symptom="Half a feature on the site, from a branch that nobody has read.",
    fix="Say which: `on: {push: {branches: [main]}}`, or `if: github.ref == 'refs/heads/main'`.",
    url=f"{_SYNTAX}#onpushbranchestagsbranches-ignoretags-ignore",
    mistake=_workflow(_JOB.format(_ONCE, _FLY), "  push:\n"),
    fixed=_workflow(_JOB.format(_ONCE, _FLY)),
)
def any_branch(production: Production) -> Faults:
    for one, job, step in _deployments(production):
        conditions = [job.condition, *(each.condition for each in one.before(job))]
        own = step.yaml.get("if")
        conditions += [own.text] if own and not one.gitlab else []
        open_to_all = one.gitlab or _open(one)
        if open_to_all and not any(_LIMITED.search(text) for text in conditions):
            yield Fault(f"The job {job.name} deploys whatever was pushed", step.location)


def _open(one: Pipeline) -> bool:
    """Whether a push to any branch, or a pull request, begins the workflow."""
    push = one.triggers.get("push")
    keys = ("branches", "tags", "branches-ignore")
    anything = "push" in one.triggers and not any(push.get(key) for key in keys if push)
    return anything or "pull_request" in one.triggers


@rule(
    "CI016",
    severity="warning",
    title="The image is pushed as :latest only",
    why="The tag moves on with each release: there is nothing to roll back to, a platform that "
    "sees the same name deploys nothing, and nobody can say which commit runs.",
    symptom="A release that changes nothing; a rollback to the same image.",
    fix='Push the commit\'s tag: `docker push "$IMAGE:$GITHUB_SHA"`.',
    url="https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    mistake=_workflow(_JOB.format(_ONCE, "      - run: docker push registry/shop:latest\n")),
    fixed=_workflow(_JOB.format(_ONCE, "      - run: docker push registry/shop:$GITHUB_SHA\n")),
)
def latest_only(production: Production) -> Faults:
    for one in pipelines(production):
        for job in one.jobs:
            for step in job.steps:
                pushed = re.findall(r"\bdocker (?:image )?push\s+([^\n]+)", step.run)
                everything = re.findall(r"docker (?:image )?push\s+([^\n]+)", job.text)
                others = [p for p in everything if not re.search(r":latest\b", p)]
                if pushed and not others and all(re.search(r":latest\b", p) for p in pushed):
                    yield Fault(f"{pushed[0].strip()} has no other name", step.location)
                tags = step.option("tags") if "build-push-action" in step.uses else None
                named = re.split(r"[\s,]+", tags.text.strip()) if tags and tags.text else []
                if tags and named and all(name.endswith(":latest") for name in named):
                    yield Fault(f"{named[0]} has no other name", tags.location)


@rule(
    "CI017",
    severity="error",
    title="The pipeline does not run any more",
    why="GitHub has switched this off: the job fails before its first command, or waits for a "
    "machine that does not exist. Nothing is tested, and nothing is released.",
    symptom="This request has been automatically failed because it uses a deprecated version of "
    "`actions/upload-artifact: v3`; a job that is queued for a day.",
    fix="Take the version of today: `actions/upload-artifact@v4`, `actions/cache@v4`, "
    "`runs-on: ubuntu-24.04`.",
    url="https://github.blog/changelog/2024-12-05-notice-of-upcoming-releases-and-breaking-changes-"
    "for-github-actions/",
    mistake=_workflow(
        _JOB.format(_ONCE, "      - uses: actions/upload-artifact@v3\n        with: {path: x}\n")
    ),
    fixed=_workflow(
        _JOB.format(_ONCE, "      - uses: actions/upload-artifact@v4\n        with: {path: x}\n")
    ),
)
def switched_off(production: Production) -> Faults:
    for one in (each for each in pipelines(production) if not each.gitlab):
        for job in one.jobs:
            runner = job.yaml.get("runs-on")
            if runner and _RUNNERS.fullmatch(runner.text):
                yield Fault(f"There is no runner {runner.text} any more", runner.location)
            for step in job.steps:
                if _ACTIONS.match(step.uses):
                    yield Fault(f"GitHub refuses {step.uses}", step.location)


_RUNNERS = re.compile(r"ubuntu-(?:16|18|20)\.04|windows-20(?:16|19)|macos-(?:10\.15|11|12|13)")
"""https://github.com/actions/runner-images#available-images"""
_ACTIONS = re.compile(
    r"actions/(?:upload-artifact|download-artifact)@v[123](?:\.|$)|actions/cache@v[12](?:\.\d|$)"
)
