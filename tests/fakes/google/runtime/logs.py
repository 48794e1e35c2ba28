"""What containers write, as entries of Cloud Logging.

https://cloud.google.com/run/docs/logging
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .docker import Docker

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Who writes: a monitored resource and the entry's own labels."""

    project: str
    type: str
    resource: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def entry(self, log: str, time: str, **payload: Any) -> Json:
        return {
            "logName": f"projects/{self.project}/logs/run.googleapis.com%2F{log}",
            "resource": {
                "type": self.type,
                "labels": {"project_id": self.project, **self.resource},
            },
            "labels": dict(self.labels),
            "timestamp": time,
            "receiveTimestamp": time,
            **payload,
        }


class Logs:
    """Every entry of the world, in the order of arrival."""

    def __init__(self) -> None:
        self._entries: list[Json] = []
        self._lock = threading.Lock()

    def entries(self) -> list[Json]:
        with self._lock:
            numbered = enumerate(self._entries)
            return [{"insertId": f"{n:012x}", **entry} for n, entry in numbered]

    def add(self, entry: Json) -> None:
        with self._lock:
            self._entries.append(entry)

    def say(
        self, source: Source, text: str, severity: str = "INFO", log: str = "varlog%2Fsystem"
    ) -> None:
        """What the platform itself writes."""
        self.add(source.entry(log, now(), severity=severity, textPayload=text))

    def follow(self, docker: Docker, container: str, source: Source) -> threading.Thread:
        """Takes down the container's lines until it ends."""
        thread = threading.Thread(
            target=self._follow, args=(docker, container, source), daemon=True
        )
        thread.start()
        return thread

    def _follow(self, docker: Docker, container: str, source: Source) -> None:
        for stream, time, text in docker.lines(container):
            if text:
                self.add(source.entry(stream, time, **payload(text)))


def payload(text: str) -> Json:
    """A line of JSON becomes jsonPayload, its `severity` and trace the entry's own.

    https://cloud.google.com/logging/docs/structured-logging
    """
    try:
        structured = json.loads(text) if text.startswith("{") else None
    except ValueError:
        structured = None
    if not isinstance(structured, dict):
        return {"textPayload": text}
    special = {"severity": "severity", "logging.googleapis.com/trace": "trace"}
    lifted = {name: structured.pop(key) for key, name in special.items() if key in structured}
    structured.pop("time", None)
    if set(structured) == {"message"}:
        return {**lifted, "textPayload": structured["message"]}
    return {**lifted, "jsonPayload": structured}


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
