"""Cloud Build on this machine's engine: the source unpacked, each step run, the images pushed.

https://cloud.google.com/build/docs/build-config-file-schema
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import GoogleError
from ..kinds import REPOSITORY
from .logs import Logs, now, payload
from .registry import Registry

if TYPE_CHECKING:
    from ..world import GoogleWorld

DOCKER = "gcr.io/cloud-builders/docker"
LOGS, PUSHES, READS = (
    "roles/logging.logWriter",
    "roles/artifactregistry.writer",
    "roles/storage.objectViewer",
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Builds:
    """The `builder` of a world."""

    world: GoogleWorld
    registry: Registry
    logs: Logs

    def __call__(self, build: Json, source: bytes | None) -> Json:
        """
        Raises:
            GoogleError: what the build fails with.
        """
        self._demand_rights(build)
        with tempfile.TemporaryDirectory(prefix="build-") as folder:
            with tarfile.open(fileobj=io.BytesIO(source or b""), mode="r:gz") as archive:
                archive.extractall(folder, filter="tar")
            for number, step in enumerate(build["steps"]):
                self._step(build, number, step, folder)
            for image in build.get("images", []):
                if self._run(build, ("docker", "push", image), folder, {}):
                    raise GoogleError(400, f'failed to push "{image}"')
        found = [(name, self.registry.digest(name)) for name in build.get("images", [])]
        return {"images": [{"name": name, "digest": digest} for name, digest in found]}

    def _step(self, build: Json, number: int, step: Json, folder: str) -> None:
        if step["name"] != DOCKER:
            raise GoogleError(400, f"This world has no builder {step['name']}")
        words = (word.replace("$$", "$") for word in step.get("args", []))
        variables = dict(each.split("=", 1) for each in step.get("env", []))
        if status := self._run(build, ("docker", *words), folder, variables):
            raise GoogleError(
                400,
                f'build step {number} "{DOCKER}" failed: step exited with non-zero status: '
                f"{status}",
            )

    def _run(
        self, build: Json, argv: tuple[str, ...], folder: str, variables: Mapping[str, str]
    ) -> int:
        with subprocess.Popen(
            argv,
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            for line in child.stdout or ():
                self._say(build, line.rstrip("\n"))
        return child.returncode

    def _say(self, build: Json, text: str) -> None:
        moment = now()
        self.logs.add(
            {
                "logName": f"projects/{self.world.project}/logs/cloudbuild",
                "resource": {
                    "type": "build",
                    "labels": {"project_id": self.world.project, "build_id": build["id"]},
                },
                "timestamp": moment,
                "receiveTimestamp": moment,
                **payload(text),
            }
        )

    def _demand_rights(self, build: Json) -> None:
        """An account of one's own may do what it was given, and nothing by itself."""
        account = build.get("serviceAccount")
        if account is None:
            return
        email = account.rsplit("/", 1)[-1]
        source = build["source"]["storageSource"]
        place = f"projects/_/buckets/{source['bucket']}/objects/{source['object']}"
        for name, role in self._needed(build, source["bucket"]):
            if not self._has(name, role, f"serviceAccount:{email}", place):
                raise GoogleError(403, f"{email} does not have {role} on {name}")

    def _needed(self, build: Json, bucket: str) -> list[tuple[str, str]]:
        pushed = {
            name
            for name in self._repositories()
            for image in build.get("images", [])
            if image.startswith(f"{self.world.runtime.registry_uri(name)}/")
        }
        return [
            (f"projects/{self.world.project}", LOGS),
            (f"buckets/{bucket}", READS),
            *((name, PUSHES) for name in sorted(pushed)),
        ]

    def _repositories(self) -> list[str]:
        return self.world.resources.names(REPOSITORY)

    def _has(self, resource: str, role: str, member: str, place: str) -> bool:
        """A condition here can only be about how the name of an object begins."""
        return any(
            binding["role"] == role
            and member in binding["members"]
            and (
                "condition" not in binding
                or f'startsWith("{place[: place.rindex("/") + 1]}")'
                in binding["condition"]["expression"]
            )
            for binding in self.world.policies.get(resource).get("bindings", [])
        )
