"""The steps of a first release as a dry run prints them: the same, with placeholders."""

from __future__ import annotations

from dataclasses import dataclass

from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs
from nuages.targets.target import Target


@dataclass(frozen=True)
class PlannedStep:
    label: str
    does: str


@dataclass(frozen=True)
class PlannedStage:
    name: str
    title: str
    steps: tuple[PlannedStep, ...]


def planned(target: Target, deployment: Deployment, release: Release) -> tuple[PlannedStage, ...]:
    """Every stage that has something to do, of a release that nothing was made for before."""
    nothing = Outputs(dry=True)
    stages = (*target.preparation(deployment, release), *target.release(deployment, release))
    found = (
        PlannedStage(
            stage.name,
            stage.title,
            tuple(PlannedStep(step.label, str(step)) for step in stage.steps(nothing)),
        )
        for stage in stages
    )
    return tuple(stage for stage in found if stage.steps)
