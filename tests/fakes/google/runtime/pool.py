"""The instances of a worker pool: kept running, replaced by those of the next revision.

https://cloud.google.com/run/docs/deploy-worker-pools
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from ..protocol import NotReady
from .container import Spec
from .hosts import Name
from .instance import Instance, Setting, launch
from .logs import Source

Json = dict[str, Any]
_SETTLED = 0.3  # seconds after which a process that still runs has started
_PAUSES = (0.5, 1, 2, 4, 8)  # before a crashed instance is started again


class Pool:
    """One revision's instances."""

    def __init__(
        self,
        setting: Setting,
        pool: Json,
        revision: str,
        resolve: Callable[[Mapping[str, str]], Spec],
    ) -> None:
        self._setting, self._resolve = setting, resolve
        name = Name.parse(pool["name"])
        short = revision.rsplit("/", 1)[-1]
        scaling = pool.get("scaling", {})
        self._count = int(scaling.get("manualInstanceCount", 1))
        self._environment = {"CLOUD_RUN_WORKER_POOL": name.short, "CLOUD_RUN_REVISION": short}
        self._source = Source(
            name.project,
            "cloud_run_worker_pool",
            {"worker_pool_name": name.short, "revision_name": short, "location": name.location},
        )
        self._stopping = threading.Event()
        self._instances: list[Instance] = []

    def same(self, other: Pool) -> bool:
        """Whether that one would bring nothing new."""
        return (self._source, self._count) == (other._source, other._count)

    def start(self) -> None:
        """
        Raises:
            NotReady: an instance ended at once.
        """
        self._instances = [self._launch() for _ in range(self._count)]
        self._stopping.wait(_SETTLED if self._count else 0)
        if not all(instance.alive for instance in self._instances):
            self.stop()
            raise NotReady("The user-provided container failed to start. The container exited.")
        for place in range(self._count):
            threading.Thread(target=self._keep, args=(place,), daemon=True).start()

    def _launch(self) -> Instance:
        spec = self._resolve(self._environment)
        return launch(self._setting, "worker", spec, self._source)

    def _keep(self, place: int) -> None:
        """Starts an instance that ended anew, later each time."""
        for pause in (*_PAUSES, *(_PAUSES[-1] for _ in range(1000))):
            self._instances[place].ended.wait()
            if self._stopping.wait(pause):
                return
            self._setting.docker.remove(self._instances[place].container)
            self._instances[place] = self._launch()

    def abandon(self) -> None:
        """Starts none anew: the world ends."""
        self._stopping.set()

    def stop(self) -> None:
        """SIGTERM to all, ten seconds, SIGKILL."""
        self._stopping.set()
        stopping = [threading.Thread(target=instance.stop) for instance in self._instances]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
