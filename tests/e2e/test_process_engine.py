"""The process engine on projects of our own: installed, served, proved and stopped for real."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nuages.effects import clock, network, shell
from nuages.local import state

PROGRAM = str(Path(sys.executable).with_name("nuages"))
PROJECTS = Path(__file__).parents[1] / "fixtures" / "projects"
EVERYTHING = {
    "page",
    "style sheet",
    "admin",
    "admin style sheet",
    "log in over http",
    "log in over https",
    "/health/live",
    "/health/",
    "foreign host",
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("process-engine")]


def copied(name: str, tmp_path: Path) -> Path:
    """A project as its owner has it: in git, and on another path than our own."""
    root = tmp_path / name
    shutil.copytree(PROJECTS / name, root, ignore=shutil.ignore_patterns(".nuages"))
    (root / "nuages.yaml").unlink(missing_ok=True)
    git = ["git", "-C", str(root), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "first"], check=True)
    return root


def nuages(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def proof(root: Path, *arguments: str, **environment: str) -> dict[str, dict[str, object]]:
    done = nuages(
        "up", "--engine", "process", "--prove", "--json", *arguments, cwd=root, **environment
    )
    answer = json.loads(done.stdout or "{}")
    assert "proof" in answer, done.stdout + done.stderr
    return {check["name"]: check for check in answer["proof"]["checks"]}


def fingerprint(root: Path) -> dict[str, str]:
    """Every file outside .nuages and .git, and what is in it."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".nuages", ".git"} & set(path.relative_to(root).parts)
    }


@pytest.mark.parametrize(
    "name",
    [
        "plain_sqlite",
        "channels_asgi",
        "configurations",
        "frontend_vite",
        "monorepo",
        "split_postgres",
        "uv_src",
        pytest.param("poetry_mysql", marks=pytest.mark.servers),
    ],
)
def test_a_project_is_served_and_proved_and_its_tree_stays_as_it_was(
    name: str, tmp_path: Path
) -> None:
    if name == "frontend_vite" and shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    if name == "poetry_mysql" and shutil.which("mariadbd", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("mariadbd is not installed")
    root = copied(name, tmp_path)
    before = fingerprint(root)
    checks = proof(root)
    assert {n for n, check in checks.items() if not check["passed"]} == set(), checks
    assert set(checks) == EVERYTHING
    assert fingerprint(root) == before
    status = subprocess.run(
        ["git", "-C", str(root), "status", "--porcelain"], capture_output=True, check=True
    )
    assert status.stdout == b""
    assert state.read(root / ".nuages" / "state.json") is None, "something may still run"


@pytest.mark.parametrize(("name", "app"), [("plain_sqlite", "recipes"), ("uv_src", "src/accounts")])
@pytest.mark.parametrize("kept", [False, True])
def test_models_without_committed_migrations_have_tables(
    name: str, app: str, kept: bool, tmp_path: Path
) -> None:
    root = copied(name, tmp_path)
    shutil.rmtree(root / app / "migrations")
    if kept:
        (root / app / "migrations").mkdir()
        (root / app / "migrations" / "__init__.py").write_text("")
    before = fingerprint(root)
    for _ in range(2):
        checks = proof(root)
        assert {n for n, check in checks.items() if not check["passed"]} == set(), checks
    assert fingerprint(root) == before


def test_another_node_is_brought_where_this_one_does_not_build(tmp_path: Path) -> None:
    root, tools = copied("frontend_vite", tmp_path), tmp_path / "tools"
    tools.mkdir()
    for name in ("node", "npm", "npx"):
        (tools / name).write_text("#!/bin/sh\n[ $1 = --version ] && echo v8.17.0 || exit 1\n")
        (tools / name).chmod(0o755)
    checks = proof(root, PATH=f"{tools}:{os.environ['PATH']}")
    assert {n for n, check in checks.items() if not check["passed"]} == set(), checks


LINKED = """\
from django.db import migrations
from django.templatetags.static import static

class Migration(migrations.Migration):
    dependencies = [("recipes", "{before}")]
    operations = [migrations.RunPython(lambda apps, editor: static("admin/css/base.css"))]
"""


def test_a_migration_may_ask_where_a_static_file_is(tmp_path: Path) -> None:
    root = copied("plain_sqlite", tmp_path)
    folder = root / "recipes" / "migrations"
    before = max(path.stem for path in folder.glob("0*.py"))
    (folder / "0999_linked.py").write_text(LINKED.format(before=before))
    checks = proof(root)
    assert {n for n, check in checks.items() if not check["passed"]} == set(), checks


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A project left running, and stopped whatever the test does."""
    root = copied("plain_sqlite", tmp_path)
    try:
        yield root
    finally:
        nuages("down", cwd=root)


def test_detach_and_down(site: Path) -> None:
    port = str(network.any_port())
    up = nuages("up", "--engine", "process", "--detach", "--port", port, cwd=site)
    assert up.returncode == 0, up.stdout + up.stderr
    running = state.read(site / ".nuages" / "state.json")
    assert running is not None
    assert [process.name for process in running.alive] == ["web"]
    assert httpx.get(f"http://localhost:{port}/").status_code == 200
    again = nuages("up", "--engine", "process", cwd=site)
    assert again.returncode == 2
    assert running.address in again.stdout + again.stderr
    down = nuages("down", cwd=site)
    assert "stopped web" in down.stdout
    assert running.alive == ()
    assert not network.answers(int(port))
    assert "Nothing of this project is running" in nuages("down", cwd=site).stdout


def test_a_superuser_that_was_given_logs_in_and_secrets_stay_out_of_sight(site: Path) -> None:
    given = {
        "DJANGO_SUPERUSER_USERNAME": "django",
        "DJANGO_SUPERUSER_EMAIL": "django@example.org",
        "DJANGO_SUPERUSER_PASSWORD": "minor-swing-1937",
    }
    checks = proof(site, **given)
    assert checks["log in over http"]["passed"], checks
    home = site / ".nuages"
    texts = [path.read_text(errors="replace") for path in (home / "logs").glob("*.log")]
    key = (home / "variables.env").read_text().split('"')[1]
    assert not any("minor-swing-1937" in text or key in text for text in texts)
    for name in ("variables.env",):
        assert (home / name).stat().st_mode & 0o777 == 0o600


def test_a_second_run_keeps_its_data_and_its_key(site: Path) -> None:
    proof(site)
    key = (site / ".nuages" / "variables.env").read_text()
    database = (site / ".nuages" / "data" / "db.sqlite3").stat().st_ino
    proof(site)
    assert (site / ".nuages" / "variables.env").read_text() == key
    assert (site / ".nuages" / "data" / "db.sqlite3").stat().st_ino == database


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_that_was_started(number: signal.Signals, tmp_path: Path) -> None:
    root = copied("split_postgres", tmp_path)
    up = subprocess.Popen(
        [PROGRAM, "up", "--engine", "process"],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    path = root / ".nuages" / "state.json"

    def names() -> set[str]:
        found = state.read(path)
        return {process.name for process in found.alive} if found else set()

    try:
        assert clock.until(lambda: "web" in names() or up.poll() is not None, 600)
        running = state.read(path)
        assert running is not None
        assert {"postgresql", "web"} <= names()
        up.send_signal(number)
        up.communicate(timeout=120)
    finally:
        up.kill()
    assert running.alive == ()
    assert not any(shell.birth(process.pid) for process in running.processes)


def test_what_only_the_user_can_give_is_named_and_giving_it_suffices(tmp_path: Path) -> None:
    root = copied("plain_sqlite", tmp_path)
    settings = root / "cookbook" / "settings.py"
    line = "\nimport os\nWAREHOUSE = os.environ['WAREHOUSE_CODE']\n"
    settings.write_text(settings.read_text() + line)
    refused = nuages("up", "--engine", "process", "--prove", "--json", cwd=root)
    assert refused.returncode == 10, refused.stdout + refused.stderr
    assert "missing-variable" in refused.stdout + refused.stderr
    assert "WAREHOUSE_CODE" in refused.stdout + refused.stderr
    (root / "production.env").write_text("WAREHOUSE_CODE=17\n")
    checks = proof(root, "--env-file", "production.env")
    assert all(check["passed"] for check in checks.values()), checks


def test_tls_has_everything_on(site: Path) -> None:
    port = str(network.any_port())
    checks = proof(site, "--tls", "--port", port)
    assert checks["page"]["passed"], checks
    assert checks["log in over https"]["passed"], checks
    assert "log in over http" not in checks
