"""Images by digest, from the world's registry."""

from __future__ import annotations

from typing import Any

from ..protocol import NotReady
from .container import Image
from .docker import Docker, DockerError
from .registry import Registry, split

Json = dict[str, Any]
# What Google offers for a service that has no image of its own yet.
PLACEHOLDER = "us-docker.pkg.dev/cloudrun/container/"


class Images:
    def __init__(self, docker: Docker, registry: Registry) -> None:
        self._docker, self._registry = docker, registry

    def resolve(self, image: str) -> Image:
        """The very image that the registry has under that name now.

        Raises:
            NotReady: it has none, in Cloud Run's words.
        """
        digest = self._registry.digest(image)
        if digest is None:
            raise NotReady(f"Image '{image}' not found.")
        reference = f"{split(image)[0]}@{digest}"
        found = self._docker.image(reference) or self._pulled(reference)
        configured = found["Config"]
        return Image(
            reference,
            tuple(configured.get("Entrypoint") or ()),
            tuple(configured.get("Cmd") or ()),
        )

    def _pulled(self, reference: str) -> Json:
        try:
            self._docker.pull(reference)
        except DockerError as refusal:
            raise NotReady(f"Image '{reference}' cannot be pulled: {refusal}") from refusal
        found = self._docker.image(reference)
        assert found is not None
        return found

    def listed(self, repository: str) -> list[Json]:
        """DockerImage of artifactregistry.v1 for each digest of `project/repository`."""
        found: list[Json] = []
        for name in self._registry.images():
            if name.startswith(f"{repository}/"):
                found += self._of(name)
        return found

    def _of(self, name: str) -> list[Json]:
        by_digest: dict[str, list[str]] = {}
        for tag in self._registry.tags(name):
            digest = self._registry.digest(f"{self._registry.host}/{name}:{tag}")
            by_digest.setdefault(str(digest), []).append(tag)
        return [
            {"uri": f"{self._registry.host}/{name}@{digest}", "tags": tags}
            for digest, tags in by_digest.items()
        ]
