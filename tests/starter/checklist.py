"""The newcomer's checklist as the tests read it: its sections, and what a reader is to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "newcomer.md"
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.M | re.S)


@dataclass(frozen=True)
class Block:
    """Commands (``sh``), a whole file (``python``) or an edit (``diff``); of a file, its path."""

    language: str
    title: str
    text: str


def sections() -> dict[str, list[Block]]:
    """What each section of the page asks for, in its order."""
    parts = re.split(r"^## (.+)$", PAGE.read_text("utf-8"), flags=re.M)
    return {
        name: [Block(*found) for found in BLOCK.findall(text)]
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }
