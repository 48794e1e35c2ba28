"""A Memorystore for Redis instance: a real server with AUTH and TLS at its address."""

from __future__ import annotations

from typing import Any

from .archive import File
from .certificates import certificate
from .docker import Docker
from .network import Network

Json = dict[str, Any]
IMAGE = "redis:7"


def start_cache(docker: Docker, network: Network, instance: Json) -> str:
    """redis.v1's Instance with `authString`; the container's id.

    The password goes into a file of the container, not into its command.
    """
    address, port = instance["host"], int(instance.get("port", 6379))
    tls = instance.get("transitEncryptionMode") == "SERVER_AUTHENTICATION"
    lines = [f"bind {address}", 'save ""', "protected-mode no"]
    lines += [f"port {0 if tls else port}"]
    if tls:
        lines += [
            f"tls-port {port}",
            "tls-cert-file /etc/memorystore/server.crt",
            "tls-key-file /etc/memorystore/server.key",
            "tls-auth-clients no",
        ]
    if instance.get("authEnabled"):
        lines.append(f"requirepass {instance['authString']}")
    pair = certificate(address)
    files = {
        "/etc/memorystore/redis.conf": File("\n".join(lines).encode()),
        "/etc/memorystore/server.crt": File(pair.certificate),
        "/etc/memorystore/server.key": File(pair.key),
    }
    body = {
        "Image": IMAGE,
        "Entrypoint": ["redis-server"],
        "Cmd": ["/etc/memorystore/redis.conf"],
        "HostConfig": network.addressed(),
    }
    return docker.run("cache", body, files)
