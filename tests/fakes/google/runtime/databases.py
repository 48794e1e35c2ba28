"""Every Cloud SQL instance of the world, by its name."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from .certificates import certificate
from .docker import Docker
from .mariadb import MariaDB
from .network import Network
from .postgres import Postgres

Json = dict[str, Any]
Server = Postgres | MariaDB


class Databases:
    """`folder` keeps the backups."""

    def __init__(self, docker: Docker, network: Network, folder: Path) -> None:
        self._docker, self._network, self._folder = docker, network, folder
        self._servers: dict[str, Server] = {}
        self._lock = threading.Lock()

    def start(self, instance: Json) -> None:
        """Brings its server up; one that runs is left alone."""
        with self._lock:
            if instance["name"] in self._servers:
                return
            address = private_address(instance)
            kind = MariaDB if instance["databaseVersion"].startswith("MYSQL") else Postgres
            server = kind(self._docker, self._network.addressed(), address, certificate(address))
            settings = instance.get("settings", {})
            mode = settings.get("ipConfiguration", {}).get("sslMode", "")
            server.start(
                _flags(settings), encrypted=mode not in {"", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}
            )
            self._servers[instance["name"]] = server

    def stop(self, instance: str) -> None:
        if server := self._servers.pop(instance, None):
            server.stop()

    def names(self) -> list[str]:
        return list(self._servers)

    def has_backup(self, backup: str) -> bool:
        return self._file(backup).exists()

    def __getitem__(self, instance: str) -> Server:
        return self._servers[instance]

    def back_up(self, instance: str, backup: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._servers[instance].dump(self._file(backup))

    def restore(self, backup: str, instance: str) -> None:
        self._servers[instance].load(self._file(backup))

    def clone(self, source: str, target: Json) -> None:
        self.start(target)
        self.back_up(source, f"clone-{source}-{target['name']}")
        self.restore(f"clone-{source}-{target['name']}", target["name"])

    def _file(self, backup: str) -> Path:
        return self._folder / f"{backup.replace('/', '_')}.sql"


def private_address(instance: Json) -> str:
    """
    Raises:
        ValueError: the instance has none, so nothing of the world could reach it.
    """
    for address in instance.get("ipAddresses", []):
        if address.get("type") == "PRIVATE":
            return str(address["ipAddress"])
    raise ValueError(f"{instance['name']} has no private address")


def _flags(settings: Json) -> dict[str, str]:
    return {
        flag["name"]: str(flag.get("value", "on")) for flag in settings.get("databaseFlags", [])
    }
