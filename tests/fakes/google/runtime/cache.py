"""A Memorystore for Redis instance: a real server with AUTH and TLS at its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .archive import File
from .certificates import Pair, kept_certificate
from .docker import Docker
from .network import Network

Json = dict[str, Any]
IMAGE = "redis:7"


class Caches:
    """Every instance of the world, by its full name."""

    def __init__(self, docker: Docker, network: Network, certificates: Path) -> None:
        self._docker, self._network, self._certificates = docker, network, certificates
        self._containers: dict[str, str] = {}
        self._authorities: dict[str, str] = {}

    def start(self, instance: Json) -> str:
        """The authority of its certificate, "" without TLS."""
        name = instance["name"]
        if name not in self._containers:
            tls = instance.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
            pair = kept_certificate(self._certificates, instance["host"]) if tls else None
            self._containers[name] = self._run(instance, pair)
            self._authorities[name] = pair.certificate.decode() if pair else ""
        return self._authorities[name]

    def _run(self, instance: Json, pair: Pair | None) -> str:
        # The password goes into a file of the container, not into its command.
        files = {"/etc/memorystore/redis.conf": File(_configuration(instance).encode())}
        if pair:
            files["/etc/memorystore/server.crt"] = File(pair.certificate)
            files["/etc/memorystore/server.key"] = File(pair.key)
        body = {
            "Image": IMAGE,
            "Entrypoint": ["redis-server"],
            "Cmd": ["/etc/memorystore/redis.conf"],
            "HostConfig": self._network.addressed(),
        }
        return self._docker.run("cache", body, files)

    def stop(self, instance: str) -> None:
        if container := self._containers.pop(instance, None):
            self._docker.remove(container)


def _configuration(instance: Json) -> str:
    address, port = instance["host"], int(instance.get("port", 6379))
    tls = instance.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
    lines = [f"bind {address}", 'save ""', "protected-mode no", f"port {0 if tls else port}"]
    if tls:
        lines += [
            f"tls-port {port}",
            "tls-cert-file /etc/memorystore/server.crt",
            "tls-key-file /etc/memorystore/server.key",
            "tls-auth-clients no",
        ]
    if instance.get("authEnabled"):
        lines.append(f"requirepass {instance['authString']}")
    return "\n".join(lines) + "\n"
