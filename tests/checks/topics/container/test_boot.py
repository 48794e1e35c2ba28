"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import RUN, SCRIPT, compose


@pytest.mark.parametrize(
    ("script", "races"),
    [
        ("python manage.py migrate", True),
        ("django-admin migrate --noinput", True),
        ('if [ "$1" = gunicorn ]; then\n  python manage.py migrate\nfi', True),
        ('if [ "${MIGRATE:-true}" = true ]; then\n  python manage.py migrate\nfi', True),
        ('if [ "$MIGRATE" = true ]; then\n  python manage.py migrate\nfi', False),
        ('[ -n "$MIGRATE" ] && python manage.py migrate', False),
        ("python manage.py migrate --check", False),
        ('case "$1" in\n  migrate) python manage.py check ;;\nesac', False),
    ],
)
def test_migrations_at_every_start(script: str, races: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f'#!/bin/sh\n{script}\nexec "$@"\n'}
    assert bool(found("IMG011", files)) is races


def test_a_service_that_only_migrates_is_what_one_wants() -> None:
    assert found("IMG011", compose("    command: python manage.py migrate")) == []
    mixed = compose('    command: sh -c "python manage.py migrate && gunicorn shop.wsgi"')
    assert len(found("IMG011", mixed)) == 1


@pytest.mark.parametrize(
    ("script", "endless"),
    [
        ("while ! nc -z db 5432; do\n  sleep 0.1\ndone", True),
        ("until psql $DATABASE_URL -c '\\q'; do sleep 1; done", True),
        (
            "i=0\nuntil pg_isready; do\n  i=$((i+1))\n  [ $i -gt 30 ] && exit 1\n  sleep 1\ndone",
            False,
        ),
        ("timeout 30 sh -c 'until pg_isready; do sleep 1; done'", False),
    ],
)
def test_waiting(script: str, endless: bool) -> None:
    files = {"Dockerfile": SCRIPT, "entry.sh": f'#!/bin/sh\n{script}\nexec "$@"\n'}
    assert bool(found("IMG019", files)) is endless


def test_a_name_that_the_container_has_in_the_image() -> None:
    lines = ["COPY docker/begin.sh /usr/local/bin/begin", 'ENTRYPOINT ["begin"]']
    text = "\n".join(["FROM python:3.13-slim", "RUN pip list", *lines, "USER 1", RUN])
    script = '#!/bin/sh\npython manage.py migrate\nexec "$@"\n'
    assert len(found("IMG011", {"Dockerfile": text, "docker/begin.sh": script})) == 1
