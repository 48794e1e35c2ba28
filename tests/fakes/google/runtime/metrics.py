"""Requests as Cloud Monitoring and Cloud Logging see them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from ..protocol import RequestCount
from .logs import Logs
from .message import Head
from .revision import Revision


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and when it began (seconds since the epoch)."""

    head: Head
    host: str
    client: str
    began: float


class Requests:
    """Counts by revision and class of answer, for each second that had any."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._seen: Counter[tuple[str, str, str, int]] = Counter()
        self._lock = threading.Lock()

    def add(self, revision: Revision, exchange: Exchange, status: int) -> None:
        service = revision.source.resource["service_name"]
        with self._lock:
            self._seen[service, revision.short, f"{status // 100}xx", int(exchange.began)] += 1
        self._logs.add(_entry(revision, exchange, status))

    def counts(self) -> list[RequestCount]:
        """What each second brought, oldest first."""
        with self._lock:
            seen = sorted(self._seen.items(), key=lambda item: item[0][3])
        return [
            RequestCount(service, revision, kind, datetime.fromtimestamp(second, UTC), count)
            for (service, revision, kind, second), count in seen
        ]


def _entry(revision: Revision, exchange: Exchange, status: int) -> dict[str, object]:
    moment = datetime.fromtimestamp(exchange.began, UTC).isoformat().replace("+00:00", "Z")
    request = {
        "requestMethod": exchange.head.method,
        "requestUrl": f"https://{exchange.host}{exchange.head.target}",
        "status": status,
        "remoteIp": exchange.client,
        "userAgent": exchange.head.get("user-agent"),
        "latency": f"{time.time() - exchange.began:.6f}s",
        "protocol": "HTTP/1.1",
    }
    severity = "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO"
    return revision.source.entry("requests", moment, severity=severity, httpRequest=request)
