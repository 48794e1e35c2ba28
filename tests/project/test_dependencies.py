from __future__ import annotations

import pytest
from plain_project import Detected

from nuages.config.resolve import resolve
from nuages.project.dependencies import django, read
from nuages.project.facts import Dependencies
from nuages.project.tree import Tree

POETRY = "[tool.poetry.dependencies]\npython = '^3.11'\ndjango = '^5.2'\n"
PEP621 = "[project]\nname = 'x'\ndependencies = ['django>=5.2']\n"
UV_LOCK = '[[package]]\nname = "django"\nversion = "5.2.3"\n'
GROUPS = PEP621 + "[dependency-groups]\ndev = ['ruff']\n"


def dependencies(files: dict[str, str], directory: str = ".") -> Dependencies:
    return read(Tree.of(files), directory).dependencies


@pytest.mark.parametrize(
    ("files", "directory", "manager", "installed"),
    [
        ({"requirements.txt": "django\n"}, ".", "pip", ("requirements.txt",)),
        ({"requirements.txt": "django\n"}, "src", "pip", ("requirements.txt",)),
        ({"pyproject.toml": POETRY}, ".", "poetry", ("pyproject.toml",)),
        ({"pyproject.toml": POETRY, "poetry.lock": UV_LOCK}, ".", "poetry",
         ("pyproject.toml", "poetry.lock")),
        ({"pyproject.toml": PEP621, "uv.lock": UV_LOCK}, ".", "uv", ("pyproject.toml", "uv.lock")),
        ({"pyproject.toml": PEP621, "pdm.lock": UV_LOCK}, ".", "pdm",
         ("pyproject.toml", "pdm.lock")),
        ({"pyproject.toml": PEP621}, ".", "pip", ("pyproject.toml",)),
        ({"Pipfile": "[packages]\ndjango = '*'\n"}, ".", "pipenv", ("Pipfile",)),
        ({"setup.cfg": "[options]\ninstall_requires = django\n"}, ".", "setuptools",
         ("setup.cfg",)),
        # a workspace's lock is above its member
        ({"a/pyproject.toml": PEP621, "uv.lock": UV_LOCK}, "a", "uv",
         ("a/pyproject.toml", "uv.lock")),
        # tools' configuration only
        ({"pyproject.toml": "[tool.ruff]\n", "requirements.txt": "django\n"}, ".", "pip",
         ("requirements.txt",)),
        # both: the lock goes before, unless the Dockerfile installs the other
        ({"pyproject.toml": PEP621, "uv.lock": UV_LOCK, "requirements.txt": "django\n"}, ".", "uv",
         ("pyproject.toml", "uv.lock")),
        ({"pyproject.toml": PEP621, "uv.lock": UV_LOCK, "requirements.txt": "django\n",
          "Dockerfile": "RUN pip install -r requirements.txt\n"}, ".", "pip",
         ("requirements.txt",)),
        ({}, ".", "pip", ()),
    ],
)  # fmt: skip
def test_who_installs_from_what(
    files: dict[str, str], directory: str, manager: str, installed: tuple[str, ...]
) -> None:
    found = dependencies(files, directory)
    assert (found.manager, found.files) == (manager, installed)


@pytest.mark.parametrize(
    ("text", "others", "groups", "extras"),
    [
        (GROUPS, {}, (), ()),
        (GROUPS + "prod = ['gunicorn']\n", {}, ("prod",), ()),
        (GROUPS + "postgres = ['psycopg']\n", {}, ("postgres",), ()),
        (GROUPS + "postgres = ['psycopg']\nmysql = ['mysqlclient']\n", {}, (), ()),
        (GROUPS + "a = ['x']\nprod = ['y']\n", {"Dockerfile": "RUN uv sync --group a\n"},
         ("a",), ()),
        (GROUPS, {"Dockerfile": "RUN uv sync --group dev\n"}, (), ()),
        (PEP621 + "[project.optional-dependencies]\nproduction = ['gunicorn']\ntest = ['x']\n",
         {}, (), ("production",)),
        (PEP621 + "[project.optional-dependencies]\nweb = ['x']\n",
         {"Dockerfile": "RUN pip install .[web]\n"}, (), ("web",)),
    ],
)  # fmt: skip
def test_the_groups_that_production_needs(
    text: str, others: dict[str, str], groups: tuple[str, ...], extras: tuple[str, ...]
) -> None:
    found = dependencies({"pyproject.toml": text, **others})
    assert (found.groups, found.extras) == (groups, extras)


def test_a_lock_gives_the_versions_and_development_is_left_out() -> None:
    lock = UV_LOCK + '[[package]]\nname = "ruff"\nversion = "1.0"\n'
    found = dependencies({"pyproject.toml": GROUPS, "uv.lock": lock})
    assert found.packages == {"django": "==5.2.3"}
    assert str(found.locations["django"]) == "pyproject.toml:3"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("django==5.2.1", "5.2.1"),
        ("Django>=4.2,<5", ">=4.2,<5"),
        ("django==5.2.*", "==5.2.*"),
        ("django", ""),
    ],
)
def test_django(line: str, value: str) -> None:
    found = django(dependencies({"requirements.txt": line + "\n"}))
    assert found is not None
    assert (found.value, str(found.evidence[0].location)) == (value, "requirements.txt:1")


def test_no_django_is_none() -> None:
    assert django(dependencies({})) is None


def test_git_dependencies_are_named() -> None:
    text = "django\ngit+https://github.com/a/thing.git#egg=thing\n"
    assert dependencies({"requirements.txt": text}).git == ("thing",)


def test_a_broken_manifest_is_a_problem_and_the_other_is_read() -> None:
    files = {"pyproject.toml": "[project", "requirements.txt": "django\n-r gone.txt\n"}
    found = read(Tree.of(files), ".")
    assert found.dependencies.files == ("requirements.txt",)
    assert [problem.location.path for problem in found.problems] == [
        "requirements.txt",
        "pyproject.toml",
    ]


@pytest.mark.parametrize(
    ("files", "installed"),
    [
        ({"pyproject.toml": PEP621}, False),
        ({"pyproject.toml": PEP621 + "[build-system]\nrequires = []\n"}, True),
        ({"pyproject.toml": PEP621 + "[build-system]\n[tool.uv]\npackage = false\n"}, False),
        # poetry writes a build system into every project; it finds no package to install here
        ({"pyproject.toml": "[tool.poetry]\nname = 'shop'\n" + POETRY + "[build-system]\n"}, False),
        (
            {
                "pyproject.toml": "[tool.poetry]\nname = 'my-shop'\n" + POETRY + "[build-system]\n",
                "my_shop/__init__.py": "",
            },
            True,
        ),
        ({"requirements.txt": "django\n-e .\n", "setup.py": "setup()"}, True),
        ({"requirements.txt": "django\n", "setup.py": "setup()"}, False),
    ],
)
def test_whether_the_project_itself_is_installed(files: dict[str, str], installed: bool) -> None:
    assert dependencies(files).installs_project is installed


def test_a_workspace_includes_the_manifests_of_its_members() -> None:
    lock = UV_LOCK + '[[package]]\nname = "lib"\nversion = "1"\nsource = { editable = "lib" }\n'
    files = {"app/pyproject.toml": PEP621, "lib/pyproject.toml": PEP621, "uv.lock": lock}
    found = dependencies(files, "app")
    assert found.included == ("app/pyproject.toml", "uv.lock", "lib/pyproject.toml")


@pytest.mark.parametrize(
    ("table", "only"), [("", True), ("[project]\nname = 'shop'\nversion = '1'\n", False)]
)
def test_a_manifest_of_groups_alone(detected: Detected, table: str, only: bool) -> None:
    text = f"{table}[dependency-groups]\nprod = ['django==5.2.1']\n"
    project = detected({"pyproject.toml": text, "requirements.txt": None})
    assert project.dependencies.only_groups is only
    assert project.dependencies.groups == ("prod",)
    image = resolve(project).image
    assert image.requirements == (() if only else ("pyproject.toml",))


@pytest.mark.parametrize(
    ("build", "name"),
    [("hatchling", ""), ("versioningit", "x"), ("setuptools-scm>=8", "x"), ("hatch-vcs", "x")],
)
def test_a_package_whose_version_is_in_gits_history(build: str, name: str) -> None:
    text = f"[build-system]\nrequires = ['{build}']\n" + PEP621
    assert dependencies({"pyproject.toml": text}).unversioned == name
