"""What the containers run with: the values of the site, and those of compose itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nuages.artifacts.layout import MEDIA_ROOT, STATIC_ROOT
from nuages.artifacts.wired import cache_url, database_url
from nuages.effects import files
from nuages.errors import UsageError
from nuages.local import env_file
from nuages.local.container.project import KEY, Project
from nuages.local.engine import Request, Value
from nuages.local.process import keys, variables
from nuages.local.process.provision import tools_environment
from nuages.local.process.stand_ins import Place
from nuages.local.process.workspace import Workspace

_DATABASE = ("DATABASE_URL", "DEFAULT_DATABASE_DSN")
_CACHE = ("REDIS_URL", "CACHE_URL")


@dataclass(frozen=True)
class Variables:
    """The variables of one run, kept from run to run where they were made up."""

    request: Request
    workspace: Workspace
    port: int

    @property
    def scheme(self) -> str:
        return "https" if self.request.tls else "http"

    @property
    def password(self) -> str:
        """Of the database's container: it is part of its volume, and kept as long."""
        path = self.workspace.home / KEY
        if not path.exists():
            files.write_secret(path, secrets.token_hex(16))
        return path.read_text(encoding="utf-8").strip()

    def place(self) -> Place:
        """What stands beside the site: containers, or what ``--env-file`` names."""
        deployment = self.request.deployment
        tools = tools_environment(self.request.environment)
        beside = database_url(deployment.database, self.password) if deployment.database else ""
        return Place(
            self.port,
            self.scheme,
            self._given(_DATABASE) or beside,
            self._given(_CACHE) or cache_url(deployment.cache),
            MEDIA_ROOT,
            lambda: secrets.token_urlsafe(48),
            partial(keys.kept_pair, self.workspace.home / "keys", tools),
            STATIC_ROOT,
            "/tmp",  # noqa: S108 -- of the container, where all else may be read only
        )

    def assigned(self, place: Place) -> tuple[Value, ...]:
        """Every value; InputNeeded where only the user knows one and cannot be asked."""
        request = self.request
        # The caller's shell may hold addresses that mean another machine inside a container.
        reachable = {k: v for k, v in request.environment.items() if "localhost" not in v}
        sources = variables.Sources(request.given, reachable, self._kept(), self._dotenv())
        found, missing = variables.assigned(request.project, request.deployment, sources, place)
        return variables.completed(found, missing, request.ask)

    def keep(self, values: Iterable[Value], project: Project) -> None:
        """Write ``.env`` for compose, and what the next run must find again."""
        kept = variables.to_keep(values, self._kept())
        files.write_secret(self.workspace.variables, env_file.text(kept))
        own = {value.name: value.value for value in values if value.name != "PORT"}
        own |= {} if self.request.tls else variables.PLAIN_HTTP
        own |= {"HTTP_PORT": str(self.port), "IMAGE": project.image}
        own |= {"DATABASE_PASSWORD": self.password}
        files.write_secret(self.workspace.home / ".env", dotenv(own))

    def _given(self, names: Iterable[str]) -> str:
        return next((self.request.given[n] for n in names if self.request.given.get(n)), "")

    def _kept(self) -> dict[str, str]:
        return _read(self.workspace.variables)

    def _dotenv(self) -> dict[str, str]:
        path = self.workspace.root / self.request.project.manage_dir.value / ".env"
        try:
            return _read(path)
        except (OSError, UnicodeDecodeError, UsageError):
            return {}


def _read(path: Path) -> dict[str, str]:
    return env_file.parse(path.read_text(encoding="utf-8"), str(path)) if path.exists() else {}


def dotenv(values: Mapping[str, str]) -> str:
    """A file that compose reads back as ``values``: it expands ``$`` unless told not to."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in sorted(values.items()))


def _quoted(value: str) -> str:
    if not re.search(r"['\n\r\\]", value):
        return f"'{value}'"
    escaped = re.sub(r'([\\"$])', r"\\\1", value).replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
