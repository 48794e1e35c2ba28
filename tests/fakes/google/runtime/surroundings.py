"""What surrounds a container at Google: names, trust, and an account of its own.

The names of the APIs lead to the world, whose authority stands among those that the container
trusts: in the files that OpenSSL (SSL_CERT_FILE) and requests (REQUESTS_CA_BUNDLE) are told of.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import certifi

from ..discovery import APIS, api
from .archive import File
from .authority import Authority
from .container import Spec
from .docker import Docker
from .doors import METADATA, PRIVATE, Apis, Metadata
from .metadata import Asking
from .network import Network

Json = dict[str, Any]
ACCOUNT, PLACE = "nuages.google.account", "nuages.google.place"
BUNDLE = "/etc/google-world/authorities.pem"
NAMES = sorted({api(name).host for name in APIS})


class Surroundings:
    """Of all containers of a world. `address` is where the APIs listen on this machine, and
    `authority` the certificate of who signed theirs.
    """

    def __init__(self, docker: Docker, network: Network) -> None:
        self._docker, self._network = docker, network
        authority = Authority("Google of a test")
        self._pair = authority.issue(NAMES[0], NAMES)
        self.authority = authority.certificate
        self._bundle = certifi.contents().encode() + b"\n" + self.authority

    def start(self, world: Any) -> tuple[int, int]:
        """Opens the doors: the ports, at the network's gateway, of the metadata and the APIs."""
        self._project_number = world.project_number
        address, router = self._network.gateway, self._network.router
        self._apis = Apis(world, address, router, self._pair)
        self._metadata = Metadata(world, address, router, self.asking)
        self.address = (address, self._apis.port)
        return self._metadata.port, self._apis.port

    def stop(self) -> None:
        self._apis.stop()
        self._metadata.stop()

    def furnished(self, spec: Spec, template: Json, name: str) -> Spec:
        """`name` is the full one of what runs; it holds the region."""
        default = f"{self._project_number}-compute@developer.gserviceaccount.com"
        labels = {ACCOUNT: template.get("serviceAccount") or default, PLACE: name.split("/")[3]}
        hosts = [f"{each}:{PRIVATE}" for each in NAMES]
        hosts += [f"{each}:{METADATA}" for each in ("metadata.google.internal", "metadata")]
        trust = [f"SSL_CERT_FILE={BUNDLE}", f"REQUESTS_CA_BUNDLE={BUNDLE}"]
        body = {
            **spec.body,
            "Labels": labels,
            "Env": [*trust, *spec.body["Env"]],
            "HostConfig": {**spec.body["HostConfig"], "ExtraHosts": hosts},
        }
        return replace(spec, body=body, files={**spec.files, BUNDLE: File(self._bundle)})

    def asking(self, address: str) -> Asking | None:
        """The container that has that address on the network."""
        for found in self._docker.attached(self._network.name):
            if found["address"] == address and ACCOUNT in found["labels"]:
                labels = found["labels"]
                return Asking(labels[ACCOUNT], labels[PLACE], found["id"])
        return None
