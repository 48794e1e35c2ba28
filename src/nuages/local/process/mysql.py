"""A MariaDB or MySQL of the system's own programs, for one project."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Account, Call, Process
from nuages.errors import InputNeeded, StepFailed
from nuages.local.process import accounts

USER = "nuages"
SERVERS = ("mariadbd", "mysqld")
INSTALLERS = ("mariadb-install-db", "mysql_install_db")
FOLDERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin:/usr/local/bin:/usr/libexec"


def is_ready(log: str) -> bool:
    """Whether connections are taken; the port answers before the setup has been read."""
    return re.search(r"(?m)(?:mysqld|mariadbd)\S*: ready for connections", log) is not None


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


@dataclass(frozen=True)
class Starter:
    data: Path
    log: Path
    key: str
    environment: Mapping[str, str]
    begun: Callable[[Process], None]

    def start(self, database: str, password: str) -> tuple[Process, str]:
        """The server and the URL of its database."""
        server = self._program(*SERVERS)
        if server is None:
            raise InputNeeded(
                "The project is made for MySQL, and there is no mariadbd or mysqld here",
                hint="Install mariadb-server, or give DATABASE_URL=mysql://user:password@host/name.",
                reason="needs-mysql",
            )
        account = accounts.server_account(("mysql", "nobody"))
        data = accounts.place(self.data, self.key, account)
        if not (data / "mysql").is_dir():
            self._initialise(server, data, account)
        accounts.take_over(data, account)
        port = network.any_port()
        setup = data / "nuages-setup.sql"
        files.write_secret(setup, _setup(database, password))
        accounts.give(setup, account)
        call = self._server(server, data, port, setup, account)
        files.remove(self.log)  # an earlier server was ready for connections too
        process, _ = shell.spawn("mysql", call, self.log, self.begun)
        ready = clock.until(lambda: is_ready(_text(self.log)) or not shell.alive(process), 60)
        setup.unlink(missing_ok=True)
        if not ready or not shell.alive(process):
            shell.stop(process)
            raise StepFailed(f"{Path(server).name} does not start (its log: {self.log})")
        return process, f"mysql://{USER}:{password}@127.0.0.1:{port}/{database}"

    def _program(self, *names: str) -> str | None:
        path = f"{self.environment.get('PATH', '')}:{FOLDERS}"
        return next(filter(None, (shell.which(name, path) for name in names)), None)

    def _initialise(self, server: str, data: Path, account: Account | None) -> None:
        files.remove(data)
        accounts.own(data, account)
        installer = self._program(*INSTALLERS)
        argv: tuple[str, ...] = (
            server,
            "--no-defaults",
            "--initialize-insecure",
            f"--datadir={data}",
        )
        if installer:
            argv = (installer, "--no-defaults", f"--datadir={data}", "--skip-test-db")
            argv = (*argv, "--auth-root-authentication-method=normal")
        finished = shell.run(Call(argv, self.environment, data, account), log=self.log)
        if not finished.ok:
            files.remove(data)
        shell.demand(finished, "Make a database")

    def _server(
        self, server: str, data: Path, port: int, setup: Path, account: Account | None
    ) -> Call:
        options = (f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1")
        names = (f"--socket={data}/s", f"--pid-file={data}/pid", f"--init-file={setup}")
        words = ("--character-set-server=utf8mb4", "--skip-networking=0")
        argv = (server, "--no-defaults", *options, *names, *words)
        return Call(argv, self.environment, data, account)


def _setup(database: str, password: str) -> str:
    """SQL that a server runs at its start; it is the same however often it runs."""
    return (
        f"CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4;\n"
        f"CREATE USER IF NOT EXISTS '{USER}'@'%' IDENTIFIED BY '{password}';\n"
        f"ALTER USER '{USER}'@'%' IDENTIFIED BY '{password}';\n"
        f"GRANT ALL ON *.* TO '{USER}'@'%';\n"
    )
