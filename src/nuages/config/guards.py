"""What keeps a site from harm: labels, protection, a budget, and who releases it."""

from __future__ import annotations

from typing import Any

from nuages.config.schema.manifest import Manifest
from nuages.model import Budget, Deployer, Trigger


def guards(said: Manifest) -> dict[str, Any]:
    """Their fields of the deployment."""
    return {
        "labels": dict(said.labels or {}),
        "deletion_protection": said.deletion_protection is not False,
        "budget": _budget(said),
        "trigger": _trigger(said),
        "deployer": _deployer(said),
    }


def _budget(said: Manifest) -> Budget | None:
    budget = said.budget
    if budget is None:
        return None
    return Budget(budget.amount, budget.currency or "USD", budget.account)


def _trigger(said: Manifest) -> Trigger | None:
    trigger = said.trigger
    if trigger is None:
        return None
    return Trigger(trigger.repository, trigger.branch or "main", bool(trigger.approval))


def _deployer(said: Manifest) -> Deployer | None:
    """A trigger needs one, too."""
    deployer = said.deployer
    if deployer is None:
        return Deployer() if said.trigger else None
    environment = deployer.environment or "production"
    return Deployer(deployer.repository, deployer.repository_id, environment)
