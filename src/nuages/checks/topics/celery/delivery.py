"""Whether each task is done, once, and ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery import OPTIONS, TASKS
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import Start, starts
from nuages.checks.topics.celery.tasks import Task, queued, seconds, tasks
from nuages.text import Location

_REDIS = "https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html"
_TASK = """\
from celery import shared_task

from library.loans.models import Loan


@shared_task{options}
def forget(pk):
    Loan.objects.filter(pk=pk).delete()
"""
_LATE = "CELERY_TASK_ACKS_LATE = {late}\n"
_EFFECTS = re.compile(
    r"\.(?:save|create|bulk_create|delete|update|get_or_create|update_or_create|send|write)\(|send_"
    r"|requests\.|httpx\."
)
"""Something that is missed when it does not happen."""
_LATER = """\
from library.loans.tasks import remind


def soon(loan):
    remind.apply_async((loan.pk,), countdown={countdown})
"""
_COMPOSE = "docker-compose.production.yml"
_STOP = """\
services:
  worker:
    image: library:1.2.3
    command: celery -A config.celery_app worker --concurrency=2
    mem_limit: 1g
    stop_grace_period: {stop}
"""
_VISIBILITY = {"redis": 3600, "sqs": 1800}
"""Seconds; https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/"""


def _late(options: Options, task: Task) -> bool | None:
    """Whether a task is acknowledged when it is done; None where that cannot be told."""
    said = task.option("acks_late")
    if said is not None:
        return bool(said.value) if isinstance(said, ast.Constant) else None
    value = options.value("task_acks_late", default=False)
    return value if isinstance(value, bool) else None


@rule(
    "CEL007",
    severity="warning",
    title="A task is lost when its worker dies",
    why="A task is taken off the queue before it runs. When the container is killed, for its "
    "memory, by a lost node, by a release that waits too short, it is gone and nobody knows.",
    symptom="A mail that was never sent; an order that stays half done, and no error anywhere.",
    fix="Where running a task twice does no harm: `acks_late=True` and "
    "`reject_on_worker_lost=True`; make it harmless first where it does.",
    url=f"{TASKS}#Task.acks_late",
    mistake={
        "settings.py": _LATE.format(late=False),
        "library/loans/cleaning.py": _TASK.format(options=""),
    },
    fixed={
        "settings.py": _LATE.format(late=False),
        "library/loans/cleaning.py": _TASK.format(options="(acks_late=True)"),
    },
    site="split",
)
def lost(production: Production) -> Faults:
    if not uses_celery(production):
        return
    options = Options(production)
    early = [t for t in tasks(production) if _late(options, t) is False and _EFFECTS.search(t.text)]
    if early:
        more = f", like {len(early) - 1} more" if len(early) > 1 else ""
        yield Fault(f"{early[0].name} is acknowledged before it has run{more}", early[0].location)


@rule(
    "CEL008",
    severity="warning",
    title="A task whose process is killed counts as done",
    why="acks_late alone covers the worker that stops in order. When the process of a task is "
    "killed, for its memory above all, Celery acknowledges the task as well.",
    symptom="WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL), and no second try.",
    fix="`CELERY_TASK_REJECT_ON_WORKER_LOST = True` beside `CELERY_TASK_ACKS_LATE`.",
    url=f"{OPTIONS}#task-reject-on-worker-lost",
    mistake={"settings.py": "# no CELERY_TASK_REJECT_ON_WORKER_LOST"},
    fixed={"settings.py": "CELERY_TASK_REJECT_ON_WORKER_LOST = True"},
    site="split",
)
def killed(production: Production) -> Faults:
    options = Options(production)
    late = uses_celery(production) and options.value("task_acks_late", default=False) is True
    if late and options.value("task_reject_on_worker_lost", default=False) is False:
        message = "task_acks_late without task_reject_on_worker_lost"
        yield Fault(message, options.at("task_acks_late"))


@rule(
    "CEL009",
    severity="error",
    title="A task is delivered again before it is done",
    why="What is not acknowledged within the visibility timeout is given to another worker. A "
    "task that waits or works longer than that runs twice, and three times, and on.",
    symptom="The same mail every hour; a task with a countdown that runs many times.",
    fix='`CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": …}`, longer than the longest '
    "countdown and the longest task; for days, keep the date in a row and look with beat.",
    url=f"{_REDIS}#visibility-timeout",
    mistake={"library/loans/soon.py": _LATER.format(countdown="48 * 3600")},
    fixed={"library/loans/soon.py": _LATER.format(countdown="30 * 60")},
    site="split",
)
def again(production: Production) -> Faults:
    options = Options(production)
    limit = _visibility(production, options) if uses_celery(production) else None
    if limit is None:
        return
    for what, wait, place in _waits(production, options):
        if wait > limit:
            message = f"{what} is {wait:g} s, and the visibility timeout {limit:g} s"
            yield Fault(message, place)


def _visibility(production: Production, options: Options) -> float | None:
    url = options.value("broker_url", default="")
    kind = str(url or "").partition(":")[0].rstrip("s")
    setting = options.setting("broker_url")
    if kind not in {"redi", "sq"}:
        asked = " ".join(production.settings.variables(setting)) if setting else ""
        if "redis" not in asked.lower():
            return None
        kind = "redi"
    default = _VISIBILITY["redis" if kind == "redi" else "sqs"]
    found = options.value("broker_transport_options", "visibility_timeout", default=default)
    return float(found) if isinstance(found, int | float) else None


def _waits(production: Production, options: Options) -> Iterator[tuple[str, float, Location]]:
    for call in queued(production):
        for name in ("countdown", "eta"):
            wait = call.seconds(name)
            if wait is not None:
                yield f"the {name} of {call.task}", wait, call.location
    for task in tasks(production):
        for name in ("time_limit", "soft_time_limit", "default_retry_delay"):
            wait = seconds(task.option(name))
            if wait is not None and (name.startswith("default") or _late(options, task)):
                yield f"{name} of {task.name}", wait, task.location
        for node in ast.walk(task.function):
            retry = isinstance(node, ast.Call) and ast.unparse(node.func) == "self.retry"
            wait = seconds(_countdown(node)) if retry and isinstance(node, ast.Call) else None
            if wait is not None:
                yield f"the countdown of a retry of {task.name}", wait, task.file.at(node)
    limit = options.value("task_time_limit")
    if isinstance(limit, int | float) and options.value("task_acks_late", default=False) is True:
        yield "task_time_limit", float(limit), options.at("task_time_limit")


def _countdown(call: ast.Call) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == "countdown"), None)


@rule(
    "CEL010",
    severity="warning",
    title="A task may take for ever",
    why="Celery has no limit of its own. A task that waits for somebody else's server keeps its "
    "process; when each process has one, the queue stands still.",
    symptom="A queue that only grows, and workers that are busy with nothing.",
    fix="`CELERY_TASK_TIME_LIMIT = 5 * 60` and a `CELERY_TASK_SOFT_TIME_LIMIT` below it; longer "
    "for single tasks.",
    url=f"{OPTIONS}#task-time-limit",
    mistake={"settings.py": "# no CELERY_TASK_TIME_LIMIT\n# no CELERY_TASK_SOFT_TIME_LIMIT"},
    fixed={"settings.py": "CELERY_TASK_TIME_LIMIT = 600"},
    site="split",
)
def endless(production: Production) -> Faults:
    options = Options(production)
    names = ("task_time_limit", "task_soft_time_limit")
    known = list(tasks(production)) if uses_celery(production) else []
    limited = any(task.option(n.removeprefix("task_")) for task in known for n in names)
    said = any("-time-limit" in start.command for start in starts(production))
    if known and not limited and not said and not any(options.said(name) for name in names):
        message = f"{len(known)} tasks, and no time limit for any"
        yield Fault(message, options.at("task_time_limit"))


@rule(
    "CEL011",
    severity="warning",
    title="Long tasks hold back short ones",
    why="A worker reserves four tasks for each of its processes. Behind one that takes minutes "
    "three others wait, while the next worker is idle; with acks_late they come back later.",
    symptom="Tasks that wait for minutes although workers are idle.",
    fix="`CELERY_WORKER_PREFETCH_MULTIPLIER = 1`.",
    url="https://docs.celeryq.dev/en/stable/userguide/optimizing.html#prefetch-limits",
    mistake={"settings.py": "# no CELERY_WORKER_PREFETCH_MULTIPLIER"},
    fixed={"settings.py": "CELERY_WORKER_PREFETCH_MULTIPLIER = 1"},
    site="split",
)
def prefetched(production: Production) -> Faults:
    options = Options(production)
    late = uses_celery(production) and options.value("task_acks_late", default=False) is True
    reserved = options.value("worker_prefetch_multiplier", default=4)
    known = isinstance(reserved, int) and (reserved > 1 or reserved == 0)
    said = any("prefetch" in start.command for start in starts(production))
    if late and known and not said:
        many = "all there are" if reserved == 0 else str(reserved)
        message = f"Each process reserves {many} tasks, and task_acks_late is on"
        yield Fault(message, options.at("worker_prefetch_multiplier"))


@rule(
    "CEL012",
    severity="warning",
    title="A release kills tasks that are still allowed to run",
    why="At a release the worker stops taking tasks and ends those it has, for as long as it is "
    "given. What then still runs is killed, and it was acknowledged before it began.",
    symptom="Tasks that never end, at each release.",
    fix="Give the worker longer to stop than a task may take: `stop_grace_period`, or "
    "`stop_timeout` of its service.",
    url="https://docs.celeryq.dev/en/stable/userguide/workers.html#stopping-the-worker",
    mistake={"settings.py": _LATE.format(late=False), _COMPOSE: _STOP.format(stop="10s")},
    fixed={"settings.py": _LATE.format(late=False), _COMPOSE: _STOP.format(stop="6m")},
    site="split",
)
def cut_off(production: Production) -> Faults:
    options = Options(production)
    limit = options.value("task_time_limit") if uses_celery(production) else None
    early = options.value("task_acks_late", default=False) is False
    if not early or not isinstance(limit, int | float):
        return
    for start in starts(production):
        stop = _stop(start)
        if start.kind == "worker" and stop is not None and stop < limit:
            message = f"The worker has {stop:g} s to end, and a task may take {limit:g} s"
            yield Fault(message, start.location)


def _stop(start: Start) -> float | None:
    """Seconds between SIGTERM and SIGKILL, where they are known."""
    if start.service is not None:
        return float(start.service.stop_timeout)
    if start.compose is None:
        return None
    written = start.compose.yaml.get("stop_grace_period")
    if written is None:
        return 10.0
    parts = re.findall(r"(\d+)(h|ms|m|s)", written.text)
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(int(n) * units[unit] for n, unit in parts) if parts else None
