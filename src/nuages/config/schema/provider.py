"""Where a project may be deployed: what people call it, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Provider:
    """A target by its own name, the names people use for it, and what it brings along."""

    name: str
    aliases: tuple[str, ...]
    storage: Literal["gcs", "s3", "local"]
    region: str
    """Used when nuages.yaml names none; empty where a region means nothing."""
    pipelines: tuple[str, ...] = ("github-actions",)
    """Whose files can be written for it."""
    exporters: tuple[str, ...] = ()
    """What OpenTelemetry needs besides its own packages, to be let in there."""
    by_the_hour: bool = True
    """Every server is billed, used or not."""
    pooler: bool = True
    """A pool of connections may stand in front of the database there."""


PROVIDERS = (
    Provider(
        "cloud_run",
        ("gcp", "google", "google-cloud", "cloud-run"),
        "gcs",
        "europe-west1",
        ("github-actions", "cloud-build"),
        ("opentelemetry-exporter-credential-provider-gcp",),
        pooler=False,
    ),
    Provider("gke", ("gke-autopilot", "kubernetes"), "gcs", "europe-west1"),
    Provider("ecs", ("aws", "amazon", "fargate", "ecs-fargate"), "s3", "eu-west-1"),
    Provider(
        "docker_host",
        ("docker", "docker-host", "compose", "server", "vps"),
        "local",
        "",
        by_the_hour=False,
    ),
)
DEFAULT = PROVIDERS[-1]
NAMES = tuple(sorted({name for p in PROVIDERS for name in (p.name, *p.aliases)}))


def provider(written: str | None) -> Provider:
    """Return the provider of that name or alias; any Docker host when none is said."""
    for found in PROVIDERS:
        if written in (found.name, *found.aliases):
            return found
    return DEFAULT
