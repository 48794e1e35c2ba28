"""One environment's estimate, with what would cost less."""

from __future__ import annotations

from dataclasses import dataclass

from nuages.estimate import Estimate, Saving, Traffic
from nuages.model import Deployment
from nuages.targets.savings import halving, savings
from nuages.targets.target import Target


@dataclass(frozen=True)
class Bill:
    """What a month of one environment costs, and why."""

    deployment: Deployment
    traffic: Traffic
    estimate: Estimate
    savings: tuple[Saving, ...]
    halving: tuple[Saving, ...]
    """Changes that halve it together, each saving the one after those before it."""


def bill(target: Target, deployment: Deployment, traffic: Traffic, *, free: bool) -> Bill:
    """Estimate a deployment, and again with every change that nuages.yaml could make."""

    def reckon(changed: Deployment) -> Estimate:
        return target.estimate(changed, traffic, free=free)

    return Bill(
        deployment,
        traffic,
        reckon(deployment),
        savings(deployment, reckon),
        halving(deployment, reckon),
    )
