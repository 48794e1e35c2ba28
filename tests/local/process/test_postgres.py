from __future__ import annotations

from pathlib import Path

from nuages.local.process import accounts, postgres
from nuages.local.process.postgres import Programs

WHEEL = Programs(Path("/wheel/bin"), "18", frozenset({"plpgsql", "vector"}))
SYSTEM = Programs(Path("/usr/bin"), "15", frozenset({"plpgsql", "pg_trgm", "hstore"}))


def test_the_first_with_every_extension_serves() -> None:
    assert postgres.fitting([WHEEL, SYSTEM], ()) is WHEEL
    assert postgres.fitting([WHEEL, SYSTEM], ("pg_trgm",)) is SYSTEM
    assert postgres.fitting([WHEEL, SYSTEM], ("postgis",)) is None


def test_the_password_is_in_no_argv() -> None:
    argv = postgres.initdb_argv(WHEEL, Path("/d"), Path("/d.password"), "C")
    assert "--pwfile=/d.password" in argv


def test_a_folder_that_the_account_cannot_reach_is_replaced(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    nobody = accounts.Account(65534, 65534)
    assert accounts.place(closed / "data", "key", None) == closed / "data"
    assert accounts.place(closed / "data", "key", nobody) == accounts.SHARED / "key" / "data"
