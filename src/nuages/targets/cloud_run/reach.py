"""From where the service can be asked, and the job that asks it where no laptop can.

Behind a load balancer or with ``ingress: internal`` nothing outside reaches a revision by its own
address: https://cloud.google.com/run/docs/securing/ingress. A job does, if all that it sends goes
through the network: https://cloud.google.com/run/docs/securing/private-networking.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from nuages.model import Deployment, Job
from nuages.targets.cloud_run import sizes

PROBE = "nuages-probe"
TIMEOUT = 1800
"""Seconds; how long it asks is said each time."""


def has_balancer(deployment: Deployment) -> bool:
    """As ``local.has_balancer`` of balancer.tf has it."""
    asked = deployment.cdn or deployment.waf or deployment.static == "bucket"
    return bool(deployment.domain or deployment.aliases or asked)


def is_closed(deployment: Deployment) -> bool:
    """Whether the service's own addresses answer inside the network only."""
    return deployment.network.ingress != "all" or has_balancer(deployment)


def job() -> Job:
    """Asks what its argument says; see ``release/scripts/asked.py``."""
    command = ("python", "-c", _script())
    return Job(PROBE, command, cpu=1, memory=sizes.LEAST_MEMORY, timeout=TIMEOUT)


@lru_cache(maxsize=1)
def _script() -> str:
    folder = files("nuages.targets.cloud_run").joinpath("release", "scripts")
    return folder.joinpath("asked.py").read_text("utf-8")
