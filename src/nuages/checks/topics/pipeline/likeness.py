"""Whether the tests run on what production has: its database and its Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.pipeline import Job, Pipeline, Step
from nuages.checks.topics.pipeline.purpose import pipelines, tests
from nuages.text import Location

_HEAD = "name: ci\non:\n  push:\n    branches: [main]\npermissions: {contents: read}\njobs:\n"
_TEST = "  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n{}"
_RUN = "      - run: python manage.py makemigrations --check\n      - run: python manage.py test\n"


def _workflow(part: str) -> dict[str, str | None]:
    return {".github/workflows/ci.yml": f"{_HEAD}{part}"}


@rule(
    "CI005",
    severity="warning",
    title="The tests use another database than production",
    why="SQLite takes what PostgreSQL refuses: texts that are too long, queries without GROUP BY, "
    "JSON and array look-ups, constraints at the end of a transaction. It has no row locks.",
    symptom="DataError: value too long for type character varying(50), in production only.",
    fix="Start the database of production beside the tests: `services: {postgres: {image: …}}`.",
    url="https://docs.djangoproject.com/en/stable/ref/databases/",
    mistake=_workflow(
        _TEST.format(_RUN).replace(
            "    steps:", "    env: {DATABASE_URL: 'sqlite:///test.db'}\n    steps:"
        )
    ),
    fixed=_workflow(
        _TEST.format(_RUN).replace(
            "    steps:", "    env: {DATABASE_URL: 'postgres://ci@localhost/ci'}\n    steps:"
        )
    ),
)
def other_database(production: Production) -> Faults:
    database = production.deployment.database
    if database is None or database.engine == "sqlite":
        return
    found = pipelines(production)
    for one in found:
        others = [job for each in found for job in each.jobs if tests(job) and _has_service(job)]
        for job in (each for each in one.jobs if tests(each)):
            if any(other != job for other in others) or job.yaml.get("strategy"):
                continue
            named = [*job.environment.values(), *_of(one), *_of_steps(job)]
            for value, where in named:
                if re.match(r"sqlite(?:3)?:|django\.db\.backends\.sqlite3|.*\.sqlite3$", value):
                    said = f"The tests run on SQLite, production on {database.engine}"
                    yield Fault(said, where)


def _of(one: Pipeline) -> Iterator[tuple[str, Location]]:
    for key in ("env", "variables"):
        found = one.yaml.get(key)
        for _, value in found.items() if found else ():
            yield value.text, value.location


def _of_steps(job: Job) -> Iterator[tuple[str, Location]]:
    for step in job.steps:
        found = step.yaml.get("env")
        for _, value in found.items() if found else ():
            yield value.text, value.location
        written = re.search(r"=[\"']?(sqlite3?:\S+)", step.run)
        if written:
            yield written[1], step.location


def _has_service(job: Job) -> bool:
    services = job.yaml.get("services")
    text = str(services.value) if services else ""
    return bool(re.search(r"postg|mysql|mariadb", text)) or "docker compose" in job.text


@rule(
    "CI006",
    severity="warning",
    title="The tests run on another Python than production",
    why="What was removed, or is not there yet, shows first in production.",
    symptom="ModuleNotFoundError: No module named 'distutils'; SyntaxError; at the first start.",
    fix="Name production's Python in the pipeline: `python-version-file: .python-version`.",
    url="https://github.com/actions/setup-python#basic-usage",
    mistake=_workflow(
        _TEST.format(
            "      - uses: actions/setup-python@v5\n"
            f'        with: {{python-version: "3.10"}}\n{_RUN}'
        )
    ),
    fixed=_workflow(
        _TEST.format(
            "      - uses: actions/setup-python@v5\n"
            f'        with: {{python-version: "3.13"}}\n{_RUN}'
        )
    ),
)
def other_python(production: Production) -> Faults:
    images = {m[1] for f in production.dockerfiles if (m := _PYTHON.search(f.served.image))}
    if len(images) != 1:
        return
    wanted = next(iter(images))
    named: list[tuple[str, Step]] = []
    for one in pipelines(production):
        for job in (each for each in one.jobs if tests(each)):
            for step in job.steps:
                if "setup-python" in step.uses or "setup-uv" in step.uses:
                    versions = _versions(step, job)
                    if not versions:
                        return  # a file or an expression says it
                    named += [(version, step) for version in versions]
    if named and wanted not in {version for version, _ in named}:
        said = ", ".join(dict.fromkeys(version for version, _ in named))
        yield Fault(f"The tests run on Python {said}, the image on {wanted}", named[0][1].location)


_PYTHON = re.compile(r"(?:^|/)python:(3\.\d+)")


def _versions(step: Step, job: Job) -> list[str]:
    """The minor versions that a step sets up, a matrix unfolded; empty: cannot be told."""
    said = step.option("python-version")
    if said is None or "setup-python" not in step.uses:
        return []
    texts = said.text.split() if said.text else []
    variable = re.search(r"matrix\.([\w-]+)", said.text)
    if variable:
        matrix = job.yaml.get("strategy", "matrix", variable[1])
        texts = [item.text for item in matrix.list()] if matrix else []
    found = [re.match(r"(3\.\d+)", text) for text in texts]
    return [match[1] for match in found if match] if all(found) else []
