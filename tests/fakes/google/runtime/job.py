"""An execution of a job: its tasks run as containers, their exit codes decide.

https://cloud.google.com/run/docs/container-contract#jobs
https://cloud.google.com/run/docs/configuring/task-timeout
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ..protocol import NotReady, Outcome
from .container import Spec, seconds
from .hosts import Name
from .instance import GRACE, Instance, Setting, launch
from .logs import Source

Json = dict[str, Any]
# Not from a container: what timeout(1) answers, and what SIGTERM makes of a process.
TIMED_OUT, CANCELLED = 124, 143


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of one task."""

    task: int
    number: int


class Execution:
    """`resolve` makes a container's spec, with what Cloud Run sets for an attempt."""

    def __init__(
        self,
        setting: Setting,
        execution: Json,
        resolve: Callable[[Mapping[str, str]], Spec],
    ) -> None:
        self._setting, self._resolve = setting, resolve
        name = Name.parse(execution["name"])
        self._job, self._short = name.short, execution["name"].rsplit("/", 1)[-1]
        self._name = name
        self._tasks = int(execution.get("taskCount") or 1)
        self._parallel = int(execution.get("parallelism") or 0) or self._tasks
        template = execution["template"]
        self._retries = int(template.get("maxRetries", 3))
        self._timeout = seconds(template.get("timeout"), 600)
        self._cancelled = threading.Event()
        self._containers: set[str] = set()

    def run(self) -> Outcome:
        """Blocks until every task has succeeded, or one has failed for good."""
        with ThreadPoolExecutor(self._parallel) as pool:
            codes = list(pool.map(self._task, range(self._tasks)))
        succeeded = codes.count(0)
        failed = 0 if self._cancelled.is_set() else self._tasks - succeeded
        worst = next((code for code in codes if code), 0)
        return Outcome(succeeded, failed, self._tasks - succeeded - failed, worst)

    def cancel(self) -> None:
        self._cancelled.set()
        for container in list(self._containers):
            self._setting.docker.stop(container, GRACE)

    def _task(self, task: int) -> int:
        code = 1
        for number in range(self._retries + 1):
            if self._cancelled.is_set():
                break
            code = self._attempt(Attempt(task, number))
            if code == 0:
                break
        return code

    def _attempt(self, attempt: Attempt) -> int:
        source = self._source(attempt)
        try:
            spec = self._resolve(self._environment(attempt))
            instance = launch(self._setting, "job", spec, source)
        except NotReady as refusal:
            self._setting.logs.say(source, str(refusal), "ERROR")
            return 1
        self._containers.add(instance.container)
        try:
            return self._await(instance, source)
        finally:
            self._containers.discard(instance.container)
            self._setting.docker.remove(instance.container)

    def _await(self, instance: Instance, source: Source) -> int:
        """Its exit code; its last line has been taken down by then."""
        if instance.ended.wait(self._timeout):
            assert instance.exit is not None
            # Who is told to end may well end with 0.
            return CANCELLED if self._cancelled.is_set() else instance.exit.code
        text = "Terminating task because it has reached the maximum timeout of {:g} seconds."
        self._setting.logs.say(source, text.format(self._timeout), "ERROR")
        self._setting.docker.stop(instance.container, GRACE)
        instance.ended.wait(5)
        return TIMED_OUT

    def _environment(self, attempt: Attempt) -> dict[str, str]:
        return {
            "CLOUD_RUN_JOB": self._job,
            "CLOUD_RUN_EXECUTION": self._short,
            "CLOUD_RUN_TASK_INDEX": str(attempt.task),
            "CLOUD_RUN_TASK_ATTEMPT": str(attempt.number),
            "CLOUD_RUN_TASK_COUNT": str(self._tasks),
        }

    def _source(self, attempt: Attempt) -> Source:
        return Source(
            self._name.project,
            "cloud_run_job",
            {"job_name": self._job, "location": self._name.location},
            {
                "run.googleapis.com/execution_name": self._short,
                "run.googleapis.com/task_index": str(attempt.task),
                "run.googleapis.com/task_attempt": str(attempt.number),
            },
        )
