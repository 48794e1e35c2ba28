"""The pattern of a settings file that git ignores."""

from __future__ import annotations

import pytest

from nuages.local.process.pattern import filled

PATTERN = """\
ALLOWED_HOSTS = []
REDIS = {"tasks": {"HOST": "localhost", "PORT": 6379, "TIMEOUT": 63790}}
SECRET_KEY = ''
"""


def test_the_key_comes_from_the_environment_and_redis_is_the_one_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = filled(PATTERN, "redis://127.0.0.1:4711/0")
    found: dict[str, object] = {}
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    exec(text, found)  # noqa: S102
    assert found["SECRET_KEY"] == "of the environment"
    assert found["REDIS"] == {"tasks": {"HOST": "localhost", "PORT": 4711, "TIMEOUT": 63790}}


def test_no_redis_and_no_key_change_nothing() -> None:
    assert filled("DEBUG = False\nPORT = 6379\n", "") == "DEBUG = False\nPORT = 6379\n"


def test_what_is_not_python_stays() -> None:
    assert filled("SECRET_KEY = <yours>\n", "redis://127.0.0.1:4711/0") == "SECRET_KEY = <yours>\n"
