"""Commands that start a web server."""

from __future__ import annotations

from nuages.checks.sources.server_command import server_commands
from nuages.text import Location

HERE = Location("Procfile", 1)


def test_options_in_every_spelling() -> None:
    text = "gunicorn shop.wsgi -w 3 --timeout=30 --bind 0.0.0.0:$PORT --preload"
    (found,) = server_commands(text, HERE)
    assert found.server == "gunicorn"
    assert found.number("w", "workers") == 3
    assert found.number("timeout", "t") == 30
    assert found.option("preload") == "true"
    assert found.number("bind") is None


def test_what_stands_before_the_server_does_not_hide_it() -> None:
    text = "python manage.py migrate && exec /venv/bin/uvicorn shop.asgi:application"
    assert [each.server for each in server_commands(text, HERE)] == ["uvicorn"]


def test_installing_a_server_starts_none() -> None:
    assert not list(server_commands("pip install gunicorn uvicorn", HERE))
    assert not list(server_commands("gunicorn 'unclosed", HERE))[1:]
