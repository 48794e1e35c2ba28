"""The order of a release: nothing is shown to anybody before it has been asked and has answered.

Network, stores, secrets and jobs come first, then the database's own role, migrations, and only
then the service; see the traps of the plan of record in docs/adr/0007.
"""

from __future__ import annotations

from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Stage
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.reach import PROBE
from nuages.targets.cloud_run.release import (
    canary,
    cloud_build,
    image,
    infrastructure,
    jobs,
    keys,
    revision,
    traffic,
    uploads,
    workers,
)
from nuages.targets.cloud_run.values import values


def stages(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """Every stage from the image to the last worker."""
    return (
        infrastructure.look(places),
        *_image(places, release),
        *infrastructure.unlocked(places, release),
        *uploads.stages(deployment, places, release),
        *infrastructure.before(deployment, places, release),
        keys.url(deployment, places),
        *_database(deployment, places, release),
        *infrastructure.after(deployment, places, release),
        *revision.stages(deployment, places, release),
        *canary.stages(places, release),
        traffic.shift(places),
        *traffic.opening(places, public=deployment.network.public),
        workers.stage(deployment, places, release),
        *jobs.renewed(deployment, places, "rest", _others(deployment)),
    )


def _image(places: Places, release: Release) -> tuple[Stage, ...]:
    """Built here or in the cloud; its digest is known afterwards."""
    cloud = release.builder == "cloud"
    return cloud_build.stages(places, release) if cloud else (image.stage(release),)


def rollback(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """The same as the end of a release, with what an earlier one was made of."""
    return (
        *traffic.again(places),
        workers.stage(deployment, places, release),
        *jobs.renewed(deployment, places, "all", [*_ahead(deployment), *_others(deployment)]),
    )


def _database(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """What has to be done before the new code may run, each of it once."""
    ahead = _ahead(deployment)
    times = {name: each["timeout"] for name, each in values(deployment)["jobs"].items()}
    ran = (
        stage
        for name in ahead
        for stage in jobs.once(places, release, name, times[name], f"Run {name}")
    )
    return (*jobs.renewed(deployment, places, "ahead", ahead), *ran)


_AHEAD = ("db-init", "migrate", "collectstatic")


def _ahead(deployment: Deployment) -> list[str]:
    return [name for name in _AHEAD if name in values(deployment)["jobs"]]


def _others(deployment: Deployment) -> list[str]:
    return [name for name in values(deployment)["jobs"] if name not in (*_AHEAD, PROBE)]
