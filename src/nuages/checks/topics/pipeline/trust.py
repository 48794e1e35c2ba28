"""Whose code the pipeline runs, and what it is trusted with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.pipeline import Job, Pipeline, Step
from nuages.checks.sources.secret_text import (
    LOCAL,
    is_placeholder,
    is_unset,
    keeps_secret,
    login,
    tokens,
)
from nuages.checks.sources.yaml_file import Yaml
from nuages.checks.topics.pipeline.purpose import pipelines, release
from nuages.text import Location

_SECURE = "https://docs.github.com/en/actions/reference/security/secure-use"
_PATH = ".github/workflows/deploy.yml"
_ON = "name: deploy\non:\n  push:\n    branches: [main]\n"
_JOB = (
    "permissions: {{contents: read, id-token: write}}\njobs:\n  deploy:\n"
    "    runs-on: ubuntu-24.04\n    concurrency: deploy\n    steps:\n{}"
)
_BRANCH = re.compile(r"@(?:master|main|develop|dev|trunk|latest|head)$", re.IGNORECASE)
_OWN = re.compile(r"^(?:actions|github|\.)/|^\./|^docker://")
_FOREIGN = re.compile(r"github\.event\.pull_request\.head|github\.head_ref")
_GIVEN = re.compile(
    r"\$\{\{\s*(github\.(?:event\.(?:issue|pull_request|comment|review|discussion)\.(?:title|body)"
    r"|event\.pull_request\.head\.(?:ref|label)|head_ref"
    r"|event\.(?:head_commit|commits\[\d\])\.(?:message|author\.\w+)))\s*\}\}"
)
_KEYS = re.compile(
    r"aws-access-key-id|aws_access_key_id|credentials_json|service_account_key", re.I
)
_KEY_NAMES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_CREDENTIALS", "GCP_SA_KEY"}
_LOGIN = "The password of a login"
_OPTION = re.compile(r"\blogin\b[^\n]*?\s(?:-p|--password)[= ][\"']?([^\s\"'$]{8,})")
_OF_TESTS = re.compile(r"SECRET_?KEY$|PASSWORD$|PASS$|PWD$|_URL$|_DSN$")
_ALONE = re.compile(r"(?:^|\s)(?:export\s+)?([A-Z][A-Z0-9_]+)=[\"']?([^\s\"'$]+)")


def _workflow(steps: str, on: str = _ON) -> dict[str, str | None]:
    return {_PATH: on + _JOB.format(steps)}


def _steps(production: Production) -> Iterator[tuple[Pipeline, Job, Step]]:
    for one in pipelines(production):
        for job in one.jobs:
            for step in job.steps:
                yield one, job, step


@rule(
    "CI008",
    severity="error",
    title="A secret stands in the pipeline's text",
    why="Whoever can read the repository, every fork of it and every log has the key.",
    symptom="A bill for machines that nobody of yours has started.",
    fix="Keep it in the pipeline's secrets, `${{ secrets.NAME }}`, and make a new one: this one is "
    "known.",
    url="https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/"
    "use-secrets",
    mistake=_workflow(
        "      - run: flyctl deploy\n        env:\n"
        "          FLY_API_TOKEN: fo1_9sKx72jQm41LzY8aTbVc\n"
    ),
    fixed=_workflow(
        "      - run: flyctl deploy\n        env:\n"
        "          FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}\n"
    ),
)
def written(production: Production) -> Faults:
    for one in pipelines(production):
        deploys = any(release(job) for job in one.jobs)
        seen: set[Location] = set()
        for name, value, where in _variables(one.yaml):
            if not deploys and _OF_TESTS.search(name) and not any(tokens(value)):
                continue  # a key or a database that lives as long as the job
            said = _secret(name, value)
            if said and where not in seen:
                seen.add(where)
                yield Fault(said, where)


def _variables(yaml: Yaml, key: str = "") -> Iterator[tuple[str, str, Location]]:
    """Every text of a document with the key above it; assignments in commands too."""
    for name, value in yaml.items():
        yield from _variables(value, name)
    for item in yaml.list():
        yield from _variables(item, key)
    if yaml.text and not list(yaml.list()):
        yield key, yaml.text, yaml.location
        if key in {"run", "script", "before_script"}:
            for name, value in _ALONE.findall(yaml.text):
                yield name, value, yaml.location
            for value in _OPTION.findall(yaml.text):
                yield _LOGIN, value, yaml.location


def _secret(name: str, value: str) -> str:
    known = next(tokens(value), None)
    if known:
        return f"{known.owner[0].upper()}{known.owner[1:]} ({known.shown}) is written out"
    if name == _LOGIN:
        return f"{name} is written out"
    url = login(value)
    if url:
        weak = url.host in LOCAL or is_placeholder(url.password) or len(url.password) < 12
        return "" if weak else f"{name} has a password in it"
    plain = re.fullmatch(r"[\w+/=.:~@!-]{16,}", value) and not re.search(
        r"[.-]test|test[.-]", value
    )
    named = (
        keeps_secret(name) and name.isupper() and not is_placeholder(value) and not is_unset(value)
    )
    mixed = re.search(r"\d", value) and re.search(r"[a-z]", value)
    common = re.search(r"test|dummy|only|fake|example|insecure|ci\b|not-", value, re.IGNORECASE)
    return f"{name} is written out" if plain and named and mixed and not common else ""


@rule(
    "CI009",
    severity="error",
    title="A stranger's code runs with the project's secrets",
    why="pull_request_target runs with the secrets and a token that can write. Where it checks out "
    "the pull request and runs anything of it, anybody who opens one has them.",
    symptom="Secrets in somebody else's log; a release that nobody made.",
    fix="Use `pull_request`, or do not check out the pull request's head.",
    url="https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/",
    mistake=_workflow(
        "      - uses: actions/checkout@v4\n        with:\n"
        "          ref: ${{ github.event.pull_request.head.sha }}\n      - run: make test\n",
        "name: x\non: pull_request_target\n",
    ),
    fixed=_workflow(
        "      - uses: actions/checkout@v4\n      - run: make test\n", "name: x\non: pull_request\n"
    ),
)
def strangers(production: Production) -> Faults:
    for one, job, step in _steps(production):
        told = {"pull_request_target", "workflow_run"} & set(one.triggers)
        ref = step.option("ref")
        checks_out = "actions/checkout" in step.uses and ref and _FOREIGN.search(ref.text)
        runs = any(each.run for each in job.steps[job.steps.index(step) :])
        if told and checks_out and runs and "label" not in job.condition:
            said = f"{min(told)} checks out the pull request's code, and runs it"
            yield Fault(said, ref.location if ref else step.location)


@rule(
    "CI010",
    severity="warning",
    title="An action is whatever its branch holds today",
    why="The action runs with the pipeline's token and secrets. Whoever can write to that branch, "
    "or takes the account over, changes what your pipeline does.",
    symptom="tj-actions/changed-files, March 2025: the secrets of 23,000 repositories in logs.",
    fix="Name a version, or better its commit: `owner/action@<40 digits>  # v2.1.0`.",
    url=f"{_SECURE}#using-third-party-actions",
    mistake=_workflow("      - uses: superfly/flyctl-actions/setup-flyctl@master\n"),
    fixed=_workflow("      - uses: superfly/flyctl-actions/setup-flyctl@1.5\n"),
)
def moving(production: Production) -> Faults:
    seen: set[str] = set()
    for one, _, step in _steps(production):
        moves = not one.gitlab and _BRANCH.search(step.uses) and not _OWN.search(step.uses)
        if moves and step.uses not in seen:
            seen.add(step.uses)
            yield Fault(f"{step.uses} is another program tomorrow", step.location)


@rule(
    "CI011",
    severity="warning",
    title="The pipeline has a key of the cloud that never ends",
    why="A key that is in the pipeline's secrets works from anywhere until somebody deletes it. "
    "With OpenID Connect the cloud asks which repository and branch it is, and gives a token for "
    "an hour.",
    symptom="A key that left with a former colleague, or with a compromised action.",
    fix="Let the cloud trust the pipeline: `permissions: {id-token: write}` with "
    "`workload_identity_provider` or `role-to-assume`.",
    url="https://docs.github.com/en/actions/concepts/security/openid-connect",
    mistake=_workflow(
        "      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n"
        "          aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}\n"
        "          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n"
    ),
    fixed=_workflow(
        "      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n"
        "          role-to-assume: arn:aws:iam::1:role/deploy\n"
    ),
)
def lasting_keys(production: Production) -> Faults:
    for one, job, step in _steps(production):
        options = step.yaml.get("with")
        for name, value in options.items() if options and step.uses else ():
            if _KEYS.fullmatch(name) and "secrets." in value.text:
                yield Fault(f"{name} is a key that does not end", value.location)
        for where in (one.yaml, job.yaml, step.yaml):
            env = where.get("env")
            for name, value in env.items() if env else ():
                if name in _KEY_NAMES - {"AWS_ACCESS_KEY_ID"} and "secrets." in value.text:
                    yield Fault(f"{name} is a key that does not end", value.location)


@rule(
    "CI012",
    severity="warning",
    title="The pipeline's token may do everything",
    why="With `write-all` each step, each action and each package that a build installs can push "
    "commits, make releases and change the workflows themselves.",
    symptom="A commit by github-actions[bot] that nobody has written.",
    fix="Write `permissions: {contents: read}`, and add what a job needs in that job.",
    url=f"{_SECURE}#restricting-permissions-for-tokens",
    mistake={
        _PATH: f"{_ON}permissions: write-all\njobs:\n  x:\n    runs-on: ubuntu-24.04\n"
        "    steps:\n      - run: make\n"
    },
    fixed={
        _PATH: f"{_ON}permissions: {{contents: read}}\njobs:\n  x:\n    runs-on: ubuntu-24.04\n"
        "    steps:\n      - run: make\n"
    },
)
def write_all(production: Production) -> Faults:
    for one in (each for each in pipelines(production) if not each.gitlab and each.jobs):
        said = [one.yaml.get("permissions"), *(job.yaml.get("permissions") for job in one.jobs)]
        for each in said:
            if each and each.text == "write-all":
                yield Fault("permissions: write-all", each.location)
        if not any(said) and not any(job.yaml.get("uses") for job in one.jobs):
            told = "Nothing limits the token; it may be one that can write"
            yield Fault(told, one.jobs[0].location, severity="info")


@rule(
    "CI013",
    severity="warning",
    title="Somebody else's text is pasted into a command",
    why="`${{ … }}` is replaced before the shell reads the line: a pull request whose title or "
    "branch is `$(curl …|sh)` runs that in your pipeline.",
    symptom="A branch with a strange name, and a command that nobody wrote in the log.",
    fix='Give it as a variable: `env: {TITLE: ${{ … }}}`, and `"$TITLE"` in the command.',
    url=f"{_SECURE}#good-practices-for-mitigating-script-injection-attacks",
    mistake=_workflow(
        '      - run: echo "${{ github.event.pull_request.title }}"\n',
        "name: x\non: pull_request_target\n",
    ),
    fixed=_workflow(
        '      - run: echo "$TITLE"\n        env:\n'
        "          TITLE: ${{ github.event.pull_request.title }}\n",
        "name: x\non: pull_request_target\n",
    ),
)
def pasted(production: Production) -> Faults:
    for one, _, step in _steps(production):
        found = _GIVEN.search(step.run)
        if found:
            trusted = not {"pull_request_target", "issues", "issue_comment"} & set(one.triggers)
            said = f"{found[1]} is part of the command"
            yield Fault(said, step.location, severity="warning" if trusted else "error")
