"""Pipelines: what proves the project, and what a target adds to that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nuages import __version__
from nuages.artifacts import Artifact
from nuages.artifacts import stores as containers
from nuages.artifacts.dockerfile import python_tag
from nuages.artifacts.render import render
from nuages.artifacts.wired import stores
from nuages.config.pipeline import Pipeline
from nuages.config.schema.config import PRODUCTION
from nuages.model import Deployment

BRANCH = "main"
MACHINE = "ubuntu-24.04"
# By commit, as a tag can be moved: https://docs.github.com/en/actions/reference/security/secure-use
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1"
UV = "astral-sh/setup-uv@20cfd1bf945f4377ade1205e4dbc17946fc9a30d  # v10.0.1"
PASSWORD = "test"  # noqa: S105 -- of a database that lives as long as the tests
_HEALTH = {
    "postgresql": "pg_isready --host=127.0.0.1",
    "mysql": "mysqladmin ping --protocol=tcp --host=127.0.0.1",
}
_PORTS = {"postgresql": 5432, "mysql": 3306}


@dataclass(frozen=True)
class Release:
    """What a target adds to a workflow of GitHub: steps, indented as they stand in a job."""

    plan: str
    deploy: str
    planner: str
    """The variable of the repository that names the account of the plan; unset, none is made."""
    requirement: str
    """What Nuages is installed by."""


def workflow(deployment: Deployment, pipeline: Pipeline, release: Release | None) -> Artifact:
    """GitHub's: tests on every pull request; with a release, the main branch is deployed."""
    title = "deploy" if release else "tests"
    text = render(
        "ci/github.yaml.j2",
        title=title,
        stage=deployment.environment,
        machine=MACHINE,
        actions={"checkout": CHECKOUT, "uv": UV},
        release=release,
        nuages=release.requirement if release else requirement(),
        **tests(deployment, pipeline),
    )
    return Artifact(f".github/workflows/{title}{suffix(deployment, '-')}.yaml", text)


def tests(deployment: Deployment, pipeline: Pipeline) -> dict[str, Any]:
    """What proves the project, as every pipeline says it; hosts are named as the services."""
    return {
        "name": deployment.name,
        "branch": BRANCH,
        "image": f"python:{python_tag(pipeline.python, slim=False)}",
        "packages": list(pipeline.packages),
        "lines": [*pipeline.install, *pipeline.lint, *pipeline.test],
        "services": _services(deployment, pipeline),
        "environment": sorted(_environment(deployment, pipeline).items()),
    }


def requirement(extra: str = "") -> str:
    """This very Nuages, so that a release next month is made as today's."""
    return f"nuages{extra}=={__version__}"


def suffix(deployment: Deployment, mark: str) -> str:
    """What tells an environment's files from production's."""
    production = deployment.environment == PRODUCTION
    return "" if production else f"{mark}{deployment.environment}"


def _services(deployment: Deployment, pipeline: Pipeline) -> list[dict[str, Any]]:
    database, cache = deployment.database, deployment.cache
    found = []
    server = containers.database(database) if pipeline.database else None
    if database and server:
        values = {
            "name": "database",
            "image": server["image"],
            "environment": _initial(database.engine, database.name, database.user),
            "health": _HEALTH[database.engine],
            "port": _PORTS[database.engine],
        }
        found.append(values)
    store = containers.cache(cache, is_broker=False) if pipeline.cache else None
    if store:
        health = f"{store['client']} ping"
        extra = {"environment": [], "health": health, "port": 6379}
        found.append({"name": "cache", "image": store["image"], **extra})
    return found


def _initial(engine: str, name: str, user: str) -> list[tuple[str, str]]:
    """The user makes the database of the tests itself, which takes a superuser."""
    if engine == "mysql":
        return [("MYSQL_DATABASE", name), ("MYSQL_ROOT_PASSWORD", PASSWORD)]
    return [("POSTGRES_DB", name), ("POSTGRES_PASSWORD", PASSWORD), ("POSTGRES_USER", user)]


def _environment(deployment: Deployment, pipeline: Pipeline) -> dict[str, str]:
    """Placeholders for what the settings demand, and the services by the project's own names."""
    database = deployment.database if pipeline.database else None
    if database and database.engine == "mysql":
        database = replace(database, user="root")
    parts = stores(database, deployment.cache if pipeline.cache else None, PASSWORD)
    wiring = {name: part for name, part in deployment.wiring.items() if part in parts}
    asked = {name for name in wiring if name in pipeline.environment}
    asked |= {name for store in ("database", "cache") for name in _sufficient(store, wiring)}
    return {**pipeline.environment, **{name: parts[wiring[name]] for name in asked}}


def _sufficient(store: str, wiring: Mapping[str, str]) -> list[str]:
    """One URL says it all; whoever tests how variables win over one another sets the others."""
    urls = [name for name, part in wiring.items() if part == f"{store}.url"]
    urls.sort(key=lambda name: name not in {"DATABASE_URL", "REDIS_URL"})
    every = [name for name, part in wiring.items() if part.startswith(f"{store}.")]
    return urls[:1] or every
