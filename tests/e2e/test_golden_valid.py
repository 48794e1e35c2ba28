"""The expected trees are not only unchanged but valid: the programs that read them say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from golden_cases import CASES, expected_folder

pytestmark = [pytest.mark.slow]
PASSWORDS = dict.fromkeys(("DATABASE_PASSWORD", "DB_PASSWORD", "CACHE_PASSWORD"), "for-this-test")


def tool(name: str) -> str:
    """A program; CI must have it."""
    found = shutil.which(name)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"CI must have {name}")
    if found is None:
        pytest.skip(f"NO {name}: it is not installed")
    return found


def check(*argv: str | Path, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in argv],
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def tree(case: str, tmp_path: Path) -> Path:
    """An expected tree as its owner has it, with a .env that is filled in."""
    root = tmp_path / case
    shutil.copytree(expected_folder(case), root)
    (root / ".env").write_text("".join(f"{name}={value}\n" for name, value in PASSWORDS.items()))
    return root


@pytest.mark.docker
@pytest.mark.parametrize("case", CASES)
def test_compose_reads_it(tree: Path) -> None:
    docker = tool("docker")
    check(docker, "compose", "--env-file", ".env", "config", "--quiet", cwd=tree, **PASSWORDS)


@pytest.mark.parametrize("case", CASES)
def test_nginx_reads_it(tree: Path) -> None:
    """With the names of compose's services put in the place of its resolver's."""
    nginx = tool("nginx")
    [config] = tree.rglob("nginx.conf")
    text = config.read_text("utf-8").replace("web:8000", "127.0.0.1:8000")
    config.write_text(text)
    check(nginx, "-t", "-c", config, "-p", tree, "-g", "error_log stderr;")


@pytest.mark.parametrize("case", CASES)
def test_shellcheck_has_nothing_to_say(tree: Path) -> None:
    scripts = sorted(tree.rglob("*.sh"))
    assert scripts
    check(tool("shellcheck"), "--shell=sh", *scripts)


@pytest.mark.parametrize("case", CASES)
def test_generated_python_is_clean(tree: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    check(ruff, "check", "--isolated", "--line-length=100", "--select=E,F,W,B", tree)


@pytest.mark.parametrize("case", CASES)
def test_no_secret_is_in_any_file(case: str) -> None:
    for path in expected_folder(case).rglob("*"):
        if path.is_file():
            text = path.read_text("utf-8")
            assert "django-insecure" not in text
            assert "BEGIN PRIVATE KEY" not in text
