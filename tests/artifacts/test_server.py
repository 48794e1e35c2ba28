from __future__ import annotations

import configparser
import re

import handmade
import pytest

from nuages.artifacts.layout import Layout
from nuages.artifacts.server import command, server
from nuages.model import Deployment


def deployment(kind: str, **changes: object) -> Deployment:
    asgi = kind == "uvicorn"
    return handmade.deployment(server=handmade.server(kind=kind, asgi=asgi), **changes)


def text(kind: str, **changes: object) -> str:
    return server(deployment(kind, **changes), Layout())[0].text


@pytest.mark.parametrize(
    ("kind", "argv"),
    [
        (
            "gunicorn",
            ("gunicorn", "--config", "/app/docker/gunicorn.conf.py", "mysite.wsgi:application"),
        ),
        ("uvicorn", ("python", "/app/docker/uvicorn_server.py")),
        ("granian", ("python", "/app/docker/granian_server.py")),
        ("uwsgi", ("uwsgi", "--ini", "/app/docker/uwsgi.ini")),
    ],
)
def test_no_shell_stands_between_a_server_and_its_signals(kind: str, argv: tuple[str, ...]) -> None:
    assert command(deployment(kind), Layout()) == argv


@pytest.mark.parametrize("kind", ["gunicorn", "uvicorn", "granian"])
def test_configurations_are_python(kind: str) -> None:
    compile(text(kind), kind, "exec")


@pytest.mark.parametrize("kind", ["gunicorn", "uvicorn", "granian", "uwsgi"])
def test_the_port_comes_from_the_environment(kind: str) -> None:
    assert re.search(r'environ.get\("PORT", "8000"\)|\$\(PORT\)', text(kind))


def test_gunicorn_writes_nothing_to_the_disk() -> None:
    values: dict[str, object] = {}
    exec(text("gunicorn"), values)  # noqa: S102 -- it is what gunicorn does
    assert values["worker_tmp_dir"] == "/dev/shm"
    assert values["accesslog"] == values["errorlog"] == "-"
    assert (values["timeout"], values["threads"]) == (300, 4)
    import gc  # noqa: PLC0415

    gc.enable()


def uwsgi(**changes: object) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(text("uwsgi", **changes))
    return parser["uwsgi"]


@pytest.mark.parametrize("option", ["master", "need-app", "die-on-term", "lazy-apps", "vacuum"])
def test_uwsgi_ends_when_it_should(option: str) -> None:
    assert uwsgi()[option] == "true"


def test_uwsgi_answers_in_time() -> None:
    assert uwsgi()["harakiri"] == "300"


def test_uwsgis_workers_listen_and_say_that_they_close() -> None:
    found = uwsgi()
    assert "http" not in found
    assert found["http-socket"] == ":$(PORT)"
    assert found["add-header"] == "Connection: close"


def test_uwsgi_serves_hashed_files_for_ever() -> None:
    found = uwsgi()
    assert found["static-map"] == "/static/=/app/staticfiles"
    pattern, seconds = found["static-expires-uri"].rsplit(" ", 1)
    assert re.search(pattern, "/static/css/site.0c21f82c89c2.css")
    assert not re.search(pattern, "/static/css/site.css")
    assert int(seconds) == 31536000


def test_uwsgi_refuses_unknown_hosts_once_the_names_are_known() -> None:
    assert "route-host" not in uwsgi()
    found = uwsgi(domain="example.org")
    pattern = found["route-host"].removesuffix(" last:")
    assert re.search(pattern, "example.org:8000")
    assert not re.search(pattern, "examplexorg")
    assert re.search(found["route-uri"].removesuffix(" last:"), "/health/live")
