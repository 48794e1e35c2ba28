"""Startup and liveness probes, asked as Cloud Run asks them: plain HTTP to the instance.

https://cloud.google.com/run/docs/configuring/healthchecks
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

Json = dict[str, Any]
_EVERY = 0.05  # seconds between two looks at an instance that does not answer yet


@dataclass(frozen=True, slots=True)
class Probe:
    """Times in seconds. `path` is None for a probe that only connects."""

    port: int
    path: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0
    timeout: float = 1
    period: float = 10
    threshold: int = 3

    @property
    def budget(self) -> float:
        """How long an instance has to pass it."""
        return self.delay + max(self.period, self.timeout) * self.threshold


def startup_probe(container: Json, port: int) -> Probe:
    """The one that the template asks for, or the default: a TCP connection within 240 s."""
    declared = container.get("startupProbe")
    return _probe(declared, port) if declared else Probe(port, timeout=240, period=240, threshold=1)


def liveness_probe(container: Json, port: int) -> Probe | None:
    declared = container.get("livenessProbe")
    return _probe(declared, port) if declared else None


def _probe(declared: Json, port: int) -> Probe:
    http = declared.get("httpGet")
    target = http or declared.get("tcpSocket") or {}
    headers = (http or {}).get("httpHeaders", [])
    return Probe(
        port=target.get("port") or port,
        path=http.get("path") or "/" if http is not None else None,
        headers=tuple((header["name"], header.get("value", "")) for header in headers),
        delay=declared.get("initialDelaySeconds", 0),
        timeout=declared.get("timeoutSeconds", 1),
        period=declared.get("periodSeconds", 10),
        threshold=declared.get("failureThreshold", 3),
    )


def passes(probe: Probe, address: str) -> bool:
    """One attempt. 200 to 399 is a success; a redirect is not followed."""
    try:
        if probe.path is None:
            socket.create_connection((address, probe.port), timeout=probe.timeout).close()
            return True
        status = _status(probe, address)
    except (OSError, HTTPException):
        return False
    return 200 <= status < 400


def _status(probe: Probe, address: str) -> int:
    connection = HTTPConnection(address, probe.port, timeout=probe.timeout)
    try:
        headers = {"User-Agent": "GoogleHC/1.0", **dict(probe.headers)}
        connection.request("GET", str(probe.path), headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def comes_up(probe: Probe, address: str, alive: Callable[[], bool], patience: float) -> bool:
    """Whether the instance passes within the probe's time, or within `patience` if that is less.

    It is asked more often than the period says, so that a start costs what the start takes; the
    time that it has is the probe's own.
    """
    end = time.monotonic() + min(probe.budget, patience)
    while time.monotonic() < end:
        if passes(probe, address):
            return True
        if not alive():
            return False
        time.sleep(_EVERY)
    return False
