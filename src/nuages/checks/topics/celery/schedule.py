"""What runs at which time, and by whose clock."""

from __future__ import annotations

from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery import OPTIONS
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.starts import starts
from nuages.checks.topics.celery.tasks import registered

_BEAT = "https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html"
_ENTRY = 'CELERY_BEAT_SCHEDULE = {{"late": {{"task": "{task}", "schedule": {schedule}}}}}\n'
_TASK = "library.loans.tasks.remind_late"
_DAY = 86_400


def _schedule(task: str = _TASK, schedule: str = "crontab(hour=7)") -> dict[str, str]:
    text = _ENTRY.format(task=task, schedule=schedule)
    return {"settings.py": f"from celery.schedules import crontab\n{text}"}


def _entries(options: Options) -> dict[str, dict[str, Any]]:
    found = options.value("beat_schedule", default={})
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: entry for name, entry in pairs if isinstance(entry, dict)}


@rule(
    "CEL024",
    severity="error",
    title="The schedule names a task that does not exist",
    why="beat queues what the schedule says, by name, and knows no tasks. The worker throws away "
    "what it has never heard of.",
    symptom="Received unregistered task of type 'library.loans.tasks.remind_all'. The message has "
    "been ignored and discarded.",
    fix="Write the task's module and name as they are now.",
    url=f"{_BEAT}#entries",
    mistake=_schedule("library.loans.tasks.remind_all"),
    fixed=_schedule(),
    site="split",
)
def unknown_task(production: Production) -> Faults:
    options = Options(production)
    if not uses_celery(production):
        return
    known = registered(production)
    for name, entry in _entries(options).items():
        task = entry.get("task")
        module, _, function = str(task).rpartition(".")
        path = production.sources.path(module) if isinstance(task, str) and module else None
        if path is None or task in known or path.endswith("/__init__.py"):
            continue
        file = production.python(path)
        if function not in file.imported and f"def {function}" not in file.text:
            message = f"The entry {name!r} queues {task}, and {path} has no such task"
            yield Fault(message, options.at("beat_schedule", name))


@rule(
    "CEL025",
    severity="warning",
    title="A daily task begins its day anew at each release",
    why="An interval counts from when beat was started, unless its file is kept. In a container "
    "that is replaced with each release, what is due after a day never is while you release "
    "every day.",
    symptom="A task that runs at weekends only.",
    fix="Say the hour: `crontab(hour=3, minute=0)`; or keep the schedule in the database with "
    "django-celery-beat.",
    url=f"{_BEAT}#crontab-schedules",
    mistake=_schedule(schedule="24 * 3600.0"),
    fixed=_schedule(schedule="3600.0"),
    site="split",
)
def anew(production: Production) -> Faults:
    options = Options(production)
    kept = production.settings.has_app("django_celery_beat") or options.said("beat_scheduler")
    if not uses_celery(production) or kept:
        return
    if any(
        s.kind == "beat" and s.compose and s.compose.yaml.get("volumes") for s in starts(production)
    ):
        return
    for name, entry in _entries(options).items():
        interval = entry.get("schedule")
        if isinstance(interval, int | float) and interval >= _DAY:
            message = f"{name!r} is due {interval / _DAY:g} days after beat was last started"
            yield Fault(message, options.at("beat_schedule", name))


@rule(
    "CEL026",
    severity="warning",
    title="The schedule is in another time zone than the site",
    why="Celery takes the site's time zone unless it is given its own. Hours of the schedule are "
    "then hours of another place, and move by one when summer time begins.",
    symptom="The report of 7:30 comes at 8:30 or 9:30.",
    fix="`CELERY_TIMEZONE = TIME_ZONE`, or leave it out.",
    url=f"{OPTIONS}#timezone",
    mistake={"settings.py": 'CELERY_TIMEZONE = "UTC"'},
    fixed={"settings.py": "CELERY_TIMEZONE = TIME_ZONE"},
    site="split",
)
def other_zone(production: Production) -> Faults:
    options = Options(production)
    celery = production.project.celery
    if celery is None or not celery.value.beat or options.setting("timezone") is None:
        return
    own = options.value("timezone")
    site = production.settings.get("TIME_ZONE", default="America/Chicago")
    if isinstance(own, str) and isinstance(site, str) and own != site and _hours(production):
        message = f"The schedule is in {own}, the site in {site}"
        yield Fault(message, options.at("timezone"))


def _hours(production: Production) -> bool:
    """Whether something is due at an hour, not after an interval."""
    for file in (*production.settings_files, *Options(production).files):
        for call in file.calls("crontab"):
            if any(each.arg == "hour" for each in call.keywords) or len(call.args) > 1:
                return True
    return False
