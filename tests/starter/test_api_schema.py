"""The API of a new project keeps to its own schema, whoever calls it and whatever is sent.

Schemathesis calls the site that ``nuages up`` serves: gunicorn, PostgreSQL, Redis, production's
settings. Only passwords are hashed quickly, for they are hashed thousands of times.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import Made, made

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("starter-versions")]

PROGRAM = str(Path(sys.executable).with_name("nuages"))
TRIED = """\
from .production import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""
SCHEMATHESIS = ("uv", "run", "--frozen", "--with", "schemathesis>=4.32,<5", "schemathesis", "run")
# A wrong password suits the schema and is refused; Django REST framework takes 0 for "0"; an
# account that was deleted is there, deactivated.
LEFT_OUT = "positive_data_acceptance,negative_data_rejection,use_after_free"
# Coverage goes through every edge of the schema: for those who may do most.
PHASES = {
    "anonymous": "examples,fuzzing",
    "user": "examples,coverage,fuzzing",
    "staff": "examples,fuzzing",
    "administrator": "examples,coverage,fuzzing,stateful",
}


@dataclass(frozen=True)
class Served:
    site: Made
    address: str
    variables: dict[str, str]
    answers: Path

    def tried_by(self, role: str) -> str:
        options = ("--max-examples=10", "--seed=7", "--continue-on-failure", "--no-color")
        return self.site.run(
            *(*SCHEMATHESIS, f"{self.address}/api/v1/schema/", f"--phases={PHASES[role]}"),
            *(*options, "--generation-database=none", f"--exclude-checks={LEFT_OUT}"),
            **self.variables,
            CALLER=role,
            ANSWERS=str(self.answers / role),
        )


@pytest.fixture(scope="module")
def served(
    database: Callable[[str], str], redis: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tried")
    site = made(folder / "blue-note", "3.13")
    (site.root / "config" / "settings" / "tried.py").write_text(TRIED, "utf-8")
    site.run("uv", "sync", "--quiet", "--frozen", "--no-dev")
    variables = {
        "DATABASE_URL": database("postgresql"),
        "REDIS_URL": redis,
        "DJANGO_SECRET_KEY": "Gg0X-q8Vw-3kZ-7mP-5rT-9yB-2nD-6hF-4jL-that-only-tests-use",
    }
    values = folder / "values.env"
    values.write_text("".join(f"{name}={value}\n" for name, value in variables.items()))
    options = ("--engine", "process", "--detach", "--json", "--settings", "config.settings.tried")
    try:
        answer = json.loads(site.run(PROGRAM, "up", *options, "--env-file", str(values)))
        hooks = {
            "DJANGO_SETTINGS_MODULE": "config.settings.tried",
            "PYTHONPATH": f"{site.root}{os.pathsep}{Path(__file__).parent}",
            "SCHEMATHESIS_HOOKS": "callers",
            "LOG_LEVEL": "WARNING",
        }
        yield Served(site, answer["running"]["address"], {**variables, **hooks}, folder)
    finally:
        site.run(PROGRAM, "down")


@pytest.mark.parametrize("role", PHASES)
def test_every_answer_is_documented(served: Served, role: str) -> None:
    said = served.tried_by(role)
    assert "Tested: 18" in said
    print(said[-600:])


def test_nine_in_ten_operations_succeed(served: Served) -> None:
    """Whoever of the four it was who reached a 2xx; counted from the answers themselves."""
    answers = [
        line.split(" ", 1)
        for role in PHASES
        for line in (served.answers / role).read_text("utf-8").splitlines()
    ]
    operations = {operation for _, operation in answers}
    reached = Counter(operation for status, operation in answers if status.startswith("2"))
    print(f"{len(reached)} of {len(operations)} operations reached a 2xx", dict(reached))
    assert len(operations) == 18
    assert len(reached) >= 0.9 * len(operations), operations - set(reached)
