from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nuages.local.process import server
from nuages.local.process.server import Listening
from nuages.model import Server, ServerProcess

WSGI = ServerProcess("gunicorn", "shop.wsgi:application", False, 4, 8, 60, 30, 5, 75_000_000)
ASGI = replace(WSGI, kind="uvicorn", target="shop.asgi:application", asgi=True)
AT = Listening(8000, 2, Path("/l/access.log"), Path("/d"))
TLS = replace(AT, certificate=Path("/c.pem"), key=Path("/c.key"))


def argv(process: ServerProcess, at: Listening = AT) -> str:
    return " ".join(server.argv(process, at, Path("/env/bin")))


@pytest.mark.parametrize("kind", ["gunicorn", "uvicorn", "uwsgi", "granian"])
def test_every_server_listens_on_loopback_only(kind: Server) -> None:
    words = argv(replace(WSGI, kind=kind))
    assert words.startswith(f"/env/bin/{kind} ")
    assert "127.0.0.1" in words
    assert "0.0.0.0" not in words  # noqa: S104
    assert "shop.wsgi:application" in words
    assert "/c.pem" in argv(replace(WSGI, kind=kind), TLS)


def test_gunicorn_runs_threads_or_uvicorns_worker() -> None:
    assert "--worker-class gthread --threads 8" in argv(WSGI)
    asgi = argv(
        replace(ASGI, kind="gunicorn"), replace(AT, worker_class="uvicorn_worker.UvicornWorker")
    )
    assert "--worker-class uvicorn_worker.UvicornWorker" in asgi
    assert "--threads" not in asgi


def test_gunicorn_reads_a_configuration_of_ours_and_not_the_one_of_another_machine() -> None:
    assert f"--config {AT.scratch}/gunicorn.conf.py --bind 127.0.0.1" in argv(WSGI)


def test_an_old_uvicorn_is_not_given_what_it_does_not_know() -> None:
    assert "--timeout-graceful-shutdown 30" in argv(ASGI)
    assert "--timeout-graceful-shutdown" not in argv(ASGI, replace(AT, graceful=False))
    assert not server.is_graceful("0.13.4")
    assert server.is_graceful("0.30.0")


def test_another_server_runs_where_its_own_is_not_installed() -> None:
    other = server.runnable(WSGI, frozenset({"granian", "uvicorn"}))
    assert other is not None
    assert other.kind == "granian"
    wheel = server.runnable(replace(WSGI, kind="uwsgi"), frozenset({"pyuwsgi", "gunicorn"}))
    assert wheel is not None
    assert wheel.kind == "uwsgi"
    assert server.runnable(WSGI, frozenset({"uvicorn"})) is None, "uvicorn speaks ASGI only"
    assert server.runnable(ASGI, frozenset({"uvicorn"})) == ASGI
