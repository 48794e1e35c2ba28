"""What stands behind the APIs: containers, databases, the front that users' requests meet.

Everything is handed over in the API's own JSON (camelCase, full resource names). Methods block
until the thing is done; the API calls them from the threads of its long-running operations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]


class NotReady(Exception):
    """A revision (or a worker pool's) that did not come up; the text is what Cloud Run says."""


@dataclass(frozen=True)
class Outcome:
    """How an execution of a job ended."""

    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    exit_code: int = 0

    @property
    def ok(self) -> bool:
        return not self.failed and not self.cancelled


@dataclass(frozen=True)
class RequestCount:
    """Requests of one class ("2xx") that one revision (short names) answered in one second."""

    service: str
    revision: str
    response_code_class: str
    at: datetime
    count: int


class Runtime(Protocol):
    """Names are full: projects/p/locations/l/services/web/revisions/web-00001-abc."""

    def start(self, world: GoogleWorld) -> None:
        """Before the first request; it may ask `secret`, `invokers`, `ingress`, `identity`."""

    def stop(self) -> None:
        """Leaves nothing behind."""

    def registry_uri(self, repository: str) -> str:
        """Where images of that Artifact Registry repository are pushed: host:port/path."""

    def images(self, repository: str) -> Sequence[Json]:
        """DockerImage of artifactregistry.v1, for those that the registry holds."""

    # Cloud Run: services
    def service_uri(self, service: str, tag: str = "") -> str:
        """The URI of a service or of one of its tags; stays the same as long as that exists."""

    def start_revision(self, revision: Json) -> None:
        """Blocks until its start-up probe passed.

        Raises:
            NotReady: it did not.
        """

    def stop_revision(self, revision: str) -> None: ...

    def route(self, service: str, shares: Mapping[str, int], tags: Mapping[str, str]) -> None:
        """From now on: percent by revision, revision by tag (both by full name). Called with two
        empty mappings when the service is deleted."""

    # Cloud Run: jobs and worker pools
    def run_execution(self, execution: Json) -> Outcome:
        """Runs all tasks with their retries; `execution` holds its template with all overrides."""

    def cancel_execution(self, execution: str) -> None: ...

    def start_worker_pool(self, pool: Json, revision: str) -> None:
        """Replaces the instances of that pool by those of its new template.

        Raises:
            NotReady: they did not start.
        """

    def stop_worker_pool(self, pool: str) -> None: ...

    # What is seen of it
    def log_entries(self) -> Sequence[Json]:
        """LogEntry of logging.v2, as Cloud Run writes them, oldest first."""

    def request_counts(self) -> Sequence[RequestCount]: ...

    # Cloud SQL
    def start_database(self, instance: Json) -> None:
        """Brings up a server at the instance's private address; called again changes nothing."""

    def stop_database(self, instance: str) -> None: ...

    def set_user(self, instance: str, user: str, password: str | None) -> None:
        """Makes the user, or gives it that password."""

    def drop_user(self, instance: str, user: str) -> None: ...

    def create_database(self, instance: str, database: str) -> None: ...

    def drop_database(self, instance: str, database: str) -> None: ...

    def back_up(self, instance: str, backup: str) -> None: ...

    def restore(self, backup: str, instance: str) -> None:
        """`instance` may be another one than the backup was taken of."""

    def clone(self, source: str, target: Json) -> None: ...

    # Memorystore for Redis
    def start_cache(self, instance: Json) -> str:
        """Brings up a server at the instance's host; called again changes nothing.

        Args:
            instance: redis.v1's, with its `authString`.

        Returns:
            the authority of its certificate (PEM); "" without TLS.
        """

    def stop_cache(self, instance: str) -> None: ...
