"""All that a plan takes from the project, read once and kept until something changes.

Reading a project takes longer than everything else that Nuages adds to Terraform's own time. What
it gave is kept in ``.nuages``, beside the files that were drafted from it.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nuages.cli.unchanged import state
from nuages.deploy.draft import HOME, Draft
from nuages.effects import files
from nuages.errors import UsageError
from nuages.steps.configuration import Cause, Configuration

if TYPE_CHECKING:
    from nuages.checks.capacity import Budget

_KEPT = "prepared.json"


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    path: Path
    directory: str | None
    settings: str | None
    environment: str
    project: str | None


@dataclass(frozen=True)
class Prepared:
    """What is planned, and what is told beside the plan."""

    site: str
    environment: str
    provider: str
    region: str
    account: str
    configuration: Configuration
    draft: Draft
    capacity: Mapping[str, Any] | None
    cost: Mapping[str, Any] | None
    release: tuple[Mapping[str, Any], ...]
    """The stages of a release, with the labels of their steps."""


def prepared(options: Options) -> Prepared:
    """What was read before, if nothing has changed since; else what is read now."""
    if not options.path.is_dir():
        raise UsageError(f"{options.path} is not a folder.", hint="Name the project's folder.")
    root = options.path.resolve()
    kept = root / files.PRIVATE / HOME / options.environment / _KEPT
    key = _key(options, root)
    return _known(kept, key) or _keep(kept, key, _read(options, root))


def _key(options: Options, root: Path) -> dict[str, Any]:
    """What the reading depends on: the options, the files, who the account is taken from."""
    said = [str(each) for each in dataclasses.astuple(options)]
    accounts = {name: value for name, value in os.environ.items() if name.endswith("_PROJECT")}
    return {"asked": [*said, sorted(accounts.items())], "state": state(str(root))}


def _known(path: Path, key: Mapping[str, Any]) -> Prepared | None:
    try:
        found = json.loads(path.read_text("utf-8"))
        if json.loads(json.dumps(key)) != found["key"] or not Path(found["folder"]).is_dir():
            return None
        return _restored(found["said"], Path(found["folder"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, key: Mapping[str, Any], read: Prepared) -> Prepared:
    said = dataclasses.asdict(read)
    folder = str(said["draft"].pop("folder"))
    files.write_secret(path, json.dumps({"key": key, "folder": folder, "said": said}))
    return read


def _restored(said: dict[str, Any], folder: Path) -> Prepared:
    configuration, kept = said.pop("configuration"), said.pop("draft")
    causes = tuple(Cause(**each) for each in configuration.pop("causes"))
    return Prepared(
        configuration=Configuration(**configuration, causes=causes),
        draft=Draft(folder, **kept),
        **said,
    )


def _read(options: Options, root: Path) -> Prepared:
    from nuages.checks.capacity import connections
    from nuages.cli.releasing import site
    from nuages.deploy.drafting import draft
    from nuages.deploy.workspace import INFRASTRUCTURE, rendered

    found = site(root, *dataclasses.astuple(options)[1:])
    deployment = found.reading.deployment(private=not rendered(root))
    target, account = found.target, found.account
    artifacts = target.artifacts(deployment)
    return Prepared(
        site=deployment.name,
        environment=deployment.environment,
        provider=deployment.provider,
        region=deployment.region,
        account=account,
        configuration=target.configuration(deployment, account),
        draft=draft(root, options.environment, INFRASTRUCTURE, artifacts),
        capacity=_capacity(connections(deployment)),
        cost=_cost(target, deployment),
        release=_release(target, deployment, account),
    )


def _capacity(budget: Budget | None) -> Mapping[str, Any] | None:
    if budget is None:
        return None
    return {**dataclasses.asdict(budget), "fits": budget.fits, "words": str(budget)}


def _cost(target: Any, deployment: Any) -> Mapping[str, Any]:
    from nuages.estimate import usual

    found = target.estimate(deployment, usual(deployment.environment))
    return {
        "monthly": dataclasses.asdict(found.total),
        "groups": {name: dataclasses.asdict(each) for name, each in found.groups.items()},
        "dated": found.dated,
        "unpriced": found.unpriced,
    }


def _release(target: Any, deployment: Any, account: str) -> tuple[Mapping[str, Any], ...]:
    from nuages.deploy.dry_run import planned
    from nuages.steps.release import Release

    stages = planned(target, deployment, Release("‹release›", account))
    return tuple(
        {"title": stage.title, "steps": [step.label for step in stage.steps]} for stage in stages
    )
