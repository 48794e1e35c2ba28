"""The checklist's backups, taken and restored as it says, of a new project in its containers."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starter.checklist import sections

from nuages.effects import network
from nuages.starter.create import create

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("docker-engine")]
BOSS = "boss@example.org"
Shell = Callable[[str], str]


@pytest.fixture
def shell(tmp_path: Path, docker_engine: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Runs commands in the project's folder, where its containers are up."""
    # A run that was killed leaves its volumes, with passwords of its own.
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"backed-up-{uuid.uuid4().hex[:8]}")
    root = create("backed-up", tmp_path / "backed-up").root
    with (root / ".env").open("a") as variables:
        variables.write(f"DJANGO_HTTPS=off\nHTTP_PORT={network.any_port()}\n")
        variables.write(f"DJANGO_SUPERUSER_EMAIL={BOSS}\nDJANGO_SUPERUSER_PASSWORD=nine-poplars\n")

    def run(text: str) -> str:
        argv = ("bash", "-euo", "pipefail", "-c", text)
        done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{text}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    try:
        run("docker compose up --build --wait")
        yield run
    finally:
        run("docker compose --profile by-hand down --volumes --rmi local --timeout 1")


def test_what_was_backed_up_comes_back(shell: Shell) -> None:
    back_up, restore = (b.text for b in sections()["Backups"] if b.title == "containers")
    psql = "docker compose exec -T database psql --username=site site --tuples-only"
    upload = "docker compose exec -T web sh -c"
    shell("docker compose run --rm superuser")
    shell(f"{upload} 'echo me > media/me.txt'")
    shell(back_up)
    shell(f"{psql} <<< 'TRUNCATE users_user CASCADE'")
    shell(f"{upload} 'rm media/me.txt'")
    shell(restore)
    assert BOSS in shell(f"{psql} <<< 'TABLE users_user'")
    assert shell(f"{upload} 'cat media/me.txt'") == "me\n"
