from __future__ import annotations

import pytest

from nuages.changes import words
from nuages.changes.change import Change
from nuages.changes.nouns import Noun
from nuages.cli.destroy import unprotected

NOUNS = {"server": Noun("Database", "server", holds="EVERY ROW")}


@pytest.mark.parametrize("before", [{"deletion_protection": True}, {"force_destroy": False}, {}])
def test_what_is_about_to_lose_its_protection_is_told_to_be_lost(before: dict[str, bool]) -> None:
    change = Change("server.this", "server", "this", None, "destroy", before=before)
    assert words.warning(unprotected(change), NOUNS) == "EVERY ROW is lost"
