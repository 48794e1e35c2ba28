"""What ends when something else ends: connections, uploads, tasks, heartbeats."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService
from nuages.checks.topics.timeouts.chain import gunicorn
from nuages.text import Location

_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_NGINX = "server {{\n  {}location / {{\n    proxy_pass http://web:8000;\n  }}\n}}\n"
_GUNICORN = "https://docs.gunicorn.org/en/stable"
_WORKER = (
    _BASE + "services:\n  worker:\n    command: celery -A config worker\n    stop_timeout: {}\n"
)
IDLE = 60
"""Seconds for which the usual load balancers keep an idle connection."""
_SIZES = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}


@rule(
    "TIM007",
    severity="warning",
    title="The server hangs up before the load balancer does",
    why="A load balancer keeps connections to the server open and sends the next request on one "
    "of them. Where the server closes it in that moment, the request is lost.",
    symptom="A few 502 a day, with nothing in the server's log.",
    fix="Let `server.keepalive` be longer than the load balancer's idle timeout: `75s`.",
    url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "load-balancer-troubleshooting.html#http-502-issues",
    mistake={"nuages.yaml": f"{_BASE}server:\n  keepalive: 5s\n"},
    fixed={"nuages.yaml": f"{_BASE}server:\n  keepalive: 75s\n"},
)
def hangs_up(production: Production) -> Faults:
    server = production.deployment.web.server
    said = production.config_said("server", "keepalive")
    if server and said and server.keepalive <= IDLE:
        yield Fault(
            f"The server closes an idle connection after {server.keepalive} s, a load balancer "
            f"after {IDLE} s",
            said,
        )
    for start in production.servers:
        seconds = start.number("keep-alive", "timeout-keep-alive")
        if seconds is not None and seconds <= IDLE and not said:
            message = f"{start.server} closes an idle connection after {seconds} s"
            yield Fault(message, start.location, severity="info")


@rule(
    "TIM008",
    severity="warning",
    title="nginx refuses uploads that the site takes",
    why="nginx takes 1 MB unless client_max_body_size says more, and answers a larger upload "
    "itself: the site never sees it, and cannot say what is wrong.",
    symptom="413 Request Entity Too Large, a bare page of nginx.",
    fix="Set `client_max_body_size` to what the site takes.",
    url="https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size",
    mistake={
        "nginx.conf": _NGINX.format(""),
        "settings.py": "DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20",
    },
    fixed={
        "nginx.conf": _NGINX.format("client_max_body_size 20m;\n  "),
        "settings.py": "DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20",
    },
)
def uploads(production: Production) -> Faults:
    wanted = _wanted(production)
    for path in production.tree.files if wanted else ():
        if "nginx" in path and ".conf" in path.rpartition("/")[2]:
            text = production.text(path)
            found = re.findall(r"^\s*client_max_body_size\s+(\d+)([kmg]?)\s*;", text, re.M | re.I)
            limits = [int(number) * _SIZES[unit.lower()] for number, unit in found]
            proxied = production.find(path, r"proxy_pass|uwsgi_pass")
            if proxied and 0 not in limits and max(limits, default=2**20) < wanted:
                where = production.find(path, r"client_max_body_size") or proxied
                takes = max(limits, default=2**20) / 2**20
                message = f"nginx takes {takes:.0f} MB, the site {wanted / 2**20:.0f} MB"
                yield Fault(message, where)


def _wanted(production: Production) -> int:
    """Bytes that the site says it takes; 0 where it says nothing."""
    limit = production.settings.get("DATA_UPLOAD_MAX_MEMORY_SIZE")
    if isinstance(limit, int):
        return limit
    server = production.deployment.web.server
    said = production.config_said("server", "max_upload")
    return server.max_upload if server and said else 0


@rule(
    "TIM009",
    severity="info",
    title="The workers' heartbeat is on a disk",
    why="Each gunicorn worker touches a file in /tmp all the time. On a container's disk that can "
    "take seconds, and gunicorn takes the worker for a dead one.",
    symptom="[CRITICAL] WORKER TIMEOUT of workers that have nothing to do.",
    fix="Give `--worker-tmp-dir /dev/shm`.",
    url=f"{_GUNICORN}/faq.html#how-do-i-avoid-gunicorn-excessively-blocking-in-os-fchmod",
    mistake={
        "gunicorn.conf.py": None,
        "Dockerfile": "FROM python:3.13.5-slim\nRUN pip install -r requirements.txt\n"
        'USER 2000\nCMD ["gunicorn", "shop.wsgi", "--timeout", "310", "-w", "2"]\n',
    },
    fixed={
        "gunicorn.conf.py": None,
        "Dockerfile": "FROM python:3.13.5-slim\nRUN pip install -r requirements.txt\n"
        'USER 2000\nCMD ["gunicorn", "shop.wsgi", "--worker-tmp-dir", "/dev/shm", "-w", "2"]\n',
    },
)
def heartbeat(production: Production) -> Faults:
    path = production.near("gunicorn.conf.py")
    if not production.dockerfiles or (path and "worker_tmp_dir" in production.text(path)):
        return
    for start in production.servers:
        elsewhere = start.option("worker-tmp-dir", "c", "config")
        if (
            start.server == "gunicorn"
            and elsewhere is None
            and "Procfile" not in start.location.path
        ):
            yield Fault("gunicorn's workers keep their heartbeat in /tmp", start.location)
            return


@rule(
    "TIM010",
    severity="warning",
    title="A worker is stopped before its task ends",
    why="At a release a worker finishes what it has begun, for as long as it is let. A task that "
    "may take longer is killed in the middle.",
    symptom="Tasks that are half done after a release; WorkerLostError: SIGKILL.",
    fix="Let the worker's `stop_timeout` be longer than CELERY_TASK_TIME_LIMIT.",
    url="https://docs.celeryq.dev/en/stable/userguide/workers.html#stopping-the-worker",
    site="split",
    mistake={
        "nuages.yaml": _WORKER.format("10s"),
        "settings.py": "CELERY_TASK_TIME_LIMIT = 300",
    },
    fixed={
        "nuages.yaml": _WORKER.format("310s"),
        "settings.py": "CELERY_TASK_TIME_LIMIT = 300",
    },
)
def task_killed(production: Production) -> Faults:
    limit = production.settings.get("CELERY_TASK_TIME_LIMIT")
    if not isinstance(limit, int | float):
        return
    for service in production.deployment.services:
        said = production.config_said("services", service.name, "stop_timeout")
        works = "worker" in service.command and "celery" in " ".join(service.command)
        if works and said and service.stop_timeout < limit:
            short = f"{service.name} has {service.stop_timeout} s to stop"
            yield Fault(f"{short}, a task may take {limit} s", said)


@rule(
    "TIM011",
    severity="warning",
    title="Docker kills the server before it has finished",
    why="`docker stop` waits 10 seconds, unless stop_grace_period says more, and then kills. A "
    "server that means to finish its requests for longer never gets the time.",
    symptom="A few 502 or connection resets whenever the stack is updated.",
    fix="Set `stop_grace_period` of the service to more than the server's graceful timeout.",
    url="https://docs.docker.com/reference/compose-file/services/#stop_grace_period",
    mistake={
        "compose.yaml": "services:\n  web:\n    build: .\n    image: shop:1.4.0\n"
        "    command: gunicorn shop.wsgi --graceful-timeout 30 --worker-tmp-dir /dev/shm\n"
    },
    fixed={
        "compose.yaml": "services:\n  web:\n    build: .\n    image: shop:1.4.0\n"
        "    command: gunicorn shop.wsgi --graceful-timeout 30 --worker-tmp-dir /dev/shm\n"
        "    stop_grace_period: 40s\n"
    },
)
def docker_kills(production: Production) -> Faults:
    for compose in production.compose_files:
        for service in compose.own if compose.serves else ():
            grace = service.yaml.get("stop_grace_period")
            seconds = _seconds(grace.text) if grace else 10
            for graceful, _ in _graceful(production, service):
                if seconds < graceful:
                    message = (
                        f"{service.name} means to finish for {graceful} s, and has {seconds} s"
                    )
                    yield Fault(message, service.at("stop_grace_period"))
                    break


def _graceful(production: Production, service: ComposeService) -> Iterator[tuple[int, Location]]:
    """How long the service's own server means to finish; a job's commands have no server."""
    names = ("graceful-timeout", "timeout-graceful-shutdown")
    for value, place in gunicorn(production, "graceful_timeout", *names):
        own = place.path == service.key.path and "gunicorn" in service.command
        if own or (not service.command and place.path != service.key.path):
            yield value, place


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": 3600}
    return sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)(s|m|h)", text))
