"""Work outside the request: Celery and its schedule, and the other task queues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.project.facts import CeleryApp, Evidence, Fact, Problem
from nuages.project.python_source import at, calls, parsed
from nuages.project.site import Site
from nuages.text import Location

_CALL = re.compile(r"^\s*(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*Celery\(", re.MULTILINE)
_SCHEDULE = re.compile(
    r"\bbeat_schedule\b\s*=|\badd_periodic_task\(|CELERY_?BEAT_SCHEDULE\s*=|@periodic_task|update\(\s*beat_schedule"
)
_FILES = ("celery.py", "celery_app.py", "celeryapp.py", "celery_config.py", "celeryconfig.py")
_TESTS = re.compile(r"(?:^|/)(?:tests?|testing|docs?)/")
_SCHEDULES = ("CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE", "BEAT_SCHEDULE")
_DATABASE_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
_BROKERS = ("CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER", "CELERY_REDIS_URL")
_OTHERS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    # our name, applications, packages
    ("huey", ("huey.contrib.djhuey", "bx_django_utils.huey"), ("huey",)),
    ("django-rq", ("django_rq",), ("django-rq",)),
    ("django-q", ("django_q",), ("django-q", "django-q2")),
    ("dramatiq", ("django_dramatiq",), ("django-dramatiq",)),
    ("procrastinate", ("procrastinate.contrib.django",), ("procrastinate",)),
    ("django-tasks", ("django_tasks.backends.database",), ()),
)


def celery(site: Site) -> Fact[CeleryApp] | None:
    """The module that makes the application, and whether anything is scheduled."""
    if site.dependencies.lock and not site.has("celery"):
        return None  # of an extra that is not installed
    found = _application(site)
    if found is None:
        return None
    path, name, evidence = found
    module = site.sources.module(path)
    if module is None:
        return None
    schedule = list(_schedules(site, path))
    database = "django_celery_beat" in site.apps
    scheduler = site.text("CELERY_BEAT_SCHEDULER") or site.text("CELERYBEAT_SCHEDULER")
    if database and not scheduler:
        scheduler = _DATABASE_SCHEDULER
    if database:
        schedule.append(Evidence(site.at("INSTALLED_APPS").location, "django_celery_beat"))
    app = CeleryApp(f"{module}:{name}", bool(schedule), scheduler, _broker_variables(site))
    return Fact(app, (evidence, *schedule))


def _application(site: Site) -> tuple[str, str, Evidence] | None:
    if not site.has("celery") and not any("celery" in app for app in site.apps):
        known = any(name in site.settings.settings for name in _BROKERS)
        if not known and "celery" not in " ".join(site.tree.by_name):
            return None
    for path in _likely(site):
        text = site.tree.read(path) or ""
        if "Celery(" not in text:
            continue
        tree = parsed(text, path)
        if isinstance(tree, Problem):
            if match := _CALL.search(text):
                return path, match[1], at(path, text, match.start(1), match[0].strip() + "…)")
            continue
        for node in tree.body:
            if isinstance(node, ast.Assign) and any(True for _ in calls(node.value, "Celery")):
                target = node.targets[0]
                if isinstance(target, ast.Name):
                    note = ast.unparse(node).partition("\n")[0]
                    return path, target.id, Evidence(Location(path, node.lineno), note)
    return None


def _likely(site: Site) -> Iterator[str]:
    """Files by their customary names, then packages' own, where some keep it."""
    own = {p for p in site.sources.own if not _TESTS.search(p)}
    package = site.settings.module.partition(".")[0]
    named = [p for p in site.tree.named(*_FILES) if p in own]
    yield from sorted(named, key=lambda p: (f"/{package}/" not in f"/{p}", p.count("/")))
    yield from (p for p in site.tree.named("__init__.py", "tasks.py") if p in own and _shallow(p))
    if site.has("celery"):
        worded = ("worker", "queue", "task", "celery")
        yield from (p for p in sorted(own) if any(w in p.rpartition("/")[2] for w in worded))


def _shallow(path: str) -> bool:
    return path.count("/") <= 2


def _schedules(site: Site, path: str) -> Iterator[Evidence]:
    for name in _SCHEDULES:
        if site.value(name):
            yield site.at(name)
    text = site.tree.read(path) or ""
    if match := _SCHEDULE.search(text):
        yield at(path, text, match.start(), "a schedule")


def _broker_variables(site: Site) -> tuple[str, ...]:
    for name in _BROKERS:
        found = site.settings.settings.get(name)
        if found is not None:
            return found.variables
    return ()


def task_queues(site: Site) -> tuple[Fact[str], ...]:
    """Queues other than Celery that have a worker to run."""
    found = []
    for name, applications, packages in _OTHERS:
        if any(app in applications for app in site.apps):
            evidence = [Evidence(site.at("INSTALLED_APPS").location, name)]
            if package := site.has(*packages):
                evidence.append(package)
            found.append(Fact(name, tuple(evidence)))
    return tuple(found)
