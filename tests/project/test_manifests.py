from __future__ import annotations

import pytest

from nuages.project.declared import Declared
from nuages.project.manifests import conda, pipfile, setup_cfg, setup_py


def asked(found: Declared) -> list[tuple[str, str, int]]:
    return [(r.name, r.specifier, r.location.line) for r in found.requirements]


def test_pipfile() -> None:
    text = (
        '[packages]\nDjango = "~=5.2"\nredis = "*"\nx = {git = "https://x.org/x.git"}\n'
        '[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.12"\n'
    )
    found = pipfile("Pipfile", text)
    assert asked(found) == [("django", "~=5.2", 2), ("redis", "", 3), ("x", "", 4)]
    assert [r.name for r in found.groups["dev-packages"]] == ["pytest"]
    assert (found.python, found.python_line) == ("==3.12.*", 8)


def test_setup_cfg() -> None:
    text = (
        "[metadata]\nname = shop\n[options]\npython_requires = >=3.10\n"
        "install_requires =\n    django>=5\n    redis\n"
        "[options.extras_require]\nprod =\n    gunicorn\n"
    )
    found = setup_cfg("setup.cfg", text)
    assert asked(found) == [("django", ">=5", 6), ("redis", "", 7)]
    assert [r.name for r in found.extras["prod"]] == ["gunicorn"]
    assert (found.python, found.buildable) == (">=3.10", True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("setup(install_requires=['django>=5', 'redis'])", ["django", "redis"]),
        ("deps = ['django']\nsetuptools.setup(install_requires=deps)", ["django"]),
        ("setup(install_requires=open('r.txt').read().split())", []),
        ("setup(install_requires=[x, 'django'])", ["django"]),
        ("print('no setup')", []),
        ("setup(", []),
    ],
)
def test_setup_py_says_only_what_is_literal(text: str, names: list[str]) -> None:
    assert [r.name for r in setup_py("setup.py", text).requirements] == names


def test_conda() -> None:
    text = (
        "dependencies:\n  - python=3.11\n  - django=5.2\n  - gdal\n  - pip:\n    - gunicorn==23\n"
    )
    found = conda("environment.yml", text)
    assert asked(found) == [("django", "==5.2", 3), ("gunicorn", "==23", 6)]
    assert found.python == "==3.11.*"


@pytest.mark.parametrize(
    "found",
    [
        pipfile("Pipfile", "[packages"),
        setup_cfg("setup.cfg", "not a section"),
        setup_py("setup.py", "def ("),
        conda("environment.yml", "a: [b"),
    ],
    ids=lambda found: found.path,
)
def test_a_broken_file_is_a_problem(found: Declared) -> None:
    assert found.requirements == ()
    assert len(found.problems) == 1
