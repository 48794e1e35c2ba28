from __future__ import annotations

import json

from nuages.local.process import requirements

POETRY = """
[[package]]
name = "Django"
version = "4.2.1"
[package.dependencies]
sqlparse = ">=0.3"
[package.extras]
argon2 = ["argon2-cffi (>=19)"]
[[package]]
name = "sqlparse"
version = "0.4.4"
[[package]]
name = "argon2-cffi"
version = "21.0"
[[package]]
name = "pytest"
version = "7.0"
[[package]]
name = "mine"
version = "1.0"
[package.source]
type = "git"
url = "https://git.example.org/mine.git"
resolved_reference = "abc123"
"""
PYPROJECT = """
[tool.poetry.dependencies]
python = "^3.9"
django = {version = "^4.2", extras = ["argon2"]}
mine = {git = "https://git.example.org/mine.git"}
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""


def test_an_old_poetry_lock_is_followed_from_its_roots() -> None:
    lines = requirements.from_poetry_lock(POETRY, PYPROJECT, ())
    assert set(lines) == {
        "Django==4.2.1",
        "sqlparse==0.4.4",
        "argon2-cffi==21.0",
        "mine @ git+https://git.example.org/mine.git@abc123",
    }


def test_a_new_poetry_lock_says_its_groups() -> None:
    lock = """
[[package]]
name = "a"
version = "1"
groups = ["main", "dev"]
[[package]]
name = "b"
version = "2"
groups = ["dev"]
[[package]]
name = "c"
version = "3"
optional = true
groups = ["main"]
[[package]]
name = "d"
version = "4"
groups = ["main"]
markers = 'sys_platform == "win32"'
"""
    assert requirements.from_poetry_lock(lock, "", ()) == ("a==1", 'd==4 ; sys_platform == "win32"')
    assert "b==2" in requirements.from_poetry_lock(lock, "", ("dev",))


def test_two_locked_versions_are_for_different_pythons() -> None:
    lock = """
[[package]]
name = "n"
version = "1"
python-versions = "<3.9"
groups = ["main"]
[[package]]
name = "n"
version = "2"
python-versions = ">=3.9"
groups = ["main"]
"""
    assert requirements.from_poetry_lock(lock, "", ()) == (
        'n==1 ; python_version < "3.9"',
        'n==2 ; python_version >= "3.9"',
    )


def test_a_pdm_lock_by_its_groups() -> None:
    lock = """
[[package]]
name = "a"
version = "1"
groups = ["default"]
marker = "python_version >= '3.9'"
[[package]]
name = "b"
version = "2"
groups = ["dev"]
[[package]]
name = "c"
version = "3"
extras = ["x"]
groups = ["prod"]
"""
    assert requirements.from_pdm_lock(lock, ("prod",)) == (
        "a==1 ; python_version >= '3.9'",
        "c[x]==3",
    )


def test_a_pipfile_lock_without_its_develop_section() -> None:
    lock = json.dumps(
        {
            "default": {
                "django": {"version": "==4.2", "markers": "python_version >= '3.8'"},
                "mine": {"git": "https://git.example.org/m.git", "ref": "abc"},
                "redis": {"version": "==5.0", "extras": ["hiredis"]},
            },
            "develop": {"pytest": {"version": "==7.0"}},
        }
    )
    assert requirements.from_pipfile_lock(lock) == (
        "django==4.2 ; python_version >= '3.8'",
        "mine @ git+https://git.example.org/m.git@abc",
        "redis[hiredis]==5.0",
    )
