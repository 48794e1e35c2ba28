"""Rules about the pipeline."""

from __future__ import annotations

import pytest
from clean_site import found

HEAD = "on:\n  push:\n    branches: [main]\npermissions: {contents: read}\njobs:\n"
TEST = (
    "  test:\n    runs-on: ubuntu-24.04\n    steps:\n"
    "      - run: manage.py makemigrations --check\n"
    "      - run: python manage.py test\n"
)
PATH = ".github/workflows/ci.yml"


def workflow(*jobs: str, head: str = HEAD) -> dict[str, str | None]:
    return {PATH: head + "".join(jobs)}


def job(*steps: str, name: str = "deploy", extra: str = "") -> str:
    lines = "".join(f"      - run: {step}\n" for step in steps)
    return f"  {name}:\n    runs-on: ubuntu-24.04\n    concurrency: x\n{extra}    steps:\n{lines}"


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ((job("flyctl deploy"),), True),
        ((TEST, job("flyctl deploy")), True),
        ((TEST, job("docker push x:1")), True),
        ((TEST, job("flyctl deploy", extra="    needs: test\n")), False),
        ((TEST, job("x", name="b", extra="    needs: test\n"),
          job("flyctl deploy", extra="    needs: [b]\n")), False),
        ((job("pytest", "flyctl deploy"),), False),
        ((job("make check", "kubectl apply -f x"),), False),
        ((job("flyctl deploy", "pytest"),), True),
        ((job("flyctl deploy", name="preview"),), False),
        ((job("docker build ."),), False),
    ],
)  # fmt: skip
def test_a_release_waits_for_tests(jobs: tuple[str, ...], said: bool) -> None:
    assert bool(found("CI001", workflow(*jobs))) is said


def test_tests_of_a_pull_request_in_another_workflow_are_enough() -> None:
    files = workflow(job("flyctl deploy"))
    tests = {".github/workflows/t.yml": f"on: pull_request\njobs:\n{TEST}"}
    assert found("CI001", {**files, **tests}) == []
    late = {".github/workflows/t.yml": f"on: push\njobs:\n{TEST}"}
    assert len(found("CI001", {**files, **late})) == 1


def test_gitlab_runs_its_stages_in_order() -> None:
    jobs = "t:\n  stage: test\n  script: pytest\nd:\n  stage: deploy\n  script: flyctl deploy\n"
    files = {PATH: None, ".gitlab-ci.yml": jobs}
    assert found("CI001", files) == []
    alone = {PATH: None, ".gitlab-ci.yml": jobs.replace("script: pytest", "script: ls")}
    assert len(found("CI001", alone)) == 1


def test_a_check_of_migrations_may_be_anywhere() -> None:
    bare = workflow("  test:\n    steps:\n      - run: make test\n")
    assert len(found("CI002", bare)) == 1
    assert (
        found("CI002", {**bare, "Makefile": "test:\n\t./manage.py makemigrations --check\n"}) == []
    )
    code = "call_command('makemigrations', check=True)\n"
    assert found("CI002", {**bare, "orders/test_models.py": code}) == []
    assert found("CI002", {**bare, ".circleci/config.yml": "x: 1\n"}) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("python manage.py check --deploy", True),
        ("python manage.py check --deploy --fail-level WARNING", False),
        ("python manage.py check", False),
        ("DEBUG= python manage.py check --fail-level=ERROR --deploy", False),
    ],
)
def test_a_check_that_can_fail(line: str, said: bool) -> None:
    assert bool(found("CI003", workflow(job(line, name="t")))) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("      - run: pytest || true\n", True),
        ("      - run: pytest\n        continue-on-error: true\n", True),
        ("      - run: pytest || exit 1\n", False),
        ("      - run: pytest\n      - run: codecov || true\n", False),
        ("      - run: codecov\n        continue-on-error: true\n", False),
    ],
)
def test_forgiven_failures(text: str, said: bool) -> None:
    files = workflow(f"  t:\n    runs-on: ubuntu-24.04\n    steps:\n{text}")
    assert bool(found("CI004", files)) is said


@pytest.mark.parametrize(
    ("version", "said"),
    [("'3.13'", False), ("'3.11'", True), ("3.13.2", False), ("${{ matrix.v }}", False)],
)
def test_the_python_of_the_tests(version: str, said: bool) -> None:
    text = (
        "  t:\n    strategy: {matrix: {v: ['3.12', '3.13']}}\n    steps:\n"
        f"      - uses: actions/setup-python@v5\n        with: {{python-version: {version}}}\n"
        "      - run: pytest\n"
    )
    assert bool(found("CI006", workflow(text))) is said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("flyctl deploy --access-token fo1_x8sJ2kQ91mZp44Lw", False),
        ("API_TOKEN=fo1x8sJ2kQ91mZp44Lw flyctl deploy", True),
        ("echo ghp_" + "a1B2" * 9, True),
        ("docker login -p ${{ secrets.X }}", False),
        ("SECRET_KEY=only-for-tests-0123456789 flyctl deploy", False),
    ],
)
def test_secrets_in_the_text(line: str, said: bool) -> None:
    assert bool(found("CI008", workflow(job(f"'{line}'")))) is said


def test_the_key_of_a_test_is_none() -> None:
    key = "UtdHATKzQKLkz3izFFpxCKamhEdspeHmCQFvLx1DAwskqEuyKL"
    line = f"SECRET_KEY={key} pytest"
    assert found("CI008", workflow(job(line, name="t"))) == []
    assert len(found("CI008", workflow(job(line, f"SECRET_KEY={key} flyctl deploy")))) == 2


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ("superfly/flyctl-actions/setup-flyctl@master", True),
        ("owner/action@main", True),
        ("owner/action@v1", False),
        ("actions/checkout@main", False),
        ("./.github/actions/x", False),
        ("owner/action@0123456789abcdef0123456789abcdef01234567", False),
    ],
)
def test_versions_of_actions(uses: str, said: bool) -> None:
    files = workflow(f"  t:\n    steps:\n      - uses: {uses}\n")
    assert bool(found("CI010", files)) is said


@pytest.mark.parametrize(
    ("head", "extra", "said"),
    [
        ("on: push\njobs:\n", "", True),
        ("on: [push, pull_request]\njobs:\n", "", True),
        ("on: push\njobs:\n", "    if: github.ref == 'refs/heads/main'\n", False),
        ("on: {push: {tags: ['v*']}}\njobs:\n", "", False),
        ("on: {release: {types: [published]}}\njobs:\n", "", False),
        ("on: workflow_dispatch\njobs:\n", "", False),
        (HEAD, "", False),
    ],
)
def test_which_branches_are_deployed(head: str, extra: str, said: bool) -> None:
    files = workflow(job("pytest", "flyctl deploy", extra=extra), head=head)
    assert bool(found("CI015", files)) is said


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["docker push x:latest"], True),
        (["docker push x:latest", "docker push x:$GITHUB_SHA"], False),
        (["docker push x:$GITHUB_SHA"], False),
        (["docker push --all-tags x"], False),
    ],
)
def test_names_of_images(lines: list[str], said: bool) -> None:
    assert bool(found("CI016", workflow(job(*lines)))) is said


def test_a_pipeline_that_only_looks() -> None:
    line = "python manage.py check"
    assert len(found("CI018", workflow(job(line, name="t")))) == 1
    tests = {".github/workflows/t.yml": f"on: pull_request\njobs:\n{TEST}"}
    assert found("CI018", {**workflow(job(line, name="t")), **tests}) == []
    assert found("CI018", workflow(job("docker build .", name="b"))) == []


def test_sqlite_beside_a_service_that_is_not_used() -> None:
    text = (
        "  t:\n    services: {db: {image: 'postgres:17'}}\n    env: {DATABASE_URL: 'sqlite:///x'}\n"
        "    steps:\n      - run: pytest\n"
    )
    assert len(found("CI005", workflow(text))) == 1
    real = text.replace("  t:", "  real:").replace("sqlite:///x", "postgres://x")
    assert found("CI005", workflow(text, real)) == []


def test_the_password_of_a_login() -> None:
    line = "docker login -u me -p 9vK2xWq7LmZ4 registry.example.com"
    assert len(found("CI008", workflow(job(line)))) == 1
    for safe in ("docker login -u me --password-stdin", "docker login -p $PASSWORD x"):
        assert found("CI008", workflow(job(safe))) == []


def test_a_token_that_nothing_limits() -> None:
    files = workflow(TEST, head="on: push\njobs:\n")
    assert [each.severity for each in found("CI012", files)] == ["info"]
    assert found("CI012", workflow(TEST)) == []


def test_a_pull_request_is_not_deployed() -> None:
    head = "on:\n  push: {branches: [main]}\n  pull_request:\njobs:\n"
    assert len(found("CI015", workflow(job("pytest", "flyctl deploy"), head=head))) == 1
    told = "    if: github.event_name == 'push'\n"
    assert found("CI015", workflow(job("pytest", "flyctl deploy", extra=told), head=head)) == []
