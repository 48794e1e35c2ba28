"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import compose, image


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("EXPOSE 8000", False),
        ("EXPOSE 8000/tcp 9000", False),
        ("EXPOSE 80", True),
        ("EXPOSE $PORT", False),
        ("HEALTHCHECK CMD curl -f http://localhost:8001/health", True),
        ("HEALTHCHECK CMD curl -f http://localhost:8000/health", False),
    ],
)
def test_ports_agree(line: str, wrong: bool) -> None:
    text = image("RUN pip list", line).replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    assert bool(found("IMG030", {"Dockerfile": text})) is wrong


def test_ports_that_are_published() -> None:
    text = image("RUN pip list").replace('"shop.wsgi"', '"-b", "0.0.0.0:8000", "x"')
    for port, wrong in (("80:8000", 0), ("127.0.0.1:80:8000", 0), ("80:80", 1), ("8000:8001", 1)):
        files = {"Dockerfile": text, **compose(f"    ports: ['{port}']")}
        assert len(found("IMG030", files)) == wrong, port
