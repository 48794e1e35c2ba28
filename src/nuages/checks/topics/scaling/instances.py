"""Instances: how few and how many there may be of what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.model import Service
from nuages.text import Location

_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_SPLIT = """\
domain: library.example.org
env_vars: {MAILGUN_DOMAIN: mg.library.example.org}
secrets: [DJANGO_SECRET_KEY, DJANGO_ADMIN_URL, MAILGUN_API_KEY]
"""
_SCALING = "deployment:\n  scaling:\n    min_instances: {}\n    max_instances: 4\n"
_CROWD = "deployment:\n  concurrency: {}\nserver: {{workers: 2, threads: 4}}\n"
_BEAT = (
    "services:\n  beat:\n    command: celery -A config beat\n    instances: {}\n    singleton: {}\n"
)
_PERIODIC = (
    "https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler"
)
_BEATS = re.compile(r"\bcelery\b.*?(?:\sbeat\b|\s(?:-B|--beat)\b)")
_SERVER = re.compile(r"\b(?:gunicorn|uvicorn|daphne|uwsgi|granian|hypercorn)\b")
_SCHEDULERS = re.compile(r"\b(?:BackgroundScheduler|AsyncIOScheduler|BlockingScheduler)\(")
_SLOW = "deployment:\n  scaling: {{min_instances: {}}}\n  health_check: {{start_period: 90s}}\n"
_A_MINUTE = 60
_SLOW_TO_SCALE = 85


@rule(
    "SCA003",
    severity="error",
    title="Several schedulers run at once",
    why="Each beat sends every task at its time: two of them send it twice. Mails go out twice, "
    "cards are charged twice.",
    symptom="Two mails for each reminder; tasks that appear in pairs in Flower.",
    fix="Let exactly one beat run, as a service of its own: `instances: 1`, `singleton: true`.",
    url=_PERIODIC,
    mistake={"nuages.yaml": _SPLIT + _BEAT.format(2, "false")},
    fixed={"nuages.yaml": _SPLIT + _BEAT.format(1, "true")},
    site="split",
)
def beats(production: Production) -> Faults:
    named = production.config.manifest(production.environment).services or {}
    for service in production.deployment.services if named else ():
        if _BEATS.search(" ".join(service.command)):
            yield from _several(production, service)
    yield from _of_compose(production)
    yield from _beside_the_server(production)


def _several(production: Production, service: Service) -> Faults:
    if service.scaling.max_instances > 1:
        message = f"{service.scaling.max_instances} instances of {service.name} run beat"
        yield Fault(message, production.config_at("services", service.name, "instances"))
    elif not service.singleton:
        where = production.config_at("services", service.name, "singleton")
        message = f"{service.name} runs beat, and a release may start a second one beside it"
        yield Fault(message, where, "Write `singleton: true`.", severity="warning")


def _of_compose(production: Production) -> Faults:
    for compose in production.compose_files:
        for service in compose.services:
            replicas = service.yaml.get("deploy", "replicas") or service.yaml.get("scale")
            many = replicas and replicas.text.isdigit() and int(replicas.text) > 1
            if replicas and many and _BEATS.search(service.command):
                message = f"{service.name} runs beat {replicas.text} times"
                yield Fault(message, replicas.location)


def _beside_the_server(production: Production) -> Faults:
    """A beat in the container of the web server: as many as there are of that."""
    for start in production.starts:
        texts = [command.text for command in start.commands]
        beat = next((c for c in start.commands if _BEATS.search(c.text)), None)
        if beat and any(_SERVER.search(text) for text in texts):
            message = "Beat runs beside the web server, once in each of its containers"
            yield Fault(message, beat.location, severity="warning")


@rule(
    "SCA004",
    severity="warning",
    title="What keeps the clock sleeps with the site",
    why="A service that scales to zero has no process, or no CPU, while nobody visits: what the "
    "site itself runs by the clock does not happen, and what beat sends waits for the first "
    "visitor to wake the rest.",
    symptom="Reminders that are sent in the morning, all at once; a nightly task that never ran.",
    fix="Write `min_instances: 1`, or let the platform keep the clock: `schedules` in nuages.yaml.",
    url="https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html",
    mistake={"nuages.yaml": _SPLIT + _SCALING.format(0)},
    fixed={"nuages.yaml": _SPLIT + _SCALING.format(1)},
    site="split",
)
def asleep(production: Production) -> Faults:
    deployment = production.config.manifest(production.environment).deployment
    said = deployment.scaling if deployment else None
    if said is None or said.min_instances != 0:
        return
    where = production.config_at("deployment", "scaling", "min_instances")
    services = production.deployment.services
    clock = next((s.name for s in services if _BEATS.search(" ".join(s.command))), None)
    inside = next(_schedulers(production), None)
    if inside:
        yield Fault(f"min_instances is 0, and {inside} keeps the clock inside the site", where)
    elif clock:
        yield Fault(f"min_instances is 0, and {clock} runs by the clock", where)


def _schedulers(production: Production) -> Iterator[Location]:
    for file in production.mentioning("Scheduler("):
        for number, line in enumerate(file.text.splitlines(), 1):
            if _SCHEDULERS.search(line) and "def " not in line:
                yield Location(file.path, number, len(line) - len(line.lstrip()) + 1)


@rule(
    "SCA005",
    severity="warning",
    title="A single instance, where the site must not fail",
    why="With one instance a crash, a move to another machine or a slow start is an outage. A "
    "standby of the database does not help a site that is not there.",
    symptom="503 for half a minute, some nights; an alert that is over when somebody looks.",
    fix="Write `min_instances: 2`.",
    url="https://sre.google/sre-book/embracing-risk/",
    mistake={"nuages.yaml": f"{_BASE}profile: high-availability\n{_SCALING.format(1)}"},
    fixed={"nuages.yaml": f"{_BASE}profile: high-availability\n{_SCALING.format(2)}"},
)
def alone(production: Production) -> Faults:
    least = production.deployment.web.scaling.min_instances
    reason = _must_not_fail(production)
    if least < 2 and reason:
        where = production.config_at("deployment", "scaling", "min_instances")
        yield Fault(f"min_instances is {least}, and {reason}", where)


def _must_not_fail(production: Production) -> str:
    """What in nuages.yaml says that an outage matters."""
    manifest = production.config.manifest(production.environment)
    if manifest.profile == "high-availability":
        return "the profile is high-availability"
    if manifest.database and manifest.database.high_availability:
        return "the database has a standby"
    if manifest.cache and manifest.cache.high_availability:
        return "the cache has a standby"
    watched = production.deployment.observability
    if watched.alerts and watched.uptime_check:
        return f"{watched.alerts[0]} is called when {watched.uptime_check} does not answer"
    return ""


@rule(
    "SCA006",
    severity="warning",
    title="An instance is sent more than it can work on",
    why="What is over processes × threads waits inside the instance, where the platform sees a "
    "busy instance and not a queue: it starts no other one.",
    symptom="Pages that take seconds under load, with the CPU idle and few instances.",
    fix="Let `concurrency` be processes × threads, or leave it out.",
    url="https://docs.gunicorn.org/en/stable/design.html#how-many-workers",
    mistake={"nuages.yaml": f"{_BASE}{_CROWD.format(80)}"},
    fixed={"nuages.yaml": f"{_BASE}{_CROWD.format(8)}"},
)
def crowded(production: Production) -> Faults:
    web = production.deployment.web
    if web.server is None or web.server.asgi:
        return
    able = web.server.workers * web.server.threads
    if web.scaling.concurrency > able:
        yield Fault(
            f"{web.scaling.concurrency} requests at once for {web.server.workers} processes × "
            f"{web.server.threads} threads",
            production.config_at("deployment", "concurrency"),
        )


@rule(
    "SCA007",
    severity="warning",
    title="An instance is added when it is too late",
    why="A new instance takes a while to start. With the CPU near its end, requests pile up in "
    "the meantime, and the mean over all instances hides the one that is full.",
    symptom="Time-outs at each wave of visitors, before it gets better by itself.",
    fix="Write `target_cpu: 70`.",
    url="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    mistake={"nuages.yaml": f"{_BASE}deployment:\n  scaling:\n    target_cpu: 95\n"},
    fixed={"nuages.yaml": f"{_BASE}deployment:\n  scaling:\n    target_cpu: 70\n"},
)
def late(production: Production) -> Faults:
    target = production.deployment.web.scaling.target_cpu
    if target and target >= _SLOW_TO_SCALE:
        where = production.config_at("deployment", "scaling", "target_cpu")
        yield Fault(f"An instance is added above {target} % of CPU", where)


@rule(
    "SCA010",
    severity="warning",
    title="The first visitor waits for the whole start",
    why="Scaled to zero, the site starts when somebody comes. Whoever that is waits until the "
    "probe has passed, and most do not.",
    symptom="The first page of the morning takes a minute and a half, or ends with 504.",
    fix="Write `min_instances: 1`, or make the start short and `start_period` with it.",
    url="https://sre.google/sre-book/service-level-objectives/",
    mistake={"nuages.yaml": _BASE + _SLOW.format(0)},
    fixed={"nuages.yaml": _BASE + _SLOW.format(1)},
)
def slow_start(production: Production) -> Faults:
    web = production.deployment.web
    deployment = production.config.manifest(production.environment).deployment
    said = deployment and deployment.scaling and deployment.scaling.min_instances == 0
    asked = deployment and deployment.health_check and deployment.health_check.start_period
    if said and asked and web.readiness and web.readiness.start_period > _A_MINUTE:
        yield Fault(
            f"min_instances is 0, and a start may take {web.readiness.start_period} s",
            production.config_at("deployment", "scaling", "min_instances"),
        )


@rule(
    "SCA013",
    severity="warning",
    title="Everything is doubled but the database",
    why="An outage of the zone, or the maintenance of a single database, stops all instances at "
    "once, however many there are.",
    symptom="OperationalError on every page for the minutes of a restart.",
    fix="Write `high_availability: true` under `database`, or remove it: the profile has it.",
    url="https://www.postgresql.org/docs/current/high-availability.html",
    mistake={
        "nuages.yaml": f"{_BASE}profile: high-availability\n"
        "database: {high_availability: false}\n"
    },
    fixed={
        "nuages.yaml": f"{_BASE}profile: high-availability\ndatabase: {{high_availability: true}}\n"
    },
)
def single_database(production: Production) -> Faults:
    manifest = production.config.manifest(production.environment)
    database = production.deployment.database
    promised = manifest.profile == "high-availability"
    if promised and database and not database.high_availability and database.engine != "sqlite":
        where = production.config_at("database", "high_availability")
        yield Fault("The profile is high-availability, and the database has no standby", where)
