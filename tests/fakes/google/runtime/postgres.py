"""A Cloud SQL instance for PostgreSQL: a real server at the instance's private address.

Users are what Cloud SQL makes them: members of `cloudsqlsuperuser` with CREATEROLE and CREATEDB,
nobody is a superuser. https://cloud.google.com/sql/docs/postgres/users
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .archive import File
from .certificates import Pair
from .docker import Docker, DockerError
from .server_image import postgres_image

Json = dict[str, Any]
_OWNER = 999  # `postgres` in Debian's and in Docker's own image
_ENCRYPTED = """\
local all cloudsqladmin trust
hostssl all all 0.0.0.0/0 scram-sha-256
"""
_EITHER = _ENCRYPTED + "host all all 0.0.0.0/0 scram-sha-256\n"
_ROLES = """\
CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB NOLOGIN;
GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO cloudsqlsuperuser WITH ADMIN OPTION;
CREATE ROLE postgres LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser;
ALTER DATABASE postgres OWNER TO cloudsqlsuperuser;
ALTER DATABASE template1 OWNER TO cloudsqlsuperuser;
"""
_CUT_OFF = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
_FOUND = "SELECT 1 FROM {} WHERE {} = {}"
_KEPT = "~kept"
_DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"


class Postgres:
    port = 5432

    def __init__(self, docker: Docker, host: Json, address: str, pair: Pair) -> None:
        self._docker, self._host, self._address, self._pair = docker, host, address, pair
        self.container = ""

    def start(self, flags: dict[str, str], *, encrypted: bool) -> None:
        """
        Raises:
            RuntimeError: it does not come up; the message holds what it wrote.
        """
        access = _ENCRYPTED if encrypted else _EITHER
        files = {
            "/etc/cloudsql/hba.conf": File(access.encode()),
            "/etc/cloudsql/server.crt": File(self._pair.certificate),
            "/etc/cloudsql/server.key": File(self._pair.key, 0o600, _OWNER),
        }
        settings = {**_settings(flags), **self._fixed()}
        arguments = [part for item in settings.items() for part in ("-c", "=".join(item))]
        body = {
            "Image": postgres_image(self._docker),
            "Cmd": arguments,
            "HostConfig": {**self._host, "ShmSize": 2**28},
        }
        self.container = self._docker.run("database", body, files)
        self._await()
        self.ask("postgres", _ROLES)

    def _fixed(self) -> dict[str, str]:
        return {
            "listen_addresses": self._address,
            "hba_file": "/etc/cloudsql/hba.conf",
            "ssl": "on",
            "ssl_cert_file": "/etc/cloudsql/server.crt",
            "ssl_key_file": "/etc/cloudsql/server.key",
            "fsync": "off",
            "full_page_writes": "off",
        }

    def _await(self) -> None:
        for _ in range(400):
            try:
                self.ask("postgres", "SELECT 1")
            except DockerError:
                if not self._docker.running(self.container):
                    break
                time.sleep(0.05)
            else:
                return
        written = "\n".join(text for _, _, text in self._docker.lines(self.container))
        raise RuntimeError(f"PostgreSQL at {self._address} did not start:\n{written}")

    def ask(self, database: str, statements: str) -> str:
        """What a superuser is answered."""
        argv = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "cloudsqladmin", "-d", database]
        return self._docker.execute(
            self.container,
            argv,
            f"SET log_statement = none; SET client_min_messages = warning;\n{statements}",
        )

    def stop(self) -> None:
        self._docker.remove(self.container)

    def has_user(self, name: str) -> bool:
        return bool(self.ask("postgres", _FOUND.format("pg_roles", "rolname", _text(name))))

    def set_user(self, name: str, password: str | None) -> None:
        role = _name(name)
        attributes = "LOGIN CREATEROLE CREATEDB IN ROLE cloudsqlsuperuser"
        exists = _FOUND.format("pg_roles", "rolname", _text(name))
        statements = _unless(exists, f"CREATE ROLE {role} {attributes}")
        if password is not None:
            statements += f"ALTER ROLE {role} PASSWORD {_text(password)};"
        self.ask("postgres", statements)

    def drop_user(self, name: str) -> None:
        self.ask("postgres", f"DROP ROLE IF EXISTS {_name(name)}")

    def create_database(self, name: str) -> None:
        exists = _FOUND.format("pg_database", "datname", _text(name))
        create = f"CREATE DATABASE {_name(name)} OWNER cloudsqlsuperuser"
        self.ask("postgres", _unless(exists, create))

    def drop_database(self, name: str) -> None:
        self.ask("postgres", _dropped(name))

    def databases(self) -> list[str]:
        return self.ask("postgres", _DATABASES).split()

    def dump(self, file: Path) -> None:
        """Everything that is in it, with its roles."""
        argv = ["pg_dumpall", "-U", "cloudsqladmin", "--clean", "--if-exists"]
        file.write_text(self._docker.execute(self.container, argv))

    def load(self, file: Path) -> None:
        """What a dump holds, and nothing that was there before."""
        self.ask("postgres", "".join(map(_dropped, self.databases())))
        kept = [line for line in file.read_text().splitlines(keepends=True) if _restorable(line)]
        argv = ["psql", "-Xq", "-U", "cloudsqladmin", "-d", "postgres"]
        self._docker.execute(self.container, argv, "".join(kept))

    def remember(self) -> None:
        """Keeps every database as it is, for `rewind`; whoever is connected is cut off."""
        made = [name for name in self.databases() if not name.endswith(_KEPT)]
        self.ask("postgres", "".join(_copied(name, name + _KEPT) for name in made))

    def rewind(self) -> None:
        """Every database as `remember` found it; whoever is connected is cut off."""
        found = self.databases()
        kept = [name for name in found if name.endswith(_KEPT)]
        dropped = "".join(_dropped(name) for name in found if name not in kept)
        copies = "".join(_copied(name, name.removesuffix(_KEPT)) for name in kept)
        self.ask("postgres", dropped + copies)


def _copied(source: str, target: str) -> str:
    template = f"TEMPLATE {_name(source)} OWNER cloudsqlsuperuser"
    cut_off = f"{_CUT_OFF}{_text(source)};\n"
    return f"{_dropped(target)}{cut_off}CREATE DATABASE {_name(target)} {template};\n"


def _dropped(name: str) -> str:
    return f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE);\n"


def _unless(exists: str, statement: str) -> str:
    return f"SELECT {_text(statement)} WHERE NOT EXISTS ({exists}) \\gexec\n"


def _settings(flags: dict[str, str]) -> dict[str, str]:
    """What PostgreSQL itself knows; Cloud SQL's own need its extensions."""
    return {name: value for name, value in flags.items() if not name.startswith("cloudsql.")}


def _restorable(line: str) -> bool:
    """Not the server's own role, which is connected while it is restored."""
    return not (line.startswith(("DROP ROLE", "CREATE ROLE")) and "cloudsqladmin" in line)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
