"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import SCRIPT, compose, image


@pytest.mark.parametrize(
    ("line", "keeps"),
    [
        ("CMD gunicorn shop.wsgi", True),
        ("CMD python manage.py check && gunicorn shop.wsgi", True),
        ('CMD ["sh", "-c", "gunicorn shop.wsgi --bind 0.0.0.0:$PORT"]', True),
        ('CMD ["sh", "-c", "exec gunicorn shop.wsgi"]', False),
        ("CMD exec gunicorn shop.wsgi", False),
        ('CMD ["gunicorn", "shop.wsgi"]', False),
        ("ENTRYPOINT gunicorn shop.wsgi", True),
        ('ENTRYPOINT ["./x"]\nCMD ["gunicorn"]', False),
        ('SHELL ["/bin/bash", "-c"]\nCMD gunicorn shop.wsgi', False),
    ],
)
def test_who_is_process_one(line: str, keeps: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\n{line}\n"
    assert bool(found("IMG009", {"Dockerfile": text})) is keeps


@pytest.mark.parametrize(
    ("script", "stays"),
    [
        ("gunicorn shop.wsgi", True),
        ('"$@"', True),
        ("exec gunicorn shop.wsgi", False),
        ('exec "$@"', False),
        ("gunicorn --check-config shop.wsgi\nexec gunicorn shop.wsgi", False),
        ("celery -A shop status\nexec gunicorn shop.wsgi", False),
    ],
)
def test_a_script_becomes_the_server(script: str, stays: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f"#!/bin/sh\n{script}\n"}
    assert bool(found("IMG010", files)) is stays


def test_runserver_in_a_compose_file_beside_a_real_server_is_for_development() -> None:
    line = "    command: python manage.py runserver 0.0.0.0:8000"
    (finding,) = found("IMG012", compose(line))
    assert (finding.severity, finding.location.line) == ("error", 5)
    assert found("IMG012", compose(line, "    volumes: ['.:/app']")) == []
    without = {**compose(line, "    volumes: ['.:/app']"), "Dockerfile": None}
    assert [each.severity for each in found("IMG012", without)] == ["warning"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('CMD ["gunicorn", "-b", ":$PORT", "x"]', True),
        ('CMD ["python", "-m", "gunicorn", "-b", ":${PORT}", "x"]', True),
        ('CMD ["sh", "-c", "exec gunicorn -b :$PORT x"]', False),
        ("CMD exec gunicorn -b :$PORT x", False),
        ('ENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "-b", ":$PORT"]', False),
        ('CMD ["supervise", "gunicorn", "-b", ":$PORT"]', False),
    ],
)
def test_variables_in_a_list(line: str, wrong: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\n{line}\n"
    assert bool(found("IMG013", {"Dockerfile": text})) is wrong


@pytest.mark.parametrize(
    ("command", "hidden"),
    [
        ('"gunicorn", "-b", "127.0.0.1:8000", "x"', True),
        ('"uvicorn", "x:app", "--host", "localhost"', True),
        ('"gunicorn", "x"', True),
        ('"gunicorn", "-c", "conf.py", "x"', False),
        ('"gunicorn", "--bind=:8000", "x"', False),
        ('"uvicorn", "x:app", "--host=0.0.0.0"', False),
    ],
)
def test_what_the_server_listens_on(command: str, hidden: bool) -> None:
    text = f"FROM python:3.13-slim\nRUN pip list\nUSER 1\nCMD [{command}]\n"
    files = {"Dockerfile": text, "gunicorn.conf.py": None}
    assert bool(found("IMG014", files)) is hidden


def test_a_port_of_the_platforms_own() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    yaml = "provider: gcp\ndomain: x.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: x\n"
    assert len(found("IMG015", {"Dockerfile": text, "nuages.yaml": yaml})) == 1
    assert found("IMG015", {"Dockerfile": text}) == []


def test_a_server_that_watches() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"--reload", "x"')
    assert len(found("IMG044", {"Dockerfile": text})) == 1
    draft = compose("    volumes: ['.:/app']", "    command: uvicorn x:app --reload")
    draft["compose.yaml"] = str(draft["compose.yaml"]).replace("    restart: always\n", "")
    assert found("IMG044", draft) == []


def test_what_gunicorns_file_binds() -> None:
    (finding,) = found("IMG014", {"gunicorn.conf.py": 'bind = "127.0.0.1:8000"\n'})
    assert str(finding.location) == "gunicorn.conf.py:1"


def test_a_port_in_gunicorns_file_where_the_platform_gives_one() -> None:
    yaml = "provider: gcp\ndomain: x.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: x\n"
    files = {"nuages.yaml": yaml, "gunicorn.conf.py": 'bind = "0.0.0.0:8000"\n'}
    (finding,) = found("IMG015", files)
    assert finding.location.path == "gunicorn.conf.py"
    assert found("IMG015", {**files, "gunicorn.conf.py": 'bind = "0.0.0.0:8080"\n'}) == []
