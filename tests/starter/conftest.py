"""New projects, installed on a Python that is here, and the servers that they are tested on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uv

from nuages.effects import files, network, shell
from nuages.errors import InputNeeded
from nuages.local.process import accounts, interpreter, mysql, postgres
from nuages.starter.create import create

UV = uv.find_uv_bin()
PASSWORD = "only-for-tests"
OF_THE_PROJECT = ("DJANGO_", "DATABASE_", "REDIS_", "EMAIL_", "VIRTUAL_ENV", "UV_", "PYTEST_")


@dataclass(frozen=True)
class Made:
    """A project fresh from ``nuages new``, and the environment that its commands run in."""

    root: Path
    environment: dict[str, str] = field(repr=False)

    def run(self, *argv: str, **variables: str) -> str:
        """What the command prints; a failure unless it ends well."""
        done = subprocess.run(
            argv,
            cwd=self.root,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(argv)}\n{done.stdout[-6000:]}"
        return done.stdout


def absent(what: str) -> None:
    """Skip, but never in CI: there it would be a promise that nobody keeps."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"{what} is not here")


def made(folder: Path, python: str) -> Made:
    """A new project; ``uv`` and what it installs come first on its PATH."""
    found = {i.minor: i.path for i in interpreter.installed(UV, os.environ)}
    if python not in found:
        absent(f"Python {python}")
    root = create("blue-note", folder).root
    kept = {k: v for k, v in os.environ.items() if not k.startswith(OF_THE_PROJECT)}
    path = f"{root}/.venv/bin:{Path(UV).parent}:{kept['PATH']}"
    return Made(root, {**kept, "PATH": path, "UV_PYTHON": str(found[python]), "NO_COLOR": "1"})


def _nobody(_: object) -> None:
    """Is told, and does nothing with it."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The URL of an empty database; its server runs until the last test of the file ends."""
    folder = tmp_path_factory.mktemp("servers")
    key = f"tests-{os.getpid()}"
    running: list[shell.Process] = []
    urls = {"sqlite": "sqlite://:memory:"}

    def postgresql() -> tuple[shell.Process, str]:
        data, log = folder / "postgresql", folder / "postgresql.log"
        place, told = (folder, data, log, key), (_nobody, _nobody)
        starter = postgres.Starter(UV, "3.13", *place, os.environ, *told)
        server = starter.start((), PASSWORD)
        return server.process, server.url("postgres")

    def mariadb() -> tuple[shell.Process, str]:
        data, log = folder / "mariadb", folder / "mariadb.log"
        return mysql.Starter(data, log, key, os.environ, _nobody).start("app", PASSWORD)

    def url(kind: str) -> str:
        if kind not in urls:
            try:
                process, urls[kind] = {"postgresql": postgresql, "mariadb": mariadb}[kind]()
            except InputNeeded:
                absent(kind)
            running.append(process)
        return urls[kind]

    yield url
    for process in running:
        shell.stop(process)
    files.remove(accounts.SHARED / key)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis that keeps nothing."""
    program = shell.which("redis-server")
    if program is None:
        absent("redis-server")
    folder, port = tmp_path_factory.mktemp("redis"), network.any_port()
    argv = (str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "")
    process, _ = shell.spawn("redis", shell.Call(argv, None, folder), folder / "redis.log")
    yield f"redis://127.0.0.1:{port}/0"
    shell.stop(process)
