"""A runtime in which nothing runs: everything is ready at once. For tests of the APIs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from fakes.google.protocol import Json, Outcome, RequestCount

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld


class StillRuntime:
    """Remembers what it was told in `calls`; `entries` and `counts` are for tests to fill."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.entries: list[Json] = []
        self.counts: list[RequestCount] = []
        self.docker_images: list[Json] = []

    def start(self, world: GoogleWorld) -> None:
        self.calls.append(("start",))

    def stop(self) -> None:
        self.calls.append(("stop",))

    def registry_uri(self, repository: str) -> str:
        _, project, _, location, _, name = repository.split("/")
        return f"{location}-docker.pkg.dev/{project}/{name}"

    def images(self, repository: str) -> Sequence[Json]:
        return self.docker_images

    def service_uri(self, service: str, tag: str = "") -> str:
        parts = service.split("/")
        hashed = f"{crc32(service.encode()):08x}ab"
        return f"https://{tag + '---' if tag else ''}{parts[-1]}-{hashed}-uc.a.run.app"

    def start_revision(self, revision: Json) -> None:
        self.calls.append(("start_revision", revision["name"]))

    def stop_revision(self, revision: str) -> None:
        self.calls.append(("stop_revision", revision))

    def route(self, service: str, shares: Mapping[str, int], tags: Mapping[str, str]) -> None:
        self.calls.append(("route", service, dict(shares), dict(tags)))

    def run_execution(self, execution: Json) -> Outcome:
        self.calls.append(("run_execution", execution["name"], execution))
        return Outcome(succeeded=int(execution.get("taskCount", 1)))

    def cancel_execution(self, execution: str) -> None:
        self.calls.append(("cancel_execution", execution))

    def start_worker_pool(self, pool: Json, revision: str) -> None:
        self.calls.append(("start_worker_pool", pool["name"], revision))

    def stop_worker_pool(self, pool: str) -> None:
        self.calls.append(("stop_worker_pool", pool))

    def log_entries(self) -> Sequence[Json]:
        return self.entries

    def request_counts(self) -> Sequence[RequestCount]:
        return self.counts

    def start_database(self, instance: Json) -> None:
        self.calls.append(("start_database", instance["name"]))

    def stop_database(self, instance: str) -> None:
        self.calls.append(("stop_database", instance))

    def set_user(self, instance: str, user: str, password: str | None) -> None:
        self.calls.append(("set_user", instance, user))

    def drop_user(self, instance: str, user: str) -> None:
        self.calls.append(("drop_user", instance, user))

    def create_database(self, instance: str, database: str) -> None:
        self.calls.append(("create_database", instance, database))

    def drop_database(self, instance: str, database: str) -> None:
        self.calls.append(("drop_database", instance, database))

    def back_up(self, instance: str, backup: str) -> None:
        self.calls.append(("back_up", instance, backup))

    def restore(self, backup: str, instance: str) -> None:
        self.calls.append(("restore", backup, instance))

    def clone(self, source: str, target: Json) -> None:
        self.calls.append(("clone", source, target["name"]))

    def start_cache(self, instance: Json) -> str:
        self.calls.append(("start_cache", instance["name"]))
        return ""

    def stop_cache(self, instance: str) -> None:
        self.calls.append(("stop_cache", instance))
