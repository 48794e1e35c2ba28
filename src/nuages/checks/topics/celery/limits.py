"""How long a task may wait and work, and what that keeps waiting."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery import OPTIONS, TASKS
from nuages.checks.topics.celery.delivery import late
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import starts
from nuages.checks.topics.celery.tasks import queued, seconds, tasks
from nuages.text import Location

_REDIS = "https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/redis.html"
_LATER = """\
from library.loans.tasks import remind


def soon(loan):
    remind.apply_async((loan.pk,), countdown={countdown})
"""
_RETRIED = """\
from celery import shared_task


@shared_task(autoretry_for=(OSError,), max_retries={most}, retry_backoff=True)
def fetch(pk):
    return pk
"""
_VISIBILITY = {"redis": 3600, "sqs": 1800}
"""Seconds; https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/"""


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
            if wait is not None and (name.startswith("default") or late(options, task)):
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
    is_late = uses_celery(production) and options.value("task_acks_late", default=False) is True
    reserved = options.value("worker_prefetch_multiplier", default=4)
    known = isinstance(reserved, int) and (reserved > 1 or reserved == 0)
    said = any("prefetch" in start.command for start in starts(production))
    if is_late and known and not said:
        many = "all there are" if reserved == 0 else str(reserved)
        message = f"Each process reserves {many} tasks, and task_acks_late is on"
        yield Fault(message, options.at("worker_prefetch_multiplier"))


@rule(
    "CEL033",
    severity="warning",
    title="A task is tried again for ever",
    why="With max_retries=None a task that cannot succeed never leaves: each such task takes its "
    "turn again and again, and their number only grows.",
    symptom="Workers that are busy with the same failures for weeks.",
    fix="Take a number, `max_retries=5`, and `retry_backoff=True`.",
    url=f"{TASKS}#Task.max_retries",
    mistake={"library/loans/trying.py": _RETRIED.format(most="None")},
    fixed={"library/loans/trying.py": _RETRIED.format(most="5")},
    site="split",
)
def retried(production: Production) -> Faults:
    for task in tasks(production) if uses_celery(production) else ():
        most = task.option("max_retries")
        if isinstance(most, ast.Constant) and most.value is None:
            yield Fault(f"{task.name} is tried again without end", task.file.at(most))


@rule(
    "CEL034",
    severity="warning",
    title="Results are kept for ever",
    why="Celery throws results away after a day unless it is told not to. In Redis they fill the "
    "memory until it refuses to take tasks, or evicts them.",
    symptom="OOM command not allowed when used memory > 'maxmemory', after months.",
    fix="`CELERY_RESULT_EXPIRES = 24 * 3600`, or `ignore_result=True` where nobody asks.",
    url=f"{OPTIONS}#result-expires",
    mistake={"settings.py": "CELERY_RESULT_EXPIRES = None"},
    fixed={"settings.py": "CELERY_RESULT_EXPIRES = 3600"},
    site="split",
)
def kept(production: Production) -> Faults:
    options = Options(production)
    name = options.setting("result_expires") if uses_celery(production) else None
    setting = production.settings.setting(name) if name else None
    ignored = options.value("task_ignore_result", default=False) is True
    if setting and setting.state != "unknown" and not setting.value and not ignored:
        yield Fault(f"{name} is {setting.value}, which means never", options.at("result_expires"))
