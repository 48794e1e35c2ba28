"""The project's own tests and linters, and what brings them."""

from __future__ import annotations

from plain_project import PLAIN, Detected

from nuages.project.tools import Tooling

CASE = "from django.test import TestCase\n\nclass T(TestCase):\n    def test_it(self): ...\n"
UV = (
    "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['django==5.2.1']\n"
    "[dependency-groups]\ndev = ['pytest-django', 'ruff']\ndocs = ['sphinx']\n"
)


def tooling(detected: Detected, files: dict[str, str | None]) -> Tooling:
    found: Tooling = detected(files).tooling
    return found


def test_a_project_without_any_has_none(detected: Detected) -> None:
    assert tooling(detected, {}) == Tooling()


def test_the_stub_that_startapp_makes_is_no_test(detected: Detected) -> None:
    stub = "from django.test import TestCase\n\n# Create your tests here.\n"
    assert tooling(detected, {"shop/tests.py": stub}).tests is None


def test_djangos_own_runner_where_there_are_cases(detected: Detected) -> None:
    found = tooling(detected, {"shop/tests.py": CASE}).tests
    assert found is not None
    assert found.argv == ("python", "manage.py", "test")
    assert (found.found.path, found.found.line) == ("shop/tests.py", 4)


def test_pytest_by_its_plugin_and_the_folder_of_its_configuration(detected: Detected) -> None:
    files = {"requirements-dev.txt": "-r requirements.txt\npytest-django\n"}
    found = tooling(detected, files)
    assert found.files == ("requirements-dev.txt",)
    assert found.tests is not None
    assert (found.tests.argv, found.tests.directory) == (("pytest",), ".")
    configured = tooling(detected, {**files, "setup.cfg": "[tool:pytest]\naddopts = -q\n"}).tests
    assert configured is not None
    assert configured.found.path == "setup.cfg"


def test_pytest_alone_is_not_enough_for_a_django_project(detected: Detected) -> None:
    """Without its plugin or a configuration, Django's own runner is what finds the settings."""
    files = {"requirements.txt": f"{PLAIN['requirements.txt']}pytest\n", "shop/tests.py": CASE}
    found = tooling(detected, files).tests
    assert found is not None
    assert found.argv[0] == "python"


def test_linters_are_those_that_are_declared(detected: Detected) -> None:
    files = {
        "requirements/dev.txt": "black==25.1.0\nflake8\nmypy\n",
        "requirements.txt": "django\n",
    }
    found = tooling(detected, files)
    assert [run.argv[0] for run in found.linters] == ["black", "flake8"]
    assert found.files == ("requirements/dev.txt",)


def test_a_group_that_brings_them_is_installed_and_others_are_not(detected: Detected) -> None:
    files = {"requirements.txt": None, "pyproject.toml": UV, "uv.lock": "version = 1\n"}
    found = tooling(detected, files)
    assert found.groups == ("dev",)
    assert found.tests is not None
    assert found.tests.argv == ("pytest",)
    assert [run.argv for run in found.linters] == [("ruff", "check", ".")]


def test_ruff_formats_where_something_says_so(detected: Detected) -> None:
    said = f"{UV}[tool.ruff.format]\nquote-style = 'single'\n"
    found = tooling(detected, {"requirements.txt": None, "pyproject.toml": said})
    assert found.linters[-1].argv == ("ruff", "format", "--check", ".")


def test_pre_commit_where_no_linter_is_declared(detected: Detected) -> None:
    hooks = {".pre-commit-config.yaml": "repos: []\n"}
    found = tooling(detected, hooks).linters
    assert [run.argv for run in found] == [("pre-commit", "run", "--all-files")]
    with_ruff = {**hooks, "requirements-dev.txt": "ruff\n"}
    assert [run.argv[0] for run in tooling(detected, with_ruff).linters] == ["ruff"]


def test_what_wraps_the_tests_comes_last(detected: Detected) -> None:
    make = {"Makefile": "tests: install\n\t./run\n\ntest_data := x\n"}
    found = tooling(detected, make).tests
    assert found is not None
    assert found.argv == ("make", "tests")
    tox = tooling(detected, {**make, "tox.ini": "[tox]\nenvlist = py313\n"}).tests
    assert tox is not None
    assert tox.argv == ("tox",)
    cases = tooling(detected, {**make, "shop/tests.py": CASE}).tests
    assert cases is not None
    assert cases.argv[1:] == ("manage.py", "test")
