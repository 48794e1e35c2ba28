"""A small image of our own, and the world that a runtime stands in, for its tests."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import ContainerRuntime

Json = dict[str, Any]
PARENT = "projects/jazz-club/locations/europe-west1"
SERVICE = f"{PARENT}/services/web"


class Nothing:
    """A store in which nothing is."""

    def list(self, kind: object) -> list[Json]:
        return []

    def names(self, kind: object) -> list[str]:
        return []


class World:
    """What a runtime asks of its world."""

    project, project_number = "jazz-club", "987654321098"
    resources = Nothing()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets: dict[tuple[str, str], bytes] = {}
        self.may_invoke: set[str] = {"allUsers"}
        self.ingresses: dict[str, str] = {}

    def secret(self, name: str, version: str) -> bytes | None:
        return self.secrets.get((name, version))

    def secret_names(self) -> list[str]:
        return [name for name, _ in self.secrets]

    def invokers(self, service: str) -> set[str]:
        return self.may_invoke

    def ingress(self, service: str) -> str:
        return self.ingresses.get(service, "INGRESS_TRAFFIC_ALL")

    def identity(self, token: str) -> Json | None:
        return {"email": "ci@jazz-club.iam.gserviceaccount.com"} if token == "good" else None


def push(runtime: ContainerRuntime, tag: str = "v1") -> str:
    """The tiny image in the world's registry, by digest."""
    repository = runtime.registry_uri(f"{PARENT}/repositories/nuages")
    name = f"{repository}/web"
    folder = Path(__file__).parent / "image"
    _docker("build", "--quiet", "--tag", f"{name}:{tag}", str(folder))
    _docker("push", "--quiet", f"{name}:{tag}")
    _docker("rmi", f"{name}:{tag}")
    return f"{name}@{runtime.registry.digest(f'{name}:{tag}')}"


def _docker(*arguments: str) -> None:
    subprocess.run(["docker", *arguments], check=True, capture_output=True)


def revision(image: str, short: str = "web-00001-abc", **container: Any) -> Json:
    return {
        "name": f"{SERVICE}/revisions/{short}",
        "containers": [{"image": image, "ports": [{"containerPort": 8000}], **container}],
    }


def variable(name: str, value: str) -> Json:
    return {"name": name, "value": value}


def execution(image: str, code: str, short: str = "migrate-abcde", **template: Any) -> Json:
    container = {"image": image, "command": ["python", "-uc"], "args": [code]}
    return {
        "name": f"{PARENT}/jobs/migrate/executions/{short}",
        "taskCount": 1,
        "template": {"containers": [container], "maxRetries": 0, **template},
    }


def eventually(holds: Callable[[], bool]) -> None:
    """Fails when it does not come true within ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
