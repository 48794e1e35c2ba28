"""CPU, memory and probes that Run takes together.

cloud.google.com/run/docs/configuring/services/memory-limits, …/cpu, …/healthchecks; words as in
github.com/oboapp/oboapp/pull/449, github.com/MarkEdmondson1234/googleCloudRunner/issues/137 and
github.com/nearform/slack-knowledgebase-chatgpt-responder/issues/980.
"""

from __future__ import annotations

import re
from typing import Any

from fakes.google.errors import invalid

Json = dict[str, Any]
UNITS = {"": 1, "k": 10**3, "Ki": 2**10, "M": 10**6, "Mi": 2**20, "G": 10**9, "Gi": 2**30}
# GiB by CPU: from, to.
MEMORY = {1.0: (0.125, 4), 2.0: (0.125, 8), 4.0: (2, 16), 6.0: (4, 24), 8.0: (4, 32)}
STARTUP_LIMIT = 240  # seconds


def check_sizes(template: Json, place: str, throttled: bool) -> None:
    """Raises GoogleError 400; `throttled`: CPU while requests are answered only."""
    for index, container in enumerate(template.get("containers", [])):
        at = f"{place}.containers[{index}]"
        limits = container.get("resources", {}).get("limits", {})
        idle = throttled and ("resources" not in container or container["resources"].get("cpuIdle"))
        _check_memory(template, limits, at, bool(idle))
        cpu = _cpu(limits.get("cpu", "1"), at)
        if throttled and cpu < 1 and template.get("maxInstanceRequestConcurrency", 80) > 1:
            raise invalid(
                f"{at}.resources.limits.cpu: Invalid value specified for cpu. Total cpu < 1 is not "
                "supported with concurrency > 1.",
                f"{at}.resources.limits.cpu",
            )
        _check_probe(container.get("startupProbe", {}), f"{at}.startup_probe")


def _cpu(text: str, at: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", text)
    value = float(match[1]) / (1000 if match[2] else 1) if match else 0
    if value not in MEMORY and not 0.08 <= value < 1:
        raise invalid(
            f"{at}.resources.limits.cpu: Invalid value specified for cpu. The following values "
            "are supported: <1, 1, 2, 4, 6, 8.",
            f"{at}.resources.limits.cpu",
        )
    return value


def _check_memory(template: Json, limits: Json, at: str, idle: bool) -> None:
    text = limits.get("memory", "512Mi")
    match = re.fullmatch(r"(\d+)([kKMG]?i?)", text)
    if match is None or match[2] not in UNITS:
        raise invalid(f"{at}.resources.limits.memory: Invalid memory: '{text}'.", at)
    gib = int(match[1]) * UNITS[match[2]] / 2**30
    second = template.get("executionEnvironment") != "EXECUTION_ENVIRONMENT_GEN1"
    if gib < 0.5 and second and not idle:
        raise invalid(
            f"{at}.limits.memory: Invalid value specified for memory. Total memory < 512 Mi is not "
            "supported with gen2 execution environment with cpu always allocated (unthrottled).",
            at,
        )
    cpu = _cpu(limits.get("cpu", "1"), at)
    low, high = MEMORY.get(cpu, (0.125, 1 if cpu > 0.5 else 0.5))
    if not low <= gib <= high:
        shown = [f"{int(each * 1024)}Mi" if each < 1 else f"{int(each)}Gi" for each in (low, high)]
        raise invalid(
            f"{at}.limits.memory: Invalid value specified for memory. For {cpu} CPU, memory must "
            f"be between {shown[0]} and {shown[1]} inclusive.",
            at,
        )


def _check_probe(probe: Json, at: str) -> None:
    period, failures = probe.get("periodSeconds", 10), probe.get("failureThreshold", 3)
    if probe and period * failures > STARTUP_LIMIT:
        raise invalid(
            f"{at}: failure_threshold * period_seconds must not be more than {STARTUP_LIMIT} "
            f"seconds, but is {period * failures}.",
            at,
        )
    if probe and probe.get("timeoutSeconds", 1) > period:
        raise invalid(f"{at}.timeout_seconds: Must not be more than period_seconds.", at)
