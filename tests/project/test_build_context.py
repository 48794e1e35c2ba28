"""What gets into the context of a build, as Docker itself would decide."""

from __future__ import annotations

import pytest

from nuages.project.build_context import context

FILES = (
    ".dockerignore",
    ".env",
    ".env.example",
    ".nuages/docker-entrypoint.sh",
    ".nuages/logs/docker.log",
    "Dockerfile",
    "deploy/production.tfstate",
    "docs/index.md",
    "manage.py",
    "shop/__pycache__/a.pyc",
    "shop/secret/.env",
    "shop/views.py",
)


@pytest.mark.parametrize(
    ("ignore", "gone"),
    [
        ("", ()),
        ("docs", ("docs/index.md",)),
        ("/docs/", ("docs/index.md",)),
        ("*.py", ("manage.py",)),
        ("**/*.py", ("manage.py", "shop/views.py")),
        ("**/*.py\n!shop/views.py", ("manage.py",)),
        ("shop\n!shop/views.py", ("shop/__pycache__/a.pyc",)),
        ("!manage.py\n*.py", ("manage.py",)),
        ("# docs\n\n  ", ()),
        ("sho?/view[r-t].py", ("shop/views.py",)),
        ("shop/**", ("shop/__pycache__/a.pyc", "shop/views.py")),
        ("**/__pycache__", ("shop/__pycache__/a.pyc",)),
        (".nuages/*\n!.nuages/docker-entrypoint.sh", (".nuages/logs/docker.log",)),
        ("[", ()),
    ],
)
def test_the_last_line_that_matches_decides(ignore: str, gone: tuple[str, ...]) -> None:
    everything = set(context(FILES, ""))
    assert everything - set(context(FILES, ignore)) == set(gone)


def test_no_secret_is_sent_though_nothing_leaves_it_out() -> None:
    secret = {".env", "shop/secret/.env", "deploy/production.tfstate"}
    assert set(FILES) - set(context(FILES, "!**/.env", needed=FILES)) == secret


def test_how_it_is_built_is_sent_though_it_is_left_out() -> None:
    found = context(FILES, "**", needed=("Dockerfile", ".dockerignore"))
    assert found == (".dockerignore", "Dockerfile")
