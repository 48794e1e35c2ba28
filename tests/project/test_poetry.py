from __future__ import annotations

import pytest

from nuages.project.poetry import poetry_requirement, poetry_specifier
from nuages.text import Location

HERE = Location("pyproject.toml", 1)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("^5.2", ">=5.2,<6"),
        ("^5.2.1", ">=5.2.1,<6"),
        ("^0.3", ">=0.3,<0.4"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^4", ">=4,<5"),
        ("~5.2", ">=5.2,<5.3"),
        ("~5", ">=5,<6"),
        ("~=5.2", "~=5.2"),
        ("*", ""),
        ("5.*", "==5.*"),
        ("5.2.1", "==5.2.1"),
        (">=3.10,<3.14", ">=3.10,<3.14"),
        (">=3.10 <3.14", ">=3.10,<3.14"),
        ("<4 , >=3.8", ">=3.8,<4"),
        ("^3.8 || ^4.0", ">=4.0,<5"),
        ("", ""),
        ("^", ""),
    ],
)
def test_poetry_writes_versions_in_its_own_way(text: str, result: str) -> None:
    assert poetry_specifier(text) == result


@pytest.mark.parametrize(
    ("value", "specifier", "url"),
    [
        ("^5.2", ">=5.2,<6", ""),
        ({"version": "^1", "extras": ["rsa"]}, ">=1,<2", ""),
        ({"git": "https://x.org/a.git", "branch": "main"}, "", "git+https://x.org/a.git"),
        ({"url": "https://x.org/a.whl"}, "", "https://x.org/a.whl"),
    ],
)
def test_a_requirement(value: object, specifier: str, url: str) -> None:
    [found] = poetry_requirement("My_Thing", value, HERE)
    assert (found.name, found.specifier, found.url) == ("my-thing", specifier, url)


def test_a_list_holds_one_for_each_python() -> None:
    value = [{"version": "1", "markers": "python_version < '3.9'"}, {"version": "2"}, 7]
    assert [r.specifier for r in poetry_requirement("a", value, HERE)] == ["==1", "==2"]
