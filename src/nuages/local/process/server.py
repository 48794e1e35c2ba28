"""The argv of each production server: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from nuages.model import Server, ServerProcess

PACKAGES: Mapping[Server, frozenset[str]] = {
    "gunicorn": frozenset({"gunicorn"}),
    "uvicorn": frozenset({"uvicorn"}),
    "uwsgi": frozenset({"uwsgi", "pyuwsgi"}),
    "granian": frozenset({"granian"}),
}
"""Distributions that bring each server; pyuwsgi is uWSGI as a wheel."""
THREADS = 4


@dataclass(frozen=True)
class Listening:
    """Where a server listens and writes, and its certificate where it speaks TLS."""

    port: int
    workers: int
    access_log: Path
    scratch: Path
    certificate: Path | None = None
    key: Path | None = None
    worker_class: str | None = None
    """gunicorn's worker for ASGI applications."""
    control_socket: bool = False
    """Whether this gunicorn opens a control socket in the home folder unless told not to."""
    graceful: bool = True
    """Whether uvicorn knows ``--timeout-graceful-shutdown`` (since 0.22)."""


CONFIG = "gunicorn.conf.py"
"""What gunicorn reads from the folder in which it starts, unless it is told of another."""


def argv(process: ServerProcess, listening: Listening, programs: Path) -> tuple[str, ...]:
    """The command of the server, found in the environment's own folder of programs."""
    build = {"gunicorn": _gunicorn, "uvicorn": _uvicorn, "uwsgi": _uwsgi, "granian": _granian}
    return (str(programs / process.kind), *build[process.kind](process, listening))


def runnable(process: ServerProcess, installed: frozenset[str]) -> ServerProcess | None:
    """The same process, on another server that is installed where its own is not."""
    order: tuple[Server, ...] = ("gunicorn", "granian", "uwsgi", "uvicorn")
    if process.asgi:
        order = ("uvicorn", "granian", "gunicorn")
    for kind in (process.kind, *order):
        if PACKAGES[kind] & installed and not (kind == "uvicorn" and not process.asgi):
            return replace(process, kind=kind)
    return None


def worker_class(asgi: bool, installed: frozenset[str]) -> str | None:
    """gunicorn's worker for the application: uvicorn's moved to a package of its own."""
    if not asgi:
        return None
    moved = "uvicorn-worker" in installed
    return "uvicorn_worker.UvicornWorker" if moved else "uvicorn.workers.UvicornWorker"


def is_graceful(uvicorn: str | None) -> bool:
    return uvicorn is not None and Version(uvicorn) >= Version("0.22")


def _gunicorn(process: ServerProcess, at: Listening) -> tuple[str, ...]:
    kind = ("--worker-class", at.worker_class) if at.worker_class else _threads(process)
    return (
        # As in the image, not the project's: that one is for its own machine, its users and logs.
        *("--config", str(at.scratch / CONFIG)),
        *("--bind", f"127.0.0.1:{at.port}"),
        *("--workers", str(at.workers), *kind, "--timeout", str(process.timeout)),
        *(
            "--graceful-timeout",
            str(process.graceful_timeout),
            "--keep-alive",
            str(process.keepalive),
        ),
        *("--forwarded-allow-ips", "127.0.0.1", "--worker-tmp-dir", str(at.scratch)),
        *("--access-logfile", str(at.access_log), "--error-logfile", "-", "--capture-output"),
        *(("--no-control-socket",) if at.control_socket else ()),
        *(_tls(at, "--certfile", "--keyfile")),
        process.target,
    )


def _threads(process: ServerProcess) -> tuple[str, ...]:
    return ("--worker-class", "gthread", "--threads", str(process.threads or THREADS))


def _uvicorn(process: ServerProcess, at: Listening) -> tuple[str, ...]:
    return (
        *("--host", "127.0.0.1", "--port", str(at.port), "--workers", str(at.workers)),
        *("--proxy-headers", "--forwarded-allow-ips", "127.0.0.1"),
        *("--timeout-keep-alive", str(process.keepalive)),
        *(("--timeout-graceful-shutdown", str(process.graceful_timeout)) if at.graceful else ()),
        *(_tls(at, "--ssl-certfile", "--ssl-keyfile")),
        process.target,
    )


def _granian(process: ServerProcess, at: Listening) -> tuple[str, ...]:
    return (
        *("--interface", "asgi" if process.asgi else "wsgi"),
        *("--host", "127.0.0.1", "--port", str(at.port), "--workers", str(at.workers)),
        *(_tls(at, "--ssl-certificate", "--ssl-keyfile")),
        process.target,
    )


def _uwsgi(process: ServerProcess, at: Listening) -> tuple[str, ...]:
    socket = f"127.0.0.1:{at.port}"
    listen = ("--http", socket)
    if at.certificate and at.key:
        listen = ("--https", f"{socket},{at.certificate},{at.key}")
    return (
        *listen,
        *(
            "--module",
            process.target,
            "--processes",
            str(at.workers),
            "--threads",
            str(process.threads),
        ),
        *("--master", "--enable-threads", "--lazy-apps", "--need-app", "--die-on-term"),
        *("--vacuum", "--http-keepalive", "--http-chunked-input", "--buffer-size", "32768"),
        *("--harakiri", str(process.timeout), "--logto2", str(at.access_log)),
    )


def _tls(at: Listening, certificate: str, key: str) -> tuple[str, ...]:
    if at.certificate is None or at.key is None:
        return ()
    return (certificate, str(at.certificate), key, str(at.key))
