"""The local Docker engine, by its own API: what belongs to one world, and nothing else.

Values go into a container in the body of a request over the engine's socket, never through a
program's arguments. https://docs.docker.com/reference/api/engine/version/v1.45/
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from .archive import File, archive
from .output import frames, lines
from .owner import is_gone, owner

WORLD = "nuages.google.world"
ROLE = "nuages.google.role"
OWNER = "nuages.google.owner"


class DockerError(Exception):
    """The engine refused; the message is its own."""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a container ended."""

    code: int
    out_of_memory: bool = False


def socket_path(environment: Mapping[str, str]) -> str:
    """Where the engine listens.

    Raises:
        DockerError: DOCKER_HOST names something other than a socket of this machine.
    """
    host = environment.get("DOCKER_HOST", "") or "unix:///var/run/docker.sock"
    if not host.startswith("unix://"):
        raise DockerError(f"DOCKER_HOST is {host}; containers are reached by a local socket only")
    return host.removeprefix("unix://")


class Docker:
    """Containers, networks and images that carry one world's label."""

    def __init__(self, world: str) -> None:
        self.world = world
        self._labels = {WORLD: world, OWNER: owner(os.getpid())}
        many = httpx.Limits(max_connections=None)
        transport = httpx.HTTPTransport(uds=socket_path(os.environ), limits=many)
        # Waiting for a container takes as long as the container.
        forever = httpx.Timeout(None)
        self._client = httpx.Client(transport=transport, base_url="http://docker", timeout=forever)

    def _call(self, method: str, path: str, *accept: int, **arguments: Any) -> httpx.Response:
        answer = self._client.request(method, path, **arguments)
        if answer.is_error and answer.status_code not in accept:
            raise DockerError(f"{method} {path}: {answer.status_code} {answer.text.strip()}")
        return answer

    # Containers

    def create(
        self, role: str, body: dict[str, Any], files: Mapping[str, File] | None = None
    ) -> str:
        """A container that does not run yet, with these files put into it; its id."""
        labels = {**body.get("Labels", {}), **self._labels, ROLE: role}
        answer = self._call("POST", "/containers/create", json={**body, "Labels": labels})
        container = answer.json()["Id"]
        if files:
            self._call(
                "PUT",
                f"/containers/{container}/archive",
                params={"path": "/"},
                content=archive(files),
            )
        return str(container)

    def start(self, container: str) -> None:
        self._call("POST", f"/containers/{container}/start")

    def run(self, role: str, body: dict[str, Any], files: Mapping[str, File] | None = None) -> str:
        container = self.create(role, body, files)
        self.start(container)
        return container

    def stop(self, container: str, grace: int) -> None:
        """SIGTERM, and SIGKILL after `grace` seconds."""
        self._call("POST", f"/containers/{container}/stop", 304, 404, params={"t": grace})

    def kill(self, container: str) -> None:
        self._call("POST", f"/containers/{container}/kill", 404, 409)

    def remove(self, container: str) -> None:
        self._call(
            "DELETE", f"/containers/{container}", 404, 409, params={"force": True, "v": True}
        )

    def inspect(self, container: str) -> dict[str, Any]:
        found: dict[str, Any] = self._call("GET", f"/containers/{container}/json").json()
        return found

    def running(self, container: str) -> bool:
        answer = self._call("GET", f"/containers/{container}/json", 404)
        return answer.status_code != 404 and bool(answer.json()["State"]["Running"])

    def address(self, container: str, network: str) -> str:
        """Its address on the network; empty when it runs no more."""
        networks = self.inspect(container)["NetworkSettings"]["Networks"]
        return str(networks[network]["IPAddress"])

    def attached(self, network: str) -> list[dict[str, Any]]:
        """`id`, `labels` and `address` there of this world's containers that run."""
        found = self._list("/containers/json", [f"{WORLD}={self.world}"])
        return [
            {"id": each["Id"], "labels": each["Labels"], "address": at["IPAddress"]}
            for each in found
            if (at := each["NetworkSettings"]["Networks"].get(network))
        ]

    def wait(self, container: str) -> Exit:
        """Blocks until it ends."""
        answer = self._call("POST", f"/containers/{container}/wait", 404)
        if answer.status_code == 404:
            return Exit(137)
        code = answer.json()["StatusCode"]
        state = self._call("GET", f"/containers/{container}/json", 404)
        killed = state.status_code != 404 and state.json()["State"]["OOMKilled"]
        return Exit(code, out_of_memory=killed)

    def lines(self, container: str) -> Iterator[tuple[str, str, str]]:
        """(stdout or stderr, time, text) of every line, until the container ends."""
        query = {"follow": True, "stdout": True, "stderr": True, "timestamps": True}
        path = f"/containers/{container}/logs"
        with self._client.stream("GET", path, params=query) as answer:
            if answer.status_code == 200:
                yield from lines(frames(answer.iter_raw()))

    def execute(self, container: str, argv: list[str], stdin: str = "") -> str:
        """What a program in the container prints.

        Raises:
            DockerError: it failed; the message is what it wrote to stderr.
        """
        command = ["docker", "exec", "-i", container, *argv]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DockerError(f"{argv[0]}: {done.stderr.strip()}")
        return done.stdout

    def owned(self, role: str | None = None) -> list[str]:
        """The ids of this world's containers."""
        labels = [f"{WORLD}={self.world}", *([f"{ROLE}={role}"] if role else [])]
        return [found["Id"] for found in self._list("/containers/json", labels, all=True)]

    def _list(self, path: str, labels: list[str], **query: Any) -> list[dict[str, Any]]:
        filters = httpx.QueryParams(query).merge({"filters": json.dumps({"label": labels})})
        found: list[dict[str, Any]] = self._call("GET", path, params=filters).json()
        return found

    # Networks and images

    def create_network(self, name: str, config: dict[str, Any]) -> None:
        body = {"Name": name, "Labels": self._labels, "IPAM": {"Config": [config]}}
        self._call("POST", "/networks/create", json=body)

    def subnets(self) -> list[str]:
        """Of every network of the engine, also those of others."""
        found = self._call("GET", "/networks").json()
        configs = [c for network in found for c in network["IPAM"]["Config"] or []]
        return [config["Subnet"] for config in configs if "Subnet" in config]

    def image(self, reference: str) -> dict[str, Any] | None:
        answer = self._call("GET", f"/images/{reference}/json", 404)
        return None if answer.status_code == 404 else dict(answer.json())

    def pull(self, reference: str) -> None:
        answer = self._call("POST", "/images/create", params={"fromImage": reference})
        if '"error"' in answer.text:
            raise DockerError(answer.text.strip().splitlines()[-1])

    def forget_images(self, registry: str) -> None:
        """Takes away what was built for that registry or pulled from it (`host:port`)."""
        for image in self._call("GET", "/images/json", params={"digests": True}).json():
            names = (image.get("RepoTags") or []) + (image.get("RepoDigests") or [])
            for name in names:
                if name.startswith(f"{registry}/"):
                    self._call("DELETE", f"/images/{name}", 404, 409)

    def clear(self) -> None:
        """Removes whatever carries this world's label."""
        self._clear(f"{WORLD}={self.world}")

    def clear_abandoned(self) -> None:
        """Removes worlds whose process was killed before it could do so itself."""
        containers = self._list("/containers/json", [OWNER], all=True)
        found = {held["Labels"][OWNER] for held in (*containers, *self._list("/networks", [OWNER]))}
        for abandoned in filter(is_gone, found):
            self._clear(f"{OWNER}={abandoned}")

    def _clear(self, label: str) -> None:
        for container in self._list("/containers/json", [label], all=True):
            self.remove(container["Id"])
        for network in self._list("/networks", [label]):
            self._call("DELETE", f"/networks/{network['Id']}", 404, 403)
