"""The world's private network: a Docker network of its own, and every address in 10.0.0.0/15 on it.

fakecloud makes up private addresses there (values.py, `private_ip`). Worlds run side by side and
Docker refuses networks that overlap, so no network has that subnet: each world has a small one
whose default gateway is a container of the world, to which the whole of 10.0.0.0/15 is local.
Databases and caches share that container's network namespace and listen at their own address;
everything else goes on to the engine's gateway.
"""

from __future__ import annotations

import contextlib
import inspect
import ipaddress
import itertools
import random
import subprocess
from collections.abc import Iterator, Sequence

from . import gateway
from .docker import Docker, DockerError

# RFC 6598, the shared address space: what engines and machines use least for themselves.
POOL = ipaddress.ip_network("100.64.0.0/10")
IMAGE = "python:3.13-slim"


class Network:
    """The network of one world."""

    def __init__(self, docker: Docker) -> None:
        self._docker = docker
        self.name = f"nuages-{docker.world}"
        self.gateway = ""
        self.subnet = ipaddress.ip_network("0.0.0.0/32")
        self._router = ""

    @property
    def router(self) -> str:
        """The address that containers are told is their gateway."""
        return str(self.subnet[2])

    def start(self, doors: Sequence[tuple[str, int, int]] = ()) -> None:
        """Makes the router, which hands on what comes to those addresses.

        Args:
            doors: address, port, and the port at the engine's gateway that it is handed on to.
        """
        source = inspect.getsource(gateway)
        handed = [":".join(map(str, door)) for door in doors]
        self._router = self._docker.run(
            "gateway",
            {
                "Image": IMAGE,
                "Cmd": ["python", "-c", source, self.gateway, self.router, *handed],
                "HostConfig": {
                    "NetworkMode": self.name,
                    "CapAdd": ["NET_ADMIN"],
                    "Sysctls": {"net.ipv4.ip_forward": "1"},
                    "Init": True,
                },
            },
        )
        self._await_router()

    def _await_router(self) -> None:
        """It prints one line when the addresses are there."""
        if next(self._docker.lines(self._router), None) is None:
            raise RuntimeError("the gateway of the private network did not start")

    def create(self) -> None:
        """Makes the network, and with it the engine's gateway, where this machine can listen.

        The first free subnet, from a random place on; others may take it at the same time.
        """
        taken = [ipaddress.ip_network(subnet) for subnet in self._docker.subnets()]
        candidates = list(itertools.islice(POOL.subnets(new_prefix=24), 2000))
        random.shuffle(candidates)
        for subnet in candidates:
            if any(subnet.version == t.version and subnet.overlaps(t) for t in taken):
                continue
            try:
                self._docker.create_network(self.name, _config(subnet))
            except DockerError as refusal:
                if "overlaps" not in str(refusal):
                    raise
                continue
            self.subnet, self.gateway = subnet, str(subnet[1])
            return
        raise RuntimeError("no free subnet is left for the world's network")

    def attached(self) -> dict[str, object]:
        """What a container of Cloud Run has in its HostConfig."""
        return {"NetworkMode": self.name}

    def addressed(self) -> dict[str, object]:
        """What a server at a private address has in its HostConfig."""
        return {"NetworkMode": f"container:{self._router}"}

    @contextlib.contextmanager
    def joined(self, address: str) -> Iterator[None]:
        """This machine reaches one private address, as a VPN into the network would let it."""
        way = [
            "ip",
            "route",
            "{}",
            f"{address}/32",
            "via",
            self._docker.address(self._router, self.name),
        ]
        subprocess.run([word.format("add") for word in way], check=True)
        try:
            yield
        finally:
            subprocess.run([word.format("del") for word in way], check=True)

    def inside(self, address: str) -> bool:
        """Whether a request from there comes from the network."""
        return ipaddress.ip_address(address) in self.subnet and address != self.gateway


def _config(subnet: ipaddress.IPv4Network) -> dict[str, object]:
    return {
        "Subnet": str(subnet),
        "Gateway": str(subnet[1]),
        # libnetwork's own name for it: the bridge keeps .1, containers are told .2.
        "AuxiliaryAddresses": {"DefaultGatewayIPv4": str(subnet[2])},
    }
