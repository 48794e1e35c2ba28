"""A revision of a service: no more than one instance, there whenever somebody asks for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from .container import Spec, main_container, port, seconds
from .instance import Instance, Setting, launch, ready
from .logs import Source
from .probes import liveness_probe, startup_probe

Json = dict[str, Any]


class Revision:
    """`resolve` makes the container's spec at each start: that is when secrets are read."""

    def __init__(self, setting: Setting, revision: Json, resolve: Callable[[], Spec]) -> None:
        self._setting, self._resolve = setting, resolve
        self.name = str(revision["name"])
        self.timeout = seconds(revision.get("timeout"), 300)
        _, self._project, _, location, _, service, _, self.short = self.name.split("/")
        container = main_container(revision)
        self._port = port(container)
        self._startup = startup_probe(container, self._port)
        self._liveness = liveness_probe(container, self._port)
        self.source = Source(
            self._project,
            "cloud_run_revision",
            {
                "service_name": service,
                "revision_name": self.short,
                "configuration_name": service,
                "location": location,
            },
        )
        self._instance: Instance | None = None
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        return self._port

    @property
    def instance(self) -> Instance | None:
        """The one that takes requests now."""
        held = self._instance
        return held if held and held.alive else None

    def ensure(self) -> Instance:
        """An instance that is ready; started if there is none.

        Raises:
            NotReady: it does not come up.
        """
        with self._lock:
            if held := self.instance:
                return held
            if self._instance:
                self._setting.docker.remove(self._instance.container)
                self._instance = None
            self._instance = ready(self._setting, self._launch, self._startup)
            if self._liveness:
                self._instance.keep_alive(self._liveness)
            return self._instance

    def _launch(self) -> Instance:
        return launch(self._setting, "revision", self._resolve(), self.source)

    def retire(self) -> None:
        """Takes no more requests; ends when those under way have ended."""
        with self._lock:
            instance, self._instance = self._instance, None
        if instance:
            instance.stop(drained=self.timeout)
