"""What an image is built from: the rules of .dockerignore.

Source: https://docs.docker.com/build/concepts/context/#dockerignore-files and the code that
applies them, https://github.com/moby/patternmatcher/blob/main/patternmatcher.go.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SECRETS = (
    "**/.env",
    "**/.env.*",
    "**/.env-*",
    "**/.envs",
    "!**/.env.example",
    "**/id_rsa*",
    "**/id_ed25519*",
    "**/.netrc",
    "**/gha-creds-*.json",
    "**/*.tfstate",
    "**/*.tfstate.*",
    "**/*.tfplan",
)
"""What leaves this machine in no archive, whatever somebody's own .dockerignore says."""


@dataclass(frozen=True)
class Pattern:
    """A line of the file; of those that match, the last decides."""

    regex: re.Pattern[str]
    keeps: bool

    @classmethod
    def of(cls, line: str) -> Pattern:
        """Raises re.error where the line is no pattern."""
        keeps = line.startswith("!")
        bare = posixpath.normpath(line.removeprefix("!").strip()).lstrip("/")
        return cls(re.compile(f"(?:{_translated(bare)})(?:/.*)?"), keeps)


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """Of every line that says something; what is no pattern matches nothing."""
    found = []
    for line in (each.strip() for each in lines):
        if line and line != "!" and not line.startswith("#"):
            try:
                found.append(Pattern.of(line))
            except re.error:
                continue
    return tuple(found)


def left_out(path: str, given: Sequence[Pattern]) -> bool:
    """Whether a file does not get into the context; a folder that matches takes all below it."""
    last = next((each for each in reversed(given) if each.regex.fullmatch(path)), None)
    return last is not None and not last.keeps


def context(paths: Iterable[str], ignore: str, needed: Iterable[str] = ()) -> tuple[str, ...]:
    """The files that are sent: ``needed`` ones (how it is built) are, though they are ignored."""
    given, secret = patterns(ignore.splitlines()), patterns(SECRETS)
    always = set(needed)
    kept = (path for path in paths if path in always or not left_out(path, given))
    return tuple(sorted({path for path in kept if not left_out(path, secret)}))


_WILD = re.compile(r"\*\*/|\*\*|\*|\?|\[\^?[^\]]+\]|\\.|.", re.DOTALL)
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translated(pattern: str) -> str:
    """As a regular expression."""
    return "".join(_part(part) for part in _WILD.findall(pattern))


def _part(part: str) -> str:
    if part in _MEANS:
        return _MEANS[part]
    if len(part) > 1:
        return part if part.startswith("[") else re.escape(part[1:])
    return re.escape(part)
