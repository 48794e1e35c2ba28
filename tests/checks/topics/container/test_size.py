"""Rules about the image."""

from __future__ import annotations

import pytest
from clean_site import found
from container_site import image


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("RUN apt-get update && apt-get install -y --no-install-recommends x && rm -rf "
         "/var/lib/apt/lists/*", 0),
        ("RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*", 1),
        ("RUN --mount=type=cache,target=/root/.cache pip install -r x.txt", 0),
        ("RUN pip install -r x.txt", 1),
        ("RUN uv pip install -r x.txt", 0),
    ],
)  # fmt: skip
def test_what_is_left_behind(line: str, said: int) -> None:
    assert len(found("IMG025", {"Dockerfile": image(line)})) == said
