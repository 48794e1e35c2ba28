"""Whether the processes fit into the container that they get."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.server_command import server_commands
from nuages.text import Location

_MIB = 1024 * 1024
_LEAST = 100 * _MIB
"""What a process of a small Django site takes, imports and all; most take more."""
_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_CPUS = re.compile(r"cpu_count\(\)|\bnproc\b")


@rule(
    "IMG027",
    severity="error",
    title="The processes do not fit into the memory",
    why="Each process imports all of the site. When together they need more than the container "
    "has, the kernel kills one of them, in the middle of a request, over and over.",
    symptom="Worker (pid:…) was sent SIGKILL! Perhaps out of memory?; exit code 137; OOMKilled.",
    fix="Take fewer `server.workers` (threads cost little), or more `deployment.resources.memory`.",
    url="https://docs.gunicorn.org/en/stable/design.html#how-many-workers",
    mistake={
        "nuages.yaml": f"{_BASE}deployment:\n  resources:\n    memory: 512Mi\n"
        "server:\n  workers: 9\n"
    },
    fixed={
        "nuages.yaml": f"{_BASE}deployment:\n  resources:\n    memory: 1Gi\nserver:\n  workers: 2\n"
    },
)
def memory(production: Production) -> Faults:
    web = production.deployment.web
    if web.server and web.server.workers * _LEAST > web.memory:
        yield Fault(
            f"{web.server.workers} processes share {web.memory // _MIB} MiB, "
            f"{web.memory // _MIB // web.server.workers} MiB each",
            production.config_at("server", "workers"),
        )
    for workers, limit, where in _in_compose(production):
        if workers * _LEAST > limit:
            yield Fault(f"{workers} processes share {limit // _MIB} MiB", where)


def _in_compose(production: Production) -> Iterator[tuple[int, int, Location]]:
    """Processes and memory of the services that say both."""
    for compose in production.serving:
        for service in compose.own:
            limit = service.yaml.get("mem_limit") or service.yaml.get(
                "deploy", "resources", "limits", "memory"
            )
            size = _bytes(limit.text) if limit else None
            said, where = service.environment.get("WEB_CONCURRENCY", (None, service.key))
            if size and said and said.isdigit():
                yield int(said), size, where
            for server in server_commands(service.command, service.at("command")):
                workers = server.number("w", "workers", "processes", "p")
                if size and workers:
                    yield workers, size, server.location


def _bytes(text: str) -> int | None:
    """``512m``, ``1G``, ``1gb``: https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values"""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)i?b?", text.strip().lower())
    units = {"": 1, "k": 1024, "m": _MIB, "g": 1024 * _MIB}
    return int(float(found[1]) * units[found[2]]) if found else None


@rule(
    "IMG028",
    severity="warning",
    title="The processes are counted by the machine's CPUs",
    why="cpu_count() and nproc tell of the machine, not of the share that the container has: on a "
    "host with 32 cores that makes 65 processes, in a container with one core and a gigabyte.",
    symptom="OOMKilled on a larger host; connections exhausted after moving to another machine.",
    fix="Read a number: `workers = int(os.environ.get('WEB_CONCURRENCY', '2'))`.",
    url="https://docs.gunicorn.org/en/stable/settings.html#workers",
    mistake={
        "gunicorn.conf.py": "from multiprocessing import cpu_count\n\n"
        "workers = cpu_count() * 2 + 1\n"
    },
    fixed={
        "gunicorn.conf.py": "import os\n\nworkers = int(os.environ.get('WEB_CONCURRENCY', '2'))\n"
    },
)
def counted(production: Production) -> Faults:
    for path in production.files:
        if re.search(r"(?:^|/)(?:gunicorn[\w.-]*\.py|[\w-]*gunicorn[\w-]*\.py)$", path):
            for line, _ in production.lines(path).matching(r"^\s*workers\s*=.*cpu_count\(\)"):
                if "environ" not in line.text and "getenv" not in line.text:
                    yield Fault("The workers are counted by cpu_count()", line.location)
    for server in production.servers:
        text = " ".join(server.words)
        if _CPUS.search(text) and "{" not in text:
            yield Fault(f"{server.server} takes as many processes as nproc says", server.location)
