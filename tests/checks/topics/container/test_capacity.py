"""Rules about the image."""

from __future__ import annotations

from clean_site import found
from container_site import compose


def test_memory_of_a_compose_service() -> None:
    command = '    command: ["gunicorn", "-w", "{}", "x"]\n    mem_limit: 512m'
    assert found("IMG027", compose(command.format(4))) == []
    (finding,) = found("IMG027", compose(command.format(9)))
    assert finding.message == "9 processes share 512 MiB"


def test_processes_that_a_variable_asks_for() -> None:
    lines = ["    mem_limit: 1g", "    environment: {WEB_CONCURRENCY: '16'}"]
    assert len(found("IMG027", compose(*lines))) == 1
