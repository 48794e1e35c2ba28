from __future__ import annotations

import pytest

from nuages.project.facts import Problem
from nuages.project.requirements import Requirement, applies, lines, ordered, read, requirement
from nuages.project.tree import Tree
from nuages.text import Location

HERE = Location("r.txt", 1)


@pytest.mark.parametrize(
    ("line", "name", "specifier", "url"),
    [
        ("Django==5.2.1", "django", "==5.2.1", ""),
        ("django <6, >=5.2", "django", ">=5.2,<6", ""),
        ("psycopg[binary,pool]>=3", "psycopg", ">=3", ""),
        ("Zope.Interface", "zope-interface", "", ""),
        ('backports.zoneinfo==0.2.1;python_version<"3.9"', "backports-zoneinfo", "==0.2.1", ""),
        ("six==1.16 --hash=sha256:abc --hash=sha256:def", "six", "==1.16", ""),
        ("thing @ git+https://github.com/a/thing@v1", "thing", "", "git+https://github.com/a/thing@v1"),
        ("git+https://github.com/a/django-thing.git@main#egg=django_thing", "django-thing", "",
         "git+https://github.com/a/django-thing.git@main#egg=django_thing"),
        ("-e git+https://github.com/a/thing.git#egg=thing", "thing", "",
         "git+https://github.com/a/thing.git#egg=thing"),
        ("git+ssh://git@github.com/a/thing.git", "thing", "", "git+ssh://git@github.com/a/thing.git"),
        ("https://x.org/files/thing-1.2-py3-none-any.whl", "thing", "==1.2",
         "https://x.org/files/thing-1.2-py3-none-any.whl"),
        ("'quoted>=1'", "quoted", ">=1", ""),
    ],
)  # fmt: skip
def test_a_line_asks_for(line: str, name: str, specifier: str, url: str) -> None:
    found = requirement(line, HERE)
    assert isinstance(found, Requirement)
    assert (found.name, found.specifier, found.url) == (name, specifier, url)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("--index-url https://x.org/simple", None),
        ("--no-binary :all:", None),
        ("-e .", "."),
        ("./libs/thing", "./libs/thing"),
        ("-e libs/thing", "libs/thing"),
    ],
)
def test_a_line_that_names_no_package(line: str, answer: str | None) -> None:
    assert requirement(line, HERE) == answer


@pytest.mark.parametrize("line", ["django==", "two words", "a;nonsense", "https://x.org/"])
def test_a_line_that_cannot_be_read_is_a_problem(line: str) -> None:
    found = requirement(line, HERE)
    assert isinstance(found, Problem)
    assert found.location == HERE


def test_lines_are_joined_and_comments_go() -> None:
    text = "a==1 \\\n    --hash=x\n\n# all of it\nb  # why\nc#egg\nd \\\n"
    assert list(lines(text)) == [(1, "a==1      --hash=x"), (5, "b"), (6, "c#egg"), (7, "d")]


def test_includes_are_followed_and_located() -> None:
    tree = Tree.of(
        {
            "requirements/prod.txt": (
                "-r base.txt\n-c ../bounds.txt\ngunicorn\n--requirement=x.txt\n"
            ),
            "requirements/base.txt": "django\n-r prod.txt\n-e ../lib\n",
            "bounds.txt": "django==5.2\ngunicorn==23\nunused==1\n",
            "lib/pyproject.toml": "",
        }
    )
    found = read(tree, "requirements/prod.txt")
    assert [(r.name, r.specifier, str(r.location)) for r in found.pinned] == [
        ("django", "==5.2", "requirements/base.txt:1"),
        ("gunicorn", "==23", "requirements/prod.txt:3"),
    ]
    assert found.files == (
        "requirements/prod.txt",
        "requirements/base.txt",
        "lib/pyproject.toml",
        "bounds.txt",
    )
    assert [(str(p.location), p.message) for p in found.problems] == [
        ("requirements/prod.txt:4", "requirements/x.txt is absent")
    ]


@pytest.mark.parametrize(
    ("marker", "python", "holds"),
    [
        ("", "3.12", True),
        ("python_version < '3.9'", "3.8", True),
        ("python_version < '3.9'", "3.12", False),
        ("sys_platform == 'win32'", "3.12", False),
        ("platform_python_implementation == 'CPython'", "3.12", True),
        ("not a marker", "3.12", True),
    ],
)
def test_markers_hold_on_linux(marker: str, python: str, holds: bool) -> None:
    assert applies(Requirement("a", "", HERE, marker=marker), python) is holds


@pytest.mark.parametrize(
    ("text", "result"), [("<6,>=5", ">=5,<6"), ("!=1,==1.*", "==1.*,!=1"), ("", "")]
)
def test_the_lower_bound_comes_first(text: str, result: str) -> None:
    assert ordered(text) == result


def test_options_of_one_requirement_are_for_pip_alone() -> None:
    text = "--index-url https://x\ndjango==5.2 --hash=sha256:aa\npsycopg2 --only-binary=psycopg2\n"
    found = read(Tree.of({"r.txt": text}), "r.txt")
    assert found.plain_pip == ("psycopg2 --only-binary=psycopg2",)
