"""A site that only its network reaches and only accounts may call: MySQL, Valkey, mounted media."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime

from release.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("release")]
STUDIO = Path(__file__).parents[1] / "fixtures/releases/studio"
SERVICE = "projects/jazz-1910/locations/europe-west1/services/studio"
CONFIG = """\
provider: gcp
project: jazz-1910
project_name: studio
profile: small
database:
  type: mysql
storage:
  type: gcs
  mount: /app/media
cache:
  type: valkey
ingress: internal
access: private
callers: [CALLER]
"""
DRIVER = "import pymysql\n\npymysql.version_info = (2, 2, 4)\npymysql.install_as_MySQLdb()\n"
SAVED = (
    "from django.core.files.storage import default_storage as s;"
    "from django.core.files.base import ContentFile as C;"
    "print(s.path(s.save('takes/one.txt', C('x'))))"
)
CALLER = "serviceAccount:caller@jazz-1910.iam.gserviceaccount.com"


@pytest.fixture(scope="module")
def site(cloud: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("closed")
    root = Path(shutil.copytree(STUDIO, folder / "site"))
    (root / "nuages.yaml").write_text(CONFIG.replace("CALLER", CALLER), "utf-8")
    package, wanted = root / "studio/__init__.py", root / "requirements.txt"
    package.write_text(DRIVER + package.read_text("utf-8"), "utf-8")
    names = re.sub(r"(?m)^psycopg.*$", "pymysql==1.1.1\ncryptography", wanted.read_text("utf-8"))
    wanted.write_text(names, "utf-8")
    with GoogleWorld(folder / "world", "jazz-1910", ContainerRuntime()) as world:
        found = Site(root, world)
        found.extra["PATH"] = f"{_only_tofu(folder / 'programs')}:/usr/bin:/bin"
        yield found


def _only_tofu(folder: Path) -> Path:
    """Terraform under OpenTofu's name, which writes down how it is started; and the engine."""
    folder.mkdir()
    program, real = folder / "tofu", shutil.which("terraform")
    program.write_text(f'#!/bin/sh\necho "$1" >> {folder}/argv.log\nexec {real} "$@"\n', "utf-8")
    program.chmod(0o755)
    (folder / "docker").symlink_to(str(shutil.which("docker")))
    return folder


def database(site: Site) -> str:
    """The private address of the server."""
    (instance,) = site.world.store.glob("google_sql_database_instance/*.json")
    return str(json.loads(instance.read_text())["private_ip_address"])


def test_it_is_asked_from_inside_and_nobody_else_is_let_in(site: Site) -> None:
    said = site.nuages("deploy")
    assert "Run nuages-probe" in said
    assert "Let the public in" not in said
    assert CALLER in site.world.invokers(SERVICE)
    assert "allUsers" not in site.world.invokers(SERVICE)
    assert httpx.get(site.address, timeout=30).status_code == 404  # as from the internet


def test_opentofu_does_all_of_it_where_it_is_what_there_is(site: Site) -> None:
    said = Path(site.extra["PATH"].partition(":")[0], "argv.log").read_text("utf-8").split()
    assert {"version", "init", "plan", "apply", "output"} <= set(said)


def test_a_job_writes_to_the_mounted_media(site: Site) -> None:
    said = site.nuages("run", "--", "manage.py", "shell", "-v", "0", "-c", SAVED)
    assert "/app/media/takes/one.txt" in said


def test_the_database_is_opened_in_its_own_client(site: Site) -> None:
    network = site.world.runtime.network  # type: ignore[attr-defined]
    with network.joined(database(site)):
        asked = ("--", "-e", "select current_user(), 6 * 7")
        assert "studio@%\t42" in site.nuages("db", "shell", *asked)
        assert "nuages-admin@%\t42" in site.nuages("db", "shell", "--admin", *asked)


def test_a_port_of_this_machine_leads_to_the_database(site: Site) -> None:
    network = site.world.runtime.network  # type: ignore[attr-defined]
    with network.joined(database(site)):
        proxy = site.start("db", "proxy", "--port", "0", "--json")
        assert proxy.stdout is not None
        lines = iter(proxy.stdout.readline, "}\n")
        port = json.loads("".join(lines) + "}")["port"]
        password = site.world.secret("projects/jazz-1910/secrets/studio-db-password", "latest")
        argv = ("mysql", "--protocol=tcp", "--host=127.0.0.1", f"--port={port}", "--user=studio")
        told = subprocess.run(
            (*argv, "--ssl", "--skip-ssl-verify-server-cert", "studio", "-e", "select 6 * 7"),
            env={**os.environ, "MYSQL_PWD": password.decode()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "42" in told.stdout, told.stderr
        proxy.send_signal(signal.SIGINT)
        assert proxy.wait(20) in (0, 130)


def count(site: Site) -> int:
    code = "from studio.models import Take; print(Take.objects.count())"
    return int(site.nuages("run", "--", "manage.py", "shell", "-v", "0", "-c", code))


def test_a_backup_is_tried_out_and_brought_back(site: Site) -> None:
    code = "from studio.models import Take; Take.objects.create(title='Nuages', pool='')"
    site.nuages("run", "--", "manage.py", "shell", "-c", code)
    (backup, *_) = site.json("db", "backup")["backups"]
    site.nuages("run", "--", "manage.py", "shell", "-c", code)

    drill = site.json("db", "restore", "latest", "--drill")
    assert (drill["backup"], drill["readable"]) == (backup["id"], True)
    assert count(site) == 2
    assert site.json("status")["leftovers"] == []

    site.json("db", "restore", backup["id"], "--yes", "studio")
    assert count(site) == 1
