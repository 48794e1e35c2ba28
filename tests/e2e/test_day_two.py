"""The day-two verbs on a site that was really released: its image, PostgreSQL, jobs, secrets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime

from nuages.local.docker import is_available

pytestmark = [
    pytest.mark.slow,
    pytest.mark.docker,
    pytest.mark.xdist_group("google-runtime"),
    pytest.mark.skipif(
        shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ,
        reason="NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers: nothing was released",
    ),
]
ROOT = Path(__file__).parents[2]
NUAGES = Path(sys.executable).with_name("nuages")
PLANTED = "sk_live_planted"
CONFIG = """\
project_name: jazzclub
provider: gcp
region: europe-west1
database:
  type: postgresql
secrets: [STRIPE_SECRET_KEY]
"""
USERS = "from django.contrib.auth import get_user_model; users = get_user_model().objects; "


@dataclass(frozen=True)
class Club:
    root: Path
    world: GoogleWorld

    def nuages(self, *words: str, status: int = 0, stdin: str = "") -> str:
        done = subprocess.run(
            (str(NUAGES), *words),
            cwd=self.root,
            env={**os.environ, **self.world.environment()},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == status, said
        assert PLANTED not in said
        assert "Traceback" not in done.stderr
        return done.stdout

    def django(self, code: str) -> str:
        words = ("run", "--", "manage.py", "shell", "--verbosity", "0", "-c", USERS + code)
        return self.nuages(*words).strip()


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    if not is_available():
        pytest.skip("NO DOCKER ENGINE: nothing was released")
    folder = tmp_path_factory.mktemp("day-two")
    root = folder / "jazzclub"
    shutil.copytree(ROOT / "examples/jazzclub", root)
    (root / "nuages.yaml").write_text(CONFIG, "utf-8")
    with GoogleWorld(folder / "world", "jazz-1910", runtime=ContainerRuntime()) as world:
        club = Club(root, world)
        club.nuages("secrets", "set", "STRIPE_SECRET_KEY", stdin=PLANTED)
        club.nuages("deploy", "--no-check")
        yield club


def test_a_command_has_the_sites_secrets_and_its_exit_code(club: Club) -> None:
    code = "import os, sys; print(len(os.environ['STRIPE_SECRET_KEY'])); sys.exit(7)"
    assert club.nuages("run", "--", "python", "-c", code, status=7) == f"{len(PLANTED)}\n"
    assert "[X]  sessions.0001_initial" in club.nuages(
        "run", "--", "manage.py", "showmigrations", "--plan"
    )
    assert str(len(PLANTED)) in club.nuages("logs", "--service", "run")


def test_what_was_backed_up_is_read_and_comes_back(club: Club) -> None:
    club.django("users.create_user('django', password='x')")
    backup = json.loads(club.nuages("db", "backup", "--json"))["backups"][0]["id"]
    club.django("users.all().delete()")

    drill = json.loads(club.nuages("db", "restore", "latest", "--drill", "--json"))
    assert (drill["backup"], drill["readable"]) == (backup, True)
    assert club.django("print(users.count())") == "0"
    assert json.loads(club.nuages("status", "--json"))["leftovers"] == []

    club.nuages("db", "restore", backup, "--yes", "jazzclub")
    assert club.django("print(users.count())") == "1"


def test_a_password_is_renewed_while_the_site_serves(club: Club) -> None:
    before = json.loads(club.nuages("status", "--json"))["revisions"][0]["name"]
    club.nuages("secrets", "rotate", "DB_PASSWORD")
    newest = json.loads(club.nuages("status", "--json"))["revisions"][0]
    assert (newest["percent"], newest["ready"]) == (100, True)
    assert newest["name"] != before
    assert club.django("print(users.count() >= 0)") == "True"


def test_the_database_is_opened_in_its_own_client_and_by_a_port_here(club: Club) -> None:
    (file,) = club.world.store.glob("google_sql_database_instance/*.json")
    address = json.loads(file.read_text("utf-8"))["private_ip_address"]
    with club.world.runtime.network.joined(address):  # type: ignore[attr-defined]
        asked = ("--", "--tuples-only", "--no-align", "--command", "select current_user, 6 * 7")
        assert club.nuages("db", "shell", *asked) == "jazzclub|42\n"
        assert club.nuages("db", "shell", "--admin", *asked) == "nuages-admin|42\n"
        proxy = subprocess.Popen(
            (str(NUAGES), "db", "proxy", "--port", "0", "--json"),
            cwd=club.root,
            env={**os.environ, **club.world.environment()},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert proxy.stdout is not None
        told = json.loads("".join(iter(proxy.stdout.readline, "}\n")) + "}")
        password = club.world.secret("projects/jazz-1910/secrets/jazzclub-db-password")
        assert password is not None
        where = f"host=127.0.0.1 port={told['port']} user=jazzclub dbname=jazzclub sslmode=require"
        words = ("psql", where, "--tuples-only", "--no-align", "--command", "select 6 * 7")
        given = {**os.environ, "PGPASSWORD": password.decode()}
        assert subprocess.check_output(words, env=given, text=True) == "42\n"
        proxy.terminate()
        assert proxy.wait(30) in (0, 130, 143)
