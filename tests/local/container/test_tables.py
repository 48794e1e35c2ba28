from __future__ import annotations

from dataclasses import replace

import handmade
import pytest

from nuages.local.container.tables import synced
from nuages.model import Job

MIGRATE = ("python", "-m", "django", "migrate", "--noinput")


@pytest.mark.parametrize(
    ("command", "script"),
    [
        (MIGRATE, ["{0}", "{0} --run-syncdb"]),
        (
            ("/bin/sh", "-ec", " ".join(MIGRATE) + "\n" + " ".join(MIGRATE) + " --database=b"),
            ["{0}", "{0} --database=b", "{0} --run-syncdb", "{0} --database=b --run-syncdb"],
        ),
    ],
)
def test_tables_without_migrations_come_after_all_migrations(
    command: tuple[str, ...], script: list[str]
) -> None:
    job = Job("migrate", command, 1.0, 2**29, 900, purpose="migrate")
    other = replace(job, purpose="other", name="load")
    [first, second] = synced(handmade.deployment(jobs=(job, other))).jobs
    assert first.command[:2] == ("/bin/sh", "-ec")
    assert first.command[2].splitlines() == [line.format(" ".join(MIGRATE)) for line in script]
    assert second == other
