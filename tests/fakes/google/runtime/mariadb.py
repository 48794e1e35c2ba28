"""A Cloud SQL instance for MySQL; MariaDB stands in for the server.

Users have every privilege but SUPER and FILE. https://cloud.google.com/sql/docs/mysql/users
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .archive import File
from .certificates import Pair
from .docker import Docker, DockerError
from .server_image import mariadb_image

Json = dict[str, Any]
_OWNER = 999
_PRIVILEGES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, "
    "SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, "
    "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, "
    # MariaDB alone has these; whoever lacks one may not hand on ALL of a database.
    "DELETE HISTORY, SHOW CREATE ROUTINE"
)
_SYSTEM = {"information_schema", "mysql", "performance_schema", "sys"}


class MariaDB:
    port = 3306

    def __init__(self, docker: Docker, host: Json, address: str, pair: Pair) -> None:
        self._docker, self._host, self._address, self._pair = docker, host, address, pair
        self.container = ""

    def start(self, flags: dict[str, str], *, encrypted: bool) -> None:
        """
        Raises:
            RuntimeError: it does not come up; the message holds what it wrote.
        """
        files = {
            "/etc/cloudsql/server.crt": File(self._pair.certificate),
            "/etc/cloudsql/server.key": File(self._pair.key, 0o600, _OWNER),
        }
        options = {
            **{name.replace("_", "-"): value for name, value in flags.items()},
            "datadir": "/var/lib/cloudsql",
            "bind-address": self._address,
            "require-secure-transport": "ON" if encrypted else "OFF",
            "ssl-cert": "/etc/cloudsql/server.crt",
            "ssl-key": "/etc/cloudsql/server.key",
            "innodb-flush-log-at-trx-commit": "0",
        }
        body = {
            "Image": mariadb_image(self._docker),
            "Cmd": ["--skip-name-resolve", *(f"--loose-{k}={v}" for k, v in options.items())],
            "HostConfig": self._host,
        }
        self.container = self._docker.run("database", body, files)
        self._await()

    def _await(self) -> None:
        for _ in range(400):
            try:
                self._sql("SELECT 1")
            except DockerError:
                if not self._docker.running(self.container):
                    break
                time.sleep(0.05)
            else:
                return
        written = "\n".join(text for _, _, text in self._docker.lines(self.container))
        raise RuntimeError(f"MariaDB at {self._address} did not start:\n{written}")

    def _sql(self, statements: str) -> str:
        # The account that owns the data directory has every right through the socket.
        argv = ["mariadb", "--batch", "--skip-column-names", "--user=mysql"]
        return self._docker.execute(self.container, argv, statements)

    def stop(self) -> None:
        self._docker.remove(self.container)

    def has_user(self, name: str) -> bool:
        return name in self._sql("SELECT User FROM mysql.global_priv;").splitlines()

    def set_user(self, name: str, password: str | None) -> None:
        account = f"{_text(name)}@'%'"
        self._sql(f"CREATE USER IF NOT EXISTS {account};")
        self._sql(f"GRANT {_PRIVILEGES} ON *.* TO {account} WITH GRANT OPTION;")
        if password is not None:
            self._sql(f"ALTER USER {account} IDENTIFIED BY {_text(password)};")

    def drop_user(self, name: str) -> None:
        self._sql(f"DROP USER IF EXISTS {_text(name)}@'%';")

    def create_database(self, name: str) -> None:
        self._sql(f"CREATE DATABASE IF NOT EXISTS {_name(name)};")

    def drop_database(self, name: str) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {_name(name)};")

    def databases(self) -> list[str]:
        return [name for name in self._sql("SHOW DATABASES;").split() if name not in _SYSTEM]

    def dump(self, file: Path) -> None:
        """Every database; the users stay the instance's own."""
        argv = ["mariadb-dump", "--user=mysql", "--routines", "--databases", *self.databases()]
        file.write_text(self._docker.execute(self.container, argv) if self.databases() else "")

    def load(self, file: Path) -> None:
        """What a dump holds, and nothing that was there before."""
        for database in self.databases():
            self.drop_database(database)
        self._sql(file.read_text())


def _name(identifier: str) -> str:
    return "`" + identifier.replace("`", "``") + "`"


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
