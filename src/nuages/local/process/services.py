"""The database and the cache beside the site: those that are named, or our own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nuages.artifacts.wired import plain_query
from nuages.effects import files, shell
from nuages.effects.shell import Process
from nuages.local.engine import Request
from nuages.local.process import mysql, postgres, redis
from nuages.local.process.workspace import Workspace

NAMES = ("DATABASE_URL", "DEFAULT_DATABASE_DSN")


@dataclass
class Services:
    """What was started for the site, in order."""

    request: Request
    workspace: Workspace
    uv: str
    python: str
    environment: Mapping[str, str]
    begun: Callable[[Process], None]
    """Is told of each server as it is started."""
    started: list[Process] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    database: str = ""
    redis: str = ""
    server: postgres.Server | None = None

    @property
    def key(self) -> str:
        """Names this run's data where it cannot lie in ``.nuages``; it goes with that folder."""
        return self._made_once("key", secrets.token_hex(8))

    def start(self) -> None:
        self._database()
        self._redis()

    def lacks(self, extensions: Iterable[str]) -> bool:
        """Whether our own PostgreSQL is one without these extensions."""
        return self.server is not None and not set(extensions) <= self.server.programs.extensions

    def restart(self, extensions: Iterable[str]) -> None:
        """Begin again on a PostgreSQL that has these extensions, and so in every later run."""
        files.write(self._noted, "\n".join(extensions))
        for process in reversed(self.started):
            stop(process)
        self.started.clear()
        self.differences.clear()
        self.start()

    @property
    def _noted(self) -> Path:
        return self.workspace.home / "extensions"

    def _database(self) -> None:
        given = self._named(*NAMES)
        wanted = self.request.deployment.database
        if given or wanted is None or self._given_by_parts():
            self.database = given
        elif wanted.engine == "sqlite":
            self.database = f"sqlite:///{files.folder(self.workspace.data)}/db.sqlite3"
        elif wanted.engine == "mysql":
            with self.request.listener.step("Start MySQL"):
                self._mysql(_identifier(wanted.name))
        else:
            noted = self._noted.read_text("utf-8").split() if self._noted.exists() else []
            every = tuple(dict.fromkeys((*wanted.extensions, *noted)))
            with self.request.listener.step("Start PostgreSQL"):
                self._postgres(_identifier(wanted.name), every)
            self.database += plain_query(wanted)

    def _given_by_parts(self) -> bool:
        """Whether ``--env-file`` names a database server by its host."""
        names = {n for fact in self.request.project.databases for n in fact.value.variables}
        return any("HOST" in name and name in self.request.given for name in {*names, "DB_HOST"})

    def _named(self, *names: str) -> str:
        for source in (self.request.given, self.request.environment):
            for name in names:
                if source.get(name):
                    return source[name]
        return ""

    def _password(self) -> str:
        """Of our own database server: it is part of the data, and kept as long."""
        return self._made_once("database-password", secrets.token_hex(16))

    def _made_once(self, name: str, fresh: str) -> str:
        path = self.workspace.home / name
        if not path.exists():
            files.write_secret(path, fresh)
        return path.read_text(encoding="utf-8").strip()

    def _postgres(self, name: str, extensions: tuple[str, ...]) -> None:
        starter = postgres.Starter(
            self.uv,
            self.python,
            self.request.cache,
            self.workspace.home / "postgres",
            self.workspace.logs / "postgresql.log",
            self.key,
            self.environment,
            self.request.listener.line,
            self._begun,
        )
        server = self.server = starter.start(extensions, self._password())
        starter.create(server, name)
        self.database = server.url(name)
        self.differences.append(f"PostgreSQL {server.version} runs here, for this project alone")

    def _mysql(self, name: str) -> None:
        log = self.workspace.logs / "mysql.log"
        place = self.workspace.home / "mysql", log, self.key
        starter = mysql.Starter(*place, self.environment, self._begun)
        _, self.database = starter.start(name, self._password())
        self.differences.append("MySQL runs here, for this project alone")

    def _redis(self) -> None:
        self.redis = self._named("REDIS_URL", "CACHE_URL")
        wanted = self.request.deployment.cache is not None or self.request.project.celery
        if self.redis or not wanted:
            return
        server = redis.program(self.environment)
        if server is None:
            self.differences.append(
                "there is no Redis here (neither redis-server nor valkey-server): each process "
                "has a cache of its own, and no background worker runs"
            )
            return
        log = self.workspace.logs / "redis.log"
        folder = self.workspace.data / "redis"
        _, self.redis = redis.start(server, folder, log, self.environment, self._begun)

    def _begun(self, process: Process) -> None:
        self.started.append(process)
        self.begun(process)


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name.lower())[:60] or "app"


def stop(process: Process) -> None:
    """PostgreSQL ends at once on SIGINT, without waiting for its clients; others on SIGTERM."""
    first = shell.INTERRUPT if process.name == "postgresql" else shell.TERMINATE
    shell.stop(process, first=first)
