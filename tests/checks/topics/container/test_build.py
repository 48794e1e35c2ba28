"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import RUN, image


@pytest.mark.parametrize(
    ("lines", "late"),
    [
        (["COPY . .", "RUN pip install -r requirements.txt"], True),
        (["ADD . /app", "RUN uv sync --frozen"], True),
        (["COPY . .", "RUN poetry install"], True),
        (["COPY requirements.txt .", "RUN pip install -r requirements.txt", "COPY . ."], False),
        (["COPY uv.lock .", "RUN uv sync --no-install-project", "COPY . .", "RUN uv sync"], False),
        (["COPY . .", "RUN python manage.py collectstatic"], False),
    ],
)
def test_the_order_of_copying_and_installing(lines: list[str], late: bool) -> None:
    assert bool(found("IMG008", {"Dockerfile": image(*lines)})) is late


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("RUN pip install gunicorn", True),
        ("RUN pip install --no-cache-dir gunicorn psycopg[binary]", True),
        ("RUN pip install gunicorn==23.0.0 -r requirements.txt", False),
        ("RUN pip install --upgrade pip setuptools", False),
        ("RUN pip install --target /x .", False),
        ("RUN pip install --find-links /wheels -r x.txt", False),
        ("RUN poetry install", False),
    ],
)
def test_packages_past_the_requirements(line: str, said: bool) -> None:
    assert bool(found("IMG026", {"Dockerfile": image(line)})) is said


def test_a_stage_that_nothing_is_taken_from_is_not_judged() -> None:
    text = f"FROM python:3.13-slim AS prod\nRUN pip list\nUSER 1\n{RUN}"
    text += "FROM prod AS dev\nRUN pip install ipdb\n"
    assert found("IMG026", {"Dockerfile": text}) == []
