"""The web server inside the container: which one, how many processes, and its timeouts."""

from __future__ import annotations

from nuages.config.inputs import Inputs
from nuages.config.profiles import MIB
from nuages.model import Database, Server, ServerProcess
from nuages.project.facts import EntryPoint

REQUEST_TIMEOUT = 300
GRACE = 10
"""Seconds by which each link of the chain waits longer than the one inside it."""
KEEPALIVE = 75
MAX_UPLOAD = 75 * MIB
MEMORY_PER_WORKER = 256 * MIB
THREADS = 4
RESERVED = 10
"""Connections kept for migrations, shells and the database's own superuser."""
# https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS
# https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections
CONNECTIONS = {"postgresql": 100, "mysql": 151, "sqlite": 1000}


def request_timeout(inputs: Inputs) -> int:
    """Seconds that a request may take; everything around it waits longer."""
    return inputs.deployment.timeout or REQUEST_TIMEOUT


def process(
    inputs: Inputs, target: str, database: Database | None, instances: int
) -> ServerProcess:
    """The server process; ``target`` is ``module:attribute``, ``instances`` the most at once."""
    said = inputs.server
    asgi = is_asgi(inputs)
    workers, threads = _concurrency(inputs, asgi, database, instances)
    return ServerProcess(
        kind=kind(inputs),
        target=target,
        asgi=asgi,
        workers=workers,
        threads=threads,
        timeout=said.timeout or request_timeout(inputs) + GRACE,
        graceful_timeout=said.graceful_timeout or max(5, stop_timeout(inputs) - 5),
        keepalive=said.keepalive or KEEPALIVE,
        max_upload=said.max_upload or MAX_UPLOAD,
    )


def stop_timeout(inputs: Inputs) -> int:
    """Seconds between SIGTERM and SIGKILL."""
    return inputs.deployment.stop_timeout or 30


def kind(inputs: Inputs) -> Server:
    """The server: as said, else the project's own, else the usual one for its interface."""
    said = inputs.server.type
    if said is not None and said != "auto":
        return said
    own = [name for name in inputs.project.servers if name != "daphne"]
    if inputs.project.needs_asgi.value:
        return "granian" if "granian" in own and "uvicorn" not in own else "uvicorn"
    order: tuple[Server, ...] = ("gunicorn", "uwsgi", "granian")
    for name in order:
        if name in own:
            return name
    return "uvicorn" if "uvicorn" in own and inputs.project.asgi else "gunicorn"


def is_asgi(inputs: Inputs) -> bool:
    """Whether the application is served over ASGI.

    Raises ``ConfigError`` where the server cannot speak what the project needs.
    """
    chosen = kind(inputs)
    application = inputs.server.application
    if application:
        return "asgi" in application or chosen == "uvicorn"
    needs = inputs.project.needs_asgi.value
    if needs and chosen == "uwsgi":
        message = "uwsgi speaks WSGI only, and the project needs ASGI"
        raise inputs.error(("server",), message, "use uvicorn, granian or gunicorn")
    only_asgi = inputs.project.wsgi is None and inputs.project.asgi is not None
    return needs or chosen == "uvicorn" or only_asgi


def entry_point(inputs: Inputs) -> EntryPoint | None:
    """The project's own application for the interface that is served."""
    fact = inputs.project.asgi if is_asgi(inputs) else inputs.project.wsgi
    return fact.value if fact else None


def _concurrency(
    inputs: Inputs, asgi: bool, database: Database | None, instances: int
) -> tuple[int, int]:
    """Processes and threads: by CPU and memory, and within the database's connections.

    instances × processes × threads is what may be connected at once, so the threads give way
    first, then the processes (one of each always stays). What nuages.yaml says is kept.
    """
    cpu = inputs.resources.cpu or inputs.profile.cpu
    memory = inputs.resources.memory or inputs.profile.memory
    fitting = max(1, min(2 * max(1, round(cpu)), memory // MEMORY_PER_WORKER))
    workers = inputs.server.workers or fitting
    if asgi:
        return workers, inputs.server.threads or 1
    threads = inputs.server.threads or THREADS
    if database is None:
        return workers, threads
    limit = database.max_connections or CONNECTIONS[database.engine]
    share = max(1, (limit - RESERVED) // instances)
    while inputs.server.threads is None and threads > 1 and workers * threads > share:
        threads -= 1
    while inputs.server.workers is None and workers > 1 and workers * threads > share:
        workers -= 1
    return workers, threads
