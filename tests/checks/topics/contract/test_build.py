"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found

IMAGE = """\
FROM python:3.13-slim AS base
ENV ALLOWED_HOSTS=localhost DATABASE_URL=postgres://build@localhost/build
ARG REDIS_URL
FROM base
COPY . .
RUN export AWS_STORAGE_BUCKET_NAME=build EMAIL_HOST=localhost EMAIL_HOST_USER=build && \\
    EMAIL_HOST_PASSWORD=build {} manage.py collectstatic --noinput
CMD ["gunicorn", "shop.wsgi:application"]
"""


def test_a_build_that_lacks_one_variable_of_many() -> None:
    (finding,) = found("CON006", {"Dockerfile": IMAGE.format("python")})
    assert "without SECRET_KEY, " in finding.message
    assert finding.location.line == 6


@pytest.mark.parametrize(
    "run",
    ["SECRET_KEY=build python", "--noop; . ./.env; python", "uv run --env-file .env python"],
)
def test_a_build_that_has_all_or_takes_it_from_a_file(run: str) -> None:
    assert found("CON006", {"Dockerfile": IMAGE.format(run)}) == []


def test_an_image_that_is_built_on_a_private_one_may_have_it_from_there() -> None:
    private = IMAGE.format("python").replace("python:3.13-slim", "registry.example.com/shop/base:4")
    assert found("CON006", {"Dockerfile": private}) == []
