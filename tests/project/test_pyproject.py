from __future__ import annotations

import pytest

from nuages.project.pyproject import read

PEP621 = """\
[build-system]
requires = ["hatchling"]

[project]
name = "shop"
requires-python = ">=3.11, <4"
dependencies = [
    "Django>=5.2,<6",
    "thing",
]

[project.optional-dependencies]
production = ["gunicorn>=23"]

[dependency-groups]
dev = ["ruff", {include-group = "test"}]
test = ["pytest", {include-group = "dev"}]

[tool.uv.sources]
thing = { git = "https://x.org/thing.git" }
"""
POETRY = """\
[tool.poetry]
name = "shop"
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"
django = "^5.2"
redis = { version = "^5", optional = true }

[tool.poetry.extras]
cache = ["redis"]

[tool.poetry.group.deploy.dependencies]
gunicorn = "*"

[tool.poetry.dev-dependencies]
pytest = "*"
"""


def test_pep_621() -> None:
    found = read("pyproject.toml", PEP621)
    assert found.manager == "uv"
    assert found.python == ">=3.11,<4"
    assert found.python_line == 6
    assert found.buildable
    assert [(r.name, r.specifier, r.location.line, r.git) for r in found.requirements] == [
        ("django", ">=5.2,<6", 8, False),
        ("thing", "", 9, True),
    ]
    assert [r.name for r in found.extras["production"]] == ["gunicorn"]


def test_groups_include_one_another_even_in_a_ring() -> None:
    groups = read("pyproject.toml", PEP621).groups
    assert {name: [r.name for r in content] for name, content in groups.items()} == {
        "dev": ["ruff", "pytest"],
        "test": ["pytest", "ruff"],
    }


def test_poetry() -> None:
    found = read("pyproject.toml", POETRY)
    assert (found.manager, found.python, found.buildable) == ("poetry", ">=3.11,<4", False)
    assert [r.name for r in found.requirements] == ["django"]
    assert [r.name for r in found.extras["cache"]] == ["redis"]
    assert {name: [r.name for r in content] for name, content in found.groups.items()} == {
        "deploy": ["gunicorn"],
        "dev": ["pytest"],
    }


@pytest.mark.parametrize(
    ("text", "manager"),
    [
        ("[project]\ndependencies = ['django']", "pip"),
        ("[project]\ndependencies = ['django']\n[tool.uv]\npackage = false", "uv"),
        ("[project]\ndependencies = ['django']\n[tool.pdm]\n", "pdm"),
        ("[project]\ndependencies = ['django']\n[tool.poetry]\npackage-mode = false", "pip"),
        ("[tool.poetry]\nname = 'x'", "poetry"),
        ("[tool.ruff]\n", "pip"),
    ],
)
def test_the_manager_by_its_tables(text: str, manager: str) -> None:
    assert read("pyproject.toml", text).manager == manager


def test_a_broken_file_is_a_problem_with_its_place() -> None:
    found = read("pyproject.toml", "[project]\nname = \n")
    assert found.requirements == ()
    assert [str(problem.location) for problem in found.problems] == ["pyproject.toml:2:8"]


@pytest.mark.parametrize(
    "text",
    [
        "project = 3",
        "[project]\ndependencies = 'django'",
        "[project]\ndependencies = [1, {}]",
        "[tool]\npoetry = []",
        "[tool.poetry]\ndependencies = 'x'",
        "[dependency-groups]\ndev = 'x'",
        "[tool.uv]\nsources = 3\ndefault-groups = 'all'",
    ],
)
def test_other_shapes_declare_nothing(text: str) -> None:
    assert read("pyproject.toml", text).requirements == ()
