"""The migrate job of a project some of whose apps have no migrations at all: pure."""

from __future__ import annotations

import shlex
from dataclasses import replace

from nuages.model import Deployment, Job


def synced(deployment: Deployment) -> Deployment:
    """The deployment whose migrate job makes the tables that no migration does.

    After all migrations, which these tables may refer to.
    """
    jobs = (_synced(job) if job.purpose == "migrate" else job for job in deployment.jobs)
    return replace(deployment, jobs=tuple(jobs))


def _synced(job: Job) -> Job:
    script = job.command[2] if job.command[:2] == ("/bin/sh", "-ec") else shlex.join(job.command)
    lines = script.splitlines()
    both = [*lines, *(f"{line} --run-syncdb" for line in lines)]
    return replace(job, command=("/bin/sh", "-ec", "\n".join(both)))
