"""A real registry on loopback: `docker push` works, and its digests are real.

Debian's package `docker-registry` is the reference implementation (distribution).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import httpx

from .ports import Ports

_CONFIGURATION = """\
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {folder}}}
  delete: {{enabled: true}}
http: {{addr: "127.0.0.1:{port}"}}
"""
# Ends with whoever started it, however that ends: then its standard input is closed.
_WATCHED = '"$@" & read -r _; kill $!; wait'
_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)


class Registry:
    """Images are named `127.0.0.1:PORT/project/repository/image`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.host = ""

    def start(self) -> None:
        """
        Raises:
            RuntimeError: the program is missing, or does not answer.
        """
        program = shutil.which("docker-registry") or shutil.which("registry")
        if program is None:
            raise RuntimeError("docker-registry is missing: apt-get install docker-registry")
        self._folder.mkdir(parents=True, exist_ok=True)
        port = Ports(self._folder / "ports.json").port("registry")
        configuration = self._folder / "config.yml"
        configuration.write_text(_CONFIGURATION.format(folder=self._folder / "data", port=port))
        self.host = f"127.0.0.1:{port}"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("REGISTRY_")}
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _WATCHED, "sh", program, "serve", configuration],
                **{"stdin": subprocess.PIPE, "stdout": log, "stderr": log, "env": environment},
            )
        self._await()

    def _await(self) -> None:
        for _ in range(400):
            try:
                httpx.get(f"http://{self.host}/v2/", timeout=1).raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError((self._folder / "log").read_text())

    def forget(self) -> None:
        """Drops every image; their layers stay, so that the next push need not bring them."""
        for manifests in self._folder.glob("data/docker/registry/v2/repositories/**/_manifests"):
            shutil.rmtree(manifests)

    @property
    def running(self) -> bool:
        return self._process is not None

    def stop(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()
            self._process.wait()
            self._process = None

    def digest(self, image: str) -> str | None:
        """`sha256:…` of an image of this registry; None when it has no such image."""
        name, reference = split(image)
        if not name.startswith(f"{self.host}/"):
            return None
        path = f"http://{self.host}/v2/{name.removeprefix(self.host + '/')}/manifests/{reference}"
        answer = httpx.head(path, headers={"Accept": _MANIFESTS})
        return answer.headers.get("Docker-Content-Digest") if answer.is_success else None

    def tags(self, repository: str) -> list[str]:
        """Of `project/repository/image`."""
        answer = httpx.get(f"http://{self.host}/v2/{repository}/tags/list")
        return sorted(answer.json().get("tags") or []) if answer.is_success else []

    def images(self) -> list[str]:
        """Every `project/repository/image` that holds something."""
        found = httpx.get(f"http://{self.host}/v2/_catalog", params={"n": 1000}).json()
        return [name for name in found["repositories"] if self.tags(name)]


def split(image: str) -> tuple[str, str]:
    """An image's name, and its tag or digest (`latest` when it says none)."""
    name, at, digest = image.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return head + slash + last, digest if at else tag or "latest"
