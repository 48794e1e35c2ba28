"""Which release the stages are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Builder = Literal["local", "cloud"]


@dataclass(frozen=True)
class Release:
    """One release of one environment: what the stages need to know beside the deployment."""

    id: str
    """``r261121-193012``: lower-case letters, digits and hyphens."""
    account: str
    """The cloud's own project or account that everything is made in."""
    attempt: int = 1
    """A release that died is done again under the same id."""
    died: bool = False
    """The one before it died or failed, maybe with the state locked."""
    dockerfile: str = "Dockerfile"
    """Below the project's root, which is the build context."""
    builder: Builder = "local"
    """Who builds the image: the Docker engine of this machine, or the cloud."""
    infrastructure: str = "infrastructure"
    """The folder of the Terraform configuration, below the project's root."""
    configuration: str = ""
    """A fingerprint of that folder: what was made from the same one is not made again."""
    reapply: bool = False
    """Make it again although it was made from the same one."""
    allow_loss: bool = False
    """Somebody agreed to lose data of the infrastructure."""
    terraform: str = "terraform"
    """``terraform`` or ``tofu``."""
    canary: tuple[int, ...] = ()
    """Per cent of the traffic, step by step, before all of it."""
    bake: int = 60
    """Seconds between two steps of a canary."""
    page: str = "/"
    """The path of the page that is asked for before anybody is sent there."""
    patience: int = 60
    """Seconds for the new revision to answer as it must."""
