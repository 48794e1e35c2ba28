"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The starter is somebody's Django project, with a house of its own.
STARTER = ROOT / "src/nuages/starter/project"
SOURCES = sorted(p for p in (ROOT / "src").rglob("*.py") if STARTER not in p.parents)
CLOUD_WORDS = re.compile(
    r"\b(cloud[ _-]?run|fargate|ecs|gke|cloud[ _-]?sql|memorystore|elasticache|rds|cloudfront)\b",
    re.IGNORECASE,
)
CLOUD_WORDS_ALLOWED = {
    "config/reference.yaml": "names the providers that a user may choose",
    "config/schema": "documents what a key means on each provider",
    "artifacts/templates/cloud/": "reads the variables that platforms inject",
    "project/evaluation/libraries/": "knows the URLs and back ends that libraries know",
    "checks/topics/": "says what people see on each platform",
    "artifacts/variables.py": "explains the variables that platforms inject",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300, f"{path} is over 300 lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.end_lineno - node.body[0].lineno + 1
            assert body <= 45, f"{path}:{node.lineno} {node.name} has {body} lines"


def test_every_module_says_what_it_is() -> None:
    silent = [str(p) for p in SOURCES if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}
    assert [str(p) for p in SOURCES if p.stem in drawers] == []


def test_only_effects_start_programs() -> None:
    starters = re.compile(
        r"^\s*(import subprocess|from subprocess|import pexpect)|os\.(system|exec|spawn|popen)\(",
        re.M,
    )
    found = [
        str(p.relative_to(ROOT / "src" / "nuages"))
        for p in SOURCES
        if starters.search(p.read_text("utf-8"))
    ]
    assert found == ["effects/shell.py", "effects/start.py", "effects/terminal.py"]


def test_cloud_words_stay_in_targets() -> None:
    package = ROOT / "src" / "nuages"
    found = []
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package).as_posix()
        if path.suffix not in {".py", ".j2", ".yaml"} or name.startswith(
            ("targets/", "starter/project/")
        ):
            continue
        if any(name.startswith(allowed) for allowed in CLOUD_WORDS_ALLOWED):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if CLOUD_WORDS.search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    assert found == []


@pytest.mark.xdist_group("house")
def test_groups_of_tests_stay_together(request: pytest.FixtureRequest) -> None:
    """A pytest too new for xdist scatters them, silently: sites and engines are then met twice."""
    alone = os.environ.get("PYTEST_XDIST_WORKER") is None
    assert alone or request.node.nodeid.endswith("@house")
