"""Processes inside one instance: how many requests they work on, and what runs once in each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.server_command import ServerCommand, server_commands
from nuages.project.python_source import last_name
from nuages.text import Location

_ONE = 'FROM python:3.13-slim\nRUN pip install .\nUSER 2000\nCMD ["gunicorn", "shop.wsgi"{}]\n'
_DEFAULT = re.compile(r"\$\{\w+:?-(\d+)\}")
_SCHEDULER = re.compile(r"\b(?:Background|AsyncIO)Scheduler\(")
_APPS = """\
from apscheduler.schedulers.background import BackgroundScheduler
from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        {}
"""


@rule(
    "SCA008",
    severity="warning",
    title="The server works on one request at a time",
    why="gunicorn starts one process with one thread unless it is told otherwise. One slow page, "
    "or one upload from a telephone, and everybody else waits.",
    symptom="Pages that take seconds although nothing is busy; probes that fail under load.",
    fix="Write `--workers 2 --threads 4`, or set WEB_CONCURRENCY.",
    url="https://docs.gunicorn.org/en/stable/settings.html#workers",
    mistake={"Dockerfile": _ONE.format(', "--workers", "1"'), "gunicorn.conf.py": None},
    fixed={"Dockerfile": _ONE.format(', "--threads", "4"'), "gunicorn.conf.py": None},
)
def one_at_a_time(production: Production) -> Faults:
    if production.near("gunicorn.conf.py") or _is_steered(production):
        return
    for start in _gunicorns(production):
        asked = start.option("workers", "w") or ""
        given = _DEFAULT.fullmatch(asked)
        workers = given[1] if given else asked
        more = start.option("threads", "k", "worker-class", "c", "config", "paste") is not None
        platform = start.location.path.endswith("Procfile") and not asked
        if not more and not platform and workers in ("", "1"):
            level: Severity | None = None if workers else "info"
            said = f"--workers {asked}" if asked else "no --workers"
            message = f"gunicorn has {said} and no --threads: one request at a time"
            yield Fault(message, start.location, severity=level)


def _gunicorns(production: Production) -> Iterator[ServerCommand]:
    seen = set()
    for start in production.starts:
        for command in start.commands:
            for each in server_commands(command.text, command.location):
                if each.server == "gunicorn" and each.location not in seen:
                    seen.add(each.location)
                    yield each


def _is_steered(production: Production) -> bool:
    """Whether a variable of gunicorn's own is set somewhere."""
    names = re.compile(r"\b(?:WEB_CONCURRENCY|GUNICORN_CMD_ARGS)\b")
    texts = [i.text for d in production.dockerfiles for i in d.each("ENV", "CMD", "ENTRYPOINT")]
    texts += [str(c.yaml.value) for c in production.compose_files]
    texts += [script.text for script in production.scripts]
    texts += [production.text(p) for p in production.files if ".env" in p.rpartition("/")[2]]
    texts += [production.text(p) for p in ("app.json", "fly.toml", "render.yaml", ".do/app.yaml")]
    return any(names.search(text) for text in texts)


@rule(
    "SCA009",
    severity="warning",
    title="Work in the background starts in each process",
    why="ready() runs in each worker of each instance, and in migrate and shell too: what should "
    "run once runs as often as there are processes, and not at all while there is none. Platforms "
    "that give CPU for requests only stop it between them.",
    symptom="A report that is sent four times; a job that ran during the migration.",
    fix="Run it by the platform's clock: a management command under `schedules` in nuages.yaml.",
    url="https://apscheduler.readthedocs.io/en/3.x/faq.html"
    "#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes",
    mistake={"orders/apps.py": _APPS.format("BackgroundScheduler().start()")},
    fixed={"orders/apps.py": _APPS.format("pass")},
)
def scheduler(production: Production) -> Faults:
    web = production.deployment.web
    processes = web.scaling.max_instances * (web.server.workers if web.server else 1)
    places = list(_schedulers(production))
    others = f", and so do {len(places) - 1} others" if places[1:] else ""
    if places:
        yield Fault(f"The scheduler runs in each of {processes} processes{others}", places[0])
    for place in _threads(production):
        stops = "" if web.cpu_always_on else ", and only while requests are answered"
        yield Fault(f"The thread runs in each of {processes} processes{stops}", place)


def _schedulers(production: Production) -> Iterator[Location]:
    for file in production.mentioning("Scheduler("):
        if "apscheduler" not in file.text or "/management/" in file.path:
            continue
        for number, line in enumerate(file.text.splitlines(), 1):
            if _SCHEDULER.search(line):
                yield Location(file.path, number, len(line) - len(line.lstrip()) + 1)


def _threads(production: Production) -> Iterator[Location]:
    """Threads that ``AppConfig.ready`` starts."""
    for file in production.mentioning("threading", "Thread("):
        for node in file.nodes(ast.FunctionDef):
            calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
            for call in calls if node.name == "ready" else ():
                if last_name(call.func) in ("Thread", "Timer"):
                    yield file.at(call)
