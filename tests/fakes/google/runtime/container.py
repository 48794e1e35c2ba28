"""A container of Cloud Run, as the engine is asked for it. Pure.

https://cloud.google.com/run/docs/container-contract
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .archive import File

Json = dict[str, Any]
Secret = Callable[[str, str], bytes]
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


class Unsupported(Exception):
    """What the API takes and this runtime does not run."""


@dataclass(frozen=True, slots=True)
class Image:
    """What is started: `reference` by digest; `entrypoint` and `command` are its own."""

    reference: str
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """The body of the engine's request, and the files that secret volumes bring."""

    body: Json
    files: Mapping[str, File] = field(default_factory=dict)


def main_container(template: Json) -> Json:
    """The one that is run.

    Raises:
        Unsupported: there are sidecars.
    """
    containers: list[Json] = template["containers"]
    if len(containers) != 1:
        raise Unsupported("sidecars are not run here: one container in a template")
    return containers[0]


def spec(
    template: Json, image: Image, environment: Mapping[str, str], secret: Secret, host: Json
) -> Spec:
    """`environment` is what Cloud Run sets itself; `host` the engine's HostConfig to begin with."""
    container = main_container(template)
    files, mounts = _volumes(template, container, secret)
    env = {**_environment(container, secret), **environment}
    entrypoint = container.get("command") or list(image.entrypoint)
    # As in Kubernetes: a command of its own puts away the image's arguments too.
    arguments = container.get("args") or ([] if container.get("command") else list(image.command))
    body: Json = {
        "Image": image.reference,
        "Entrypoint": entrypoint,
        "Cmd": arguments,
        "Env": [f"{name}={value}" for name, value in env.items()],
        # Cloud Run has probes of its own and does not look at the image's.
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {**host, **limits(container), **mounts, "Init": False},
    }
    if "workingDir" in container:
        body["WorkingDir"] = container["workingDir"]
    return Spec(body, files)


def limits(container: Json) -> Json:
    """Memory in bytes without swap, CPU in billionths; no more CPU than this machine has."""
    asked = container.get("resources", {}).get("limits", {})
    memory = amount(asked.get("memory", "512Mi"))
    cpus = min(cpu(asked.get("cpu", "1")), os.cpu_count() or 1)
    return {"Memory": memory, "MemorySwap": memory, "NanoCpus": int(cpus * 10**9)}


def amount(quantity: str) -> int:
    """Bytes of a Kubernetes quantity: `512Mi`, `1G`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]*)", quantity)
    if not found or found[2] not in _UNITS:
        raise ValueError(f"{quantity!r} is no quantity of memory")
    return int(float(found[1]) * _UNITS[found[2]])


def cpu(quantity: str) -> float:
    """CPUs of `1`, `0.5`, `500m`."""
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


def seconds(duration: str | None, default: float) -> float:
    """Of a protobuf duration in JSON: `600s`."""
    return float(duration.removesuffix("s")) if duration else default


def port(container: Json) -> int:
    ports = container.get("ports") or [{}]
    return int(ports[0].get("containerPort", 8080))


def _environment(container: Json, secret: Secret) -> dict[str, str]:
    found = {}
    for entry in container.get("env", []):
        reference = entry.get("valueSource", {}).get("secretKeyRef")
        if reference:
            value = secret(reference["secret"], reference.get("version") or "latest")
            found[entry["name"]] = value.decode()
        else:
            found[entry["name"]] = entry.get("value", "")
    return found


def _volumes(template: Json, container: Json, secret: Secret) -> tuple[dict[str, File], Json]:
    volumes = {volume["name"]: volume for volume in template.get("volumes", [])}
    files: dict[str, File] = {}
    in_memory: dict[str, str] = {}
    for mount in container.get("volumeMounts", []):
        volume, path = volumes[mount["name"]], mount["mountPath"].rstrip("/")
        if "secret" in volume:
            files.update(_secret_files(volume["secret"], path, secret))
        elif "gcs" in volume:
            in_memory[path] = _owner(volume["gcs"].get("mountOptions", []))
        elif "emptyDir" in volume:
            in_memory[path] = "rw,mode=1777"
    return files, {"Tmpfs": in_memory} if in_memory else {}


def _owner(options: list[str]) -> str:
    """Whose a mounted bucket is: root's, whom alone it lets write, unless its options say so.

    https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts
    """
    said = dict(option.partition("=")[::2] for option in options)
    return f"rw,uid={said.get('uid', 0)},gid={said.get('gid', 0)},mode={said.get('dir-mode', 755)}"


def _secret_files(source: Json, folder: str, secret: Secret) -> dict[str, File]:
    name = source["secret"]
    items = source.get("items") or [{"path": name.rsplit("/", 1)[-1], "version": "latest"}]
    return {
        f"{folder}/{item['path']}": File(secret(name, item.get("version") or "latest"))
        for item in items
    }
