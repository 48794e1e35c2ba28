"""What the tests of the topic container say of a site."""

from __future__ import annotations

RUN = 'CMD ["gunicorn", "shop.wsgi"]\n'


SCRIPT = f'FROM python:3.13-slim\nUSER 1\nENTRYPOINT ["./entry.sh"]\n{RUN}'


def image(*lines: str) -> str:
    return "\n".join(["FROM python:3.13-slim", *lines, "USER 1", RUN])


def compose(*lines: str, name: str = "compose.yaml") -> dict[str, str | None]:
    text = "\n".join(["services:", "  web:", "    build: .", "    restart: always", *lines])
    return {"compose.yaml": None, name: f"{text}\n"}
