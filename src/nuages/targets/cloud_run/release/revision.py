"""The revision that a release makes: its template, and the patch that sends nobody there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nuages.model import Deployment
from nuages.steps.release import Release
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Probe, Question, Request, Step
from nuages.targets.cloud_run.places import TAG, Places
from nuages.targets.cloud_run.reach import is_closed
from nuages.targets.cloud_run.release import containers, inside, traffic
from nuages.targets.cloud_run.values import values

PORT = 8000
_SHOWN = (200, 204, 301, 302, 303, 307, 308, 401, 403)
"""What a page may answer: itself, another place, or who is there."""
_START = 2
"""Seconds between two startup probes."""


def stages(deployment: Deployment, places: Places, release: Release) -> tuple[Stage, ...]:
    """The candidate, then the questions that it has to answer."""

    def candidate(outputs: Outputs) -> Sequence[Step]:
        return [_patch(deployment, places, release, outputs)]

    made = Stage("candidate", "Make the new revision, with no traffic", candidate)
    if is_closed(deployment):
        asked = inside.stages(deployment, places, lambda o: probe(deployment, release, o))
        return (made, *asked)
    return (made, Stage("probe", "Ask it", lambda o: [probe(deployment, release, o)]))


def _patch(deployment: Deployment, places: Places, release: Release, outputs: Outputs) -> Request:
    return Request(
        "The new revision",
        "run.v2",
        "projects.locations.services.patch",
        {"name": places.service, "updateMask": "template,traffic"},
        {
            "template": template(deployment, places, release, outputs),
            "traffic": traffic.candidate(traffic.before(outputs)),
        },
        output="service",
    )


def template(
    deployment: Deployment, places: Places, release: Release, outputs: Outputs
) -> dict[str, Any]:
    """The whole template: nothing of an earlier revision is taken over."""
    found = values(deployment)
    web = found["web"]
    made, mounted = containers.volumes(deployment, outputs)
    given = containers.variables(deployment, places, outputs, web)
    hosts = containers.with_hosts(given, found["wiring"], outputs)
    whole = {
        "labels": _labels(release),
        "serviceAccount": outputs.text("infrastructure", "accounts", "web"),
        "timeout": f"{web['timeout']}s",
        "maxInstanceRequestConcurrency": web["concurrency"],
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "scaling": {
            "minInstanceCount": web["min_instances"],
            "maxInstanceCount": web["max_instances"],
        },
        "containers": [_container(web, outputs.text("image"), hosts, mounted)],
        **containers.network(outputs),
    }
    return whole | ({"volumes": made} if made else {})


def _labels(release: Release) -> dict[str, str]:
    """Another attempt is another template: else the revision that failed would be taken again."""
    again = {"nuages-attempt": str(release.attempt)} if release.attempt > 1 else {}
    return {"nuages-release": release.id, **again}


def _container(
    web: Mapping[str, Any], image: str, env: list[Any], mounted: list[Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "image": image,
        "ports": [{"containerPort": PORT}],
        "resources": {
            "limits": {"cpu": web["cpu"], "memory": web["memory"]},
            "cpuIdle": not web["cpu_always_on"],
            "startupCpuBoost": True,
        },
        "env": env,
    }
    found |= {"volumeMounts": mounted} if mounted else {}
    return found | (_probes(web) if "live_path" in web else {})


def _probes(web: Mapping[str, Any]) -> dict[str, Any]:
    ask = {"httpGet": {"path": web["live_path"]}}
    return {
        "startupProbe": {
            **ask,
            "initialDelaySeconds": web.get("start_delay", 0),
            "periodSeconds": _START,
            "timeoutSeconds": _START,
            "failureThreshold": math.ceil(web["start_period"] / _START),
        },
        "livenessProbe": {
            **ask,
            "periodSeconds": web["probe_interval"],
            "timeoutSeconds": web["probe_timeout"],
            "failureThreshold": web["probe_threshold"],
        },
    }


def probe(deployment: Deployment, release: Release, outputs: Outputs) -> Probe:
    """Whether it lives, reaches what it needs, and shows a page; at its own address."""
    web = deployment.web
    paths = [Question(each.path) for each in (web.liveness, web.readiness) if each is not None]
    page = Question(release.page, _SHOWN)
    found = traffic.statuses(outputs.mapping("service"))
    tagged = next((s["uri"] for s in found if s.get("tag") == TAG and s.get("uri")), None)
    return Probe(
        "Ask the new revision",
        tagged or outputs.text("candidate"),
        tuple(dict.fromkeys([*paths, page])),
        audience=str(outputs.get("service", "uri") or ""),
        patience=release.patience,
    )
