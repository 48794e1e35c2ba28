"""What containers run when they start."""

from __future__ import annotations

import pytest
from clean_site import site

from nuages.checks.sources.starting import Start, by_default

IMAGE = "FROM python:3.13-slim\nCOPY docker/begin /start\nRUN pip list\n"


def starts(files: dict[str, str | None]) -> dict[str, Start]:
    gone: dict[str, str | None] = {"compose.yaml": None}
    return {start.name: start for start in site({**gone, **files}).starts}


def programs(start: Start) -> list[str]:
    return [command.program for command in start.commands]


def test_scripts_are_followed_under_the_name_that_they_have_in_the_image() -> None:
    files: dict[str, str | None] = {
        "Dockerfile": f'{IMAGE}CMD ["/start"]\n',
        "docker/begin": "#!/bin/sh\n./prepare.sh && exec gunicorn shop.wsgi\n",
        "prepare.sh": "python manage.py migrate\n",
    }
    assert programs(starts(files)["Dockerfile"]) == ["manage.py", "gunicorn"]


def test_entry_point_and_command_are_one_start() -> None:
    files: dict[str, str | None] = {
        "Dockerfile": f'{IMAGE}ENTRYPOINT ["docker/entry.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
        "docker/entry.sh": 'exec "$@"\n',
    }
    start = starts(files)["Dockerfile"]
    assert programs(start) == ["$@", "gunicorn"]
    assert start.lasting


def test_services_of_the_project_and_no_others() -> None:
    text = (
        "services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n"
        "  db:\n    image: postgres:17\n    command: postgres -c fsync=off\n"
        "  front:\n    build: ./frontend\n    command: npm run dev\n"
        "  jobs:\n    image: registry/shop:1\n"
        '    command: ["sh", "-c", "python manage.py migrate && celery -A shop worker"]\n'
    )
    found = starts({"compose.yaml": text})
    assert set(found) == {"Dockerfile", "web", "jobs"}
    assert programs(found["jobs"]) == ["manage.py", "celery"]
    assert str(found["jobs"].location) == "compose.yaml:13:5"


def test_the_release_of_a_procfile_is_no_start() -> None:
    found = starts({"Procfile": "release: python manage.py migrate\nweb: gunicorn shop.wsgi\n"})
    assert set(found) == {"Dockerfile", "web"}


def test_scripts_that_call_each_other_end() -> None:
    found = starts({"Procfile": "web: ./a.sh\n", "a.sh": "./b.sh\n", "b.sh": "./a.sh\n"})
    assert programs(found["web"]) == ["a.sh"]


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ('[ "$MIGRATE" = 1 ]', False),
        ('[ "${MIGRATE:-off}" = on ]', False),
        ('[ "${MIGRATE:-on}" = on ]', True),
        ('[ "$MIGRATE" != "false" ]', True),
        ("[[ ! $MIGRATE == False ]]", True),
        ('[ -z "$SKIP_MIGRATE" ]', True),
        ('[ "$SKIP_MIGRATE" != 1 ]', True),
        ('[ "$1" = gunicorn ]', True),
        ("[ -f manage.py ]", True),
    ],
)
def test_what_runs_unless_it_is_asked_not_to(condition: str, runs: bool) -> None:
    files: dict[str, str | None] = {
        "Procfile": "web: sh ./a.sh\n",
        "a.sh": f"if {condition}; then\n  x\nfi\n",
    }
    (command,) = starts(files)["web"].commands
    assert by_default(command) is runs
