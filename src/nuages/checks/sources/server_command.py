"""Commands that start a web server, with their options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from nuages.text import Location

SERVERS = ("gunicorn", "uvicorn", "daphne", "uwsgi", "granian", "hypercorn", "waitress-serve")
_PART = re.compile(r"&&|\|\||;|\n")


@dataclass(frozen=True)
class ServerCommand:
    """``gunicorn -w 3 mysite.wsgi``, wherever it was written."""

    server: str
    words: tuple[str, ...]
    """What follows the server's name."""
    location: Location

    @cached_property
    def options(self) -> dict[str, str]:
        """Options by their names as written, without dashes; ``"true"`` for a bare one."""
        found: dict[str, str] = {}
        for word, after in zip_longest(self.words, self.words[1:], fillvalue=""):
            name, equals, value = word.partition("=")
            if name.startswith("-"):
                bare = not after or after.startswith("-")
                found[name.lstrip("-")] = value if equals else "true" if bare else after
        return found

    def option(self, *names: str) -> str | None:
        """The value of the first of these options that is given."""
        return next((self.options[name] for name in names if name in self.options), None)

    def number(self, *names: str) -> int | None:
        """The same as a whole number; None where it is not one, a variable for instance."""
        text = self.option(*names) or ""
        return int(text) if text.isdigit() else None


def server_commands(command: str, location: Location) -> Iterator[ServerCommand]:
    """The servers that one line of shell starts."""
    for part in _PART.split(command):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        for index, word in enumerate(words):
            name = word.rpartition("/")[2]
            if name in SERVERS and not _is_installed(words[:index]):
                yield ServerCommand(name, tuple(words[index + 1 :]), location)
                break


def _is_installed(before: list[str]) -> bool:
    return bool({"install", "add", "import"} & set(before))
