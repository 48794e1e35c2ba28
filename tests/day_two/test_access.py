from __future__ import annotations

from pathlib import Path

import pytest
from fakes.google import GoogleWorld

from nuages.effects import network, shell
from nuages.errors import StepFailed, ToolMissing
from nuages.steps import clients, docker
from nuages.steps.site import Access

from . import released

ACCESS = Access("postgresql", "10.1.0.3", 5432, "club", "club", "s", (), 3307, "Use a VPN.")
PROGRAM = '#!/bin/sh\necho "$0 $@" >> {log}\nenv >> {log}\nexit 5\n'


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """psql and docker that write down how they were started."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("psql", "docker"):
        path = folder / name
        path.write_text(PROGRAM.format(log=folder / f"{name}.log"), "utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setattr(network, "reaches", lambda *_: True)
    return folder


def test_the_client_gets_its_password_through_the_environment(
    nuages, world: GoogleWorld, programs: Path
) -> None:
    released.release(world)
    said = nuages("db", "shell", "--admin", "--", "--command", "select 1")
    assert said.status == 5
    started, *variables = (programs / "psql.log").read_text("utf-8").splitlines()
    assert started.endswith(
        "/psql --host=10.1.0.3 --port=5432 --username=nuages-admin --dbname=club --command select 1"
    )
    assert released.PASSWORD not in started
    assert {f"PGPASSWORD={released.PASSWORD}", "PGSSLMODE=require"} <= set(variables)


@pytest.mark.parametrize("words", [("db", "shell"), ("db", "proxy"), ("shell",)])
def test_without_a_way_it_is_said_which_there_are(
    nuages, world: GoogleWorld, programs: Path, monkeypatch: pytest.MonkeyPatch, words
) -> None:
    released.release(world)
    monkeypatch.setattr(network, "reaches", lambda *_: False)
    said = nuages(*words)
    assert said.status == StepFailed.exit_code
    assert "10.1.0.3:5432 is a private address" in said.err
    assert "VPN" in said.err
    assert not (programs / "psql.log").exists()


def test_a_client_that_is_missing_is_named(
    nuages, world: GoogleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.release(world)
    monkeypatch.setattr(shell, "which", lambda *_: None)
    said = nuages("db", "shell")
    assert said.status == ToolMissing.exit_code
    assert "psql" in said.err
    assert nuages("shell").status == ToolMissing.exit_code


def test_the_shell_has_what_the_site_has_and_shows_no_secret(
    nuages, world: GoogleWorld, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = released.release(world)
    key = {"secretKeyRef": {"secret": "club-db-admin-password", "version": "latest"}}
    more = [{"name": "KEY", "valueSource": key}]
    released.perform(world, cloud, [released.revision(3, released.all_to(3), more)])
    (programs / "docker").write_text(
        (programs / "docker").read_text("utf-8").replace("exit 5", '[ "$1" != run ] || exit 6')
    )
    said = nuages("shell")
    assert said.status == 6
    log = (programs / "docker.log").read_text("utf-8").splitlines()
    (started,) = [line for line in log if "/docker run" in line]
    assert started.endswith(
        f"--network=host --env=A --env=KEY {released.IMAGE} python -m django shell"
    )
    assert f"KEY={released.PASSWORD}" in log
    assert released.PASSWORD not in started + said.out + said.err


def test_each_client_is_told_to_encrypt() -> None:
    mysql = Access("mysql", "h", 3306, "club", "ada", "s", (), 3307, "")
    assert "--ssl-mode=REQUIRED" in clients.client(mysql, "h", 3306)
    assert "--ssl" in clients.client(mysql, "h", 3306, mariadb=True)
    assert clients.environment(mysql, "p") == {"MYSQL_PWD": "p"}
    assert clients.environment(ACCESS, "p")["PGSSLMODE"] == "require"


def test_a_terminal_is_asked_for_where_there_is_one() -> None:
    assert "--tty" in docker.run("i", ["sh"], variables=[], terminal=True)
    assert "--tty" not in docker.run("i", ["sh"], variables=[], terminal=False)
