"""Whether each task is done, once, and ends."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery import OPTIONS, TASKS
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import Start, starts
from nuages.checks.topics.celery.tasks import Task, tasks

_TASK = """\
from celery import shared_task

from library.loans.models import Loan


@shared_task{options}
def forget(pk):
    Loan.objects.filter(pk=pk).delete()
"""
_MAIL = """\
from celery import shared_task
from django.core.mail import send_mail


@shared_task{options}
def greet(address):
    send_mail("Welcome", "Hello.", None, [address])
"""
_SENDS = re.compile(
    r"\b(?:send_mail|send_mass_mail|mail_admins|mail_managers|EmailMessage|EmailMultiAlternatives)\("
)
_REMEMBERS = re.compile(
    r"\.(?:update|save|create|get_or_create|update_or_create|select_for_update|add|incr)\("
    r"|lock|idempoten|once"
)
"""Something that keeps what was done, or may."""
_LATE = "CELERY_TASK_ACKS_LATE = {late}\n"
_EFFECTS = re.compile(
    r"\.(?:save|create|bulk_create|delete|update|get_or_create|update_or_create|send|write)\(|send_"
    r"|requests\.|httpx\."
)
"""Something that is missed when it does not happen."""
_COMPOSE = "docker-compose.production.yml"
_STOP = """\
services:
  worker:
    image: library:1.2.3
    command: celery -A config.celery_app worker --concurrency=2
    mem_limit: 1g
    stop_grace_period: {stop}
"""


def late(options: Options, task: Task) -> bool | None:
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
    early = [t for t in tasks(production) if late(options, t) is False and _EFFECTS.search(t.text)]
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
    is_late = uses_celery(production) and options.value("task_acks_late", default=False) is True
    if is_late and options.value("task_reject_on_worker_lost", default=False) is False:
        message = "task_acks_late without task_reject_on_worker_lost"
        yield Fault(message, options.at("task_acks_late"))


@rule(
    "CEL012",
    severity="warning",
    title="A release kills tasks that are still allowed to run",
    why="At a release the worker stops taking tasks and ends those it has, for as long as it is "
    "given. What then still runs is killed: it is lost, or begun anew where it is acknowledged "
    "late.",
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
    again = options.value("task_acks_late", default=False) is True
    if not isinstance(limit, int | float):
        return
    for start in starts(production):
        stop = _stop(start)
        if start.kind == "worker" and stop is not None and stop < limit:
            lost = ", and is then run once more" if again else ""
            message = f"The worker has {stop:g} s to end, and a task may take {limit:g} s{lost}"
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


@rule(
    "CEL031",
    severity="warning",
    title="A task that may run twice sends twice",
    why="A task that is acknowledged late is run again when its worker is lost, and this one "
    "keeps nowhere what it has done: it sends its mail once more.",
    symptom="The same mail twice, after a release or a restart.",
    fix="Mark the row first, `filter(sent=None).update(sent=now())`, and go on only where a row "
    "was changed; or let this one task be acknowledged early.",
    url=f"{TASKS}#Task.acks_late",
    mistake={"library/loans/mails.py": _MAIL.format(options="")},
    fixed={"library/loans/mails.py": _MAIL.format(options="(acks_late=False)")},
    site="split",
)
def twice(production: Production) -> Faults:
    if not uses_celery(production):
        return
    options = Options(production)
    for task in tasks(production):
        sends = _SENDS.search(task.text)
        if sends and late(options, task) and not _REMEMBERS.search(task.text):
            message = f"{task.name} is acknowledged late, and sends again when it is run again"
            yield Fault(message, task.location)
