"""A revision that only the network reaches is asked by a job in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from nuages.errors import ProofFailed
from nuages.model import Deployment
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Probe, Step
from nuages.targets.cloud_run import logs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.reach import PROBE
from nuages.targets.cloud_run.release import jobs

_LATEST = 120
"""Seconds in which the job itself starts, and its last answer comes."""
_TITLE = "Ask it from inside the network"


def question(probe: Probe) -> str:
    """What the job is told; see ``scripts/asked.py``."""
    asked = [{"path": each.path, "statuses": list(each.statuses)} for each in probe.questions]
    told = {"url": probe.url, "audience": probe.audience, "patience": probe.patience}
    return json.dumps({**told, "questions": asked})


def stages(
    deployment: Deployment, places: Places, probe: Callable[[Outputs], Probe]
) -> tuple[Stage, ...]:
    """The job gets the new image, is started, and its answer judged."""

    def start(outputs: Outputs) -> Sequence[Step]:
        return [jobs.start(places, PROBE, {"args": [question(probe(outputs))]})]

    def end(outputs: Outputs) -> Sequence[Step]:
        patience = probe(outputs).patience + _LATEST
        return [jobs.end(places, PROBE, jobs.started(PROBE, outputs), patience)]

    return (
        *jobs.renewed(deployment, places, "probe", [PROBE]),
        Stage("probe", _TITLE, start),
        Stage("probe:wait", _TITLE, end),
        Stage("probe:log", _TITLE, lambda o: _log(places, o)),
        Stage("probe:judge", _TITLE, judge),
    )


def _log(places: Places, outputs: Outputs) -> Sequence[Step]:
    if not jobs.failed(PROBE, outputs):
        return []
    name = outputs.text(f"execution:{PROBE}", "name")
    return [logs.of_execution(places, name, output=f"log:{PROBE}")]


def judge(outputs: Outputs) -> Sequence[Step]:
    """Nothing to do where every answer was right; raises ProofFailed with the wrong one."""
    if not jobs.failed(PROBE, outputs):
        return []
    lines = logs.lines(outputs.mapping(f"log:{PROBE}"))
    said = [line for line in lines if " answers " in line]
    raise ProofFailed(
        said[-1] if said else "The job that asks the new revision failed",
        hint="Nobody was sent there. `nuages logs` shows what the site said; the network needs "
        "Private Google Access in its subnet.",
        detail="\n".join(line for line in lines[-20:] if line not in said[-1:]),
        reason="candidate-failed",
    )
