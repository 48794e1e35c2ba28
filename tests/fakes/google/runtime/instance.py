"""One running container of a revision: started, probed, watched, stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..protocol import NotReady
from .container import Spec
from .docker import Docker, DockerError, Exit
from .logs import Logs, Source
from .probes import Probe, comes_up, passes

# Cloud Run sends SIGTERM and kills ten seconds later: cloud.google.com/run/docs/container-contract
GRACE = 10
NOT_STARTED = (
    "The user-provided container failed to start and listen on the port defined provided by the "
    "PORT={port} environment variable within the allocated timeout. This can happen when the "
    "container port is misconfigured or if the timeout is too short. The health check timeout can "
    "be extended. Logs for this revision might contain more information."
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What every instance of the world needs."""

    docker: Docker
    logs: Logs
    network: str
    # Seconds that a start may take at most, whatever the probe allows.
    patience: float = 60


class Instance:
    """Made by `launch`; `address` is empty for one that listens nowhere."""

    def __init__(self, setting: Setting, container: str, source: Source) -> None:
        self._setting, self.container, self._source = setting, container, source
        self.exit: Exit | None = None
        self.ended = threading.Event()
        self._followed = setting.logs.follow(setting.docker, container, source)
        self.address = ""
        self.in_flight = 0

    @property
    def alive(self) -> bool:
        return self.exit is None

    def watch(self) -> None:
        """Waits for its end, and says how it was when its last line has been taken down."""
        self.exit = self._setting.docker.wait(self.container)
        self._followed.join(5)
        text, severity = _last_words(self.exit, self._source.type)
        if text:
            self._setting.logs.say(self._source, text, severity)
        self.ended.set()

    def await_ready(self, probe: Probe) -> bool:
        return comes_up(probe, self.address, lambda: self.alive, self._setting.patience)

    def keep_alive(self, probe: Probe) -> None:
        """Asks the liveness probe in its own rhythm; kills the instance that fails it."""
        threading.Thread(target=self._keep_alive, args=(probe,), daemon=True).start()

    def _keep_alive(self, probe: Probe) -> None:
        failures, pause = 0, probe.delay
        while failures < probe.threshold:
            if self.ended.wait(pause):
                return
            failures = 0 if passes(probe, self.address) else failures + 1
            pause = probe.period
        if self.alive:
            text = "LIVENESS HTTP probe failed; the instance is shut down."
            self._setting.logs.say(self._source, text, "ERROR")
            self._setting.docker.kill(self.container)

    def stop(self, drained: float = 0) -> None:
        """After its requests, or `drained` seconds: SIGTERM, ten seconds, SIGKILL."""
        end = time.monotonic() + drained
        if drained:
            time.sleep(0.1)  # who has just been given this instance
        while self.in_flight and self.alive and time.monotonic() < end:
            time.sleep(0.02)
        self._setting.docker.stop(self.container, GRACE)
        self.ended.wait(5)
        self._setting.docker.remove(self.container)


def _last_words(exit: Exit, type: str) -> tuple[str, str]:
    """What Cloud Run writes when a container ends, and how severe it is."""
    if exit.out_of_memory:
        return "Memory limit was exceeded. Consider increasing the memory limit.", "ERROR"
    if type == "cloud_run_job":
        return f"Container called exit({exit.code}).", "WARNING" if exit.code else "INFO"
    # 143 and 137 are how it ends when it is told to.
    ends_well = exit.code in {0, 137, 143}
    return ("", "") if ends_well else (f"Container called exit({exit.code}).", "WARNING")


def launch(setting: Setting, role: str, spec: Spec, source: Source) -> Instance:
    """A container that has been started; nothing is known of it yet.

    Raises:
        NotReady: the engine could not start it.
    """
    docker = setting.docker
    try:
        container = docker.create(role, spec.body, spec.files)
        docker.start(container)
    except DockerError as refusal:
        raise NotReady(f"The container could not be started: {refusal}") from refusal
    instance = Instance(setting, container, source)
    threading.Thread(target=instance.watch, daemon=True).start()
    instance.address = docker.address(container, setting.network)
    return instance


def ready(setting: Setting, launched: Callable[[], Instance], probe: Probe) -> Instance:
    """An instance that has passed its startup probe.

    Raises:
        NotReady: it has not; it is gone again.
    """
    instance = launched()
    if not instance.await_ready(probe):
        setting.docker.kill(instance.container)
        instance.stop()
        raise NotReady(NOT_STARTED.format(port=probe.port))
    return instance
