"""Shell scripts and command lines: which commands they run, and on which conditions.

Not a shell: what matters is which program is started, whether it replaces the shell, and whether
a variable decides about it. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nuages.text import Location

_OPERATOR = re.compile(r"&&|\|\||;;|[;|&\n]")
_COMMENT = re.compile(r"(?:^|(?<=\s))#(?=\s|!).*$")
_SYNTAX = re.compile(r"\\.|\$\(|\(\(|[\"'`()]|&&|\|\||;;|(?<![<>])&(?!>)|[;|\n]", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_LABEL = re.compile(r"^\s*\(?[\w\"'$*|?\[\]{}/. @:-]+\)\s*")
_TEST = re.compile(r"!?\s*(?:\[\[?\s|test\s)")
_FUNCTION = re.compile(
    r"(?:function\s+(?=[\w:-]+)|(?=[\w:-]+\s*\(\)))(?P<name>[\w:-]+)\s*(?:\(\))?\s*\{"
)
_ASSIGNMENT = re.compile(r"\w+=")
_WRAPPERS = frozenset(
    {"exec", "sudo", "setpriv", "nice", "time", "nohup", "env", "command"}
    | {"tini", "dumb-init", "catatonit", "chpst", "doppler", "dotenv", "then", "do", "else", "!"}
)
_RUNNERS = frozenset({"poetry", "uv", "pipenv", "pdm", "hatch", "rye", "op", "ddtrace-run"})
_SHELLS = frozenset({"sh", "bash", "ash", "dash"})


@dataclass(frozen=True)
class Command:
    """One simple command with the conditions that it stands under, the outermost first."""

    text: str
    location: Location
    guards: tuple[str, ...] = ()
    last: bool = True
    """Nothing follows it on its line."""
    background: bool = False
    """``command &``"""
    ignored: bool = False
    """``command || true``: its failure goes unnoticed."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        try:
            return tuple(shlex.split(self.text, comments=True))
        except ValueError:
            return tuple(self.text.split())

    @cached_property
    def argv(self) -> tuple[str, ...]:
        """The words from the program on: no assignments, no ``exec``, no ``poetry run``."""
        words = list(self.words)
        while words:
            name = words[0].rpartition("/")[2]
            if _ASSIGNMENT.match(words[0]) or name in _WRAPPERS or words[0].startswith("-"):
                words.pop(0)
            elif name in _RUNNERS and words[1:2] == ["run"]:
                words = words[2:]
            elif name in {"opentelemetry-instrument", "newrelic-admin"}:
                words = words[2:] if words[1:2] == ["run-program"] else words[1:]
            elif name in {"gosu", "su-exec"} and len(words) > 2:
                words = words[2:]
            else:
                break
        return tuple(words)

    @property
    def program(self) -> str:
        """The name of what is started: ``gunicorn`` for ``python -m gunicorn`` too."""
        words = self.argv
        if not words:
            return ""
        name = words[0].rpartition("/")[2]
        if re.fullmatch(r"python[\d.]*", name):
            if words[1:2] == ("-m",) and len(words) > 2:
                return words[2]
            rest = [word for word in words[1:] if not word.startswith("-")]
            return rest[0].rpartition("/")[2] if rest else name
        return name

    @property
    def management(self) -> str:
        """The management command, where it is one: ``migrate``."""
        if self.program not in {"manage.py", "django-admin", "django", "manage", "django-admin.py"}:
            return ""
        words = self.argv
        for index, word in enumerate(words):
            if word.rpartition("/")[2] == self.program:
                rest = [w for w in words[index + 1 :] if not w.startswith("-") and "=" not in w]
                return rest[0] if rest else ""
        return ""

    @property
    def replaces(self) -> bool:
        """Whether it takes the shell's place."""
        return self.words[:1] == ("exec",)


def commands(lines: Iterable[tuple[str, Location]]) -> Iterator[Command]:
    """The commands of a script's logical lines; functions that it never calls are left out."""
    reader = _Reader()
    read = [made for text, location in lines for made in reader.line(text, location)]
    called = {command.program for command in read}
    for made in read:
        if all(g.removeprefix("function ") in called for g in made.guards if _is_function(g)):
            yield from _inner(made)


class _Reader:
    """Which conditions are open, from line to line."""

    def __init__(self) -> None:
        self.guards: list[str] = []
        self.condition: list[str] | None = None
        """What stands between ``if`` and ``then``."""
        self.heredoc = ""

    def line(self, text: str, location: Location) -> Iterator[Command]:
        text = _COMMENT.sub("", text) if not {"'", '"'} & set(text) else text
        if self.heredoc:
            self.heredoc = "" if text.strip() == self.heredoc else self.heredoc
            return
        found = _HEREDOC.search(text)
        self.heredoc = found[1] if found and "<<<" not in text else ""
        parts = list(_parts(_LABEL.sub("", text, count=1) if self._in_case else text))
        tested = ""
        for index, (part, before) in enumerate(parts):
            tested = tested if before in {"&&", "||"} else ""
            command = self._command(part, before)
            if _TEST.match(command):
                tested = f"if {command}"
            elif command:
                after = parts[index + 1] if index + 1 < len(parts) else ("", "")
                yield Command(
                    command,
                    location,
                    (*self.guards, *_guard(before, tested)),
                    index + 1 == len(parts),
                    after[1] == "&" or (after == ("", "") and text.endswith("&")),
                    after[1] == "||" and after[0] in {"true", ":", "exit 0"},
                )

    def _command(self, part: str, before: str) -> str:
        """The command in a part, once the words of the language are taken off it."""
        if head := _FUNCTION.match(part):
            self.guards.append(f"function {head['name']}")
            part = part[head.end() :].strip()
        if part == "}" and self.guards and _is_function(self.guards[-1]):
            self._close()
        word, _, rest = part.partition(" ")
        if word in {"if", "elif", "while", "until", "for", "select"}:
            if word == "elif":
                self._close()
            self.condition = [part]
            return ""
        if self.condition is not None and word not in {"then", "do"}:
            self.condition.append(f"{before} {part}")
            return ""
        return _bare(self._opened(word, rest, part), labelled=self._in_case)

    def _opened(self, word: str, rest: str, part: str) -> str:
        if word in {"then", "do"}:
            self.guards.append(" ".join(self.condition or [""]))
            self.condition = None
            return rest
        if word == "else":
            self.guards[-1:] = [f"not {guard}" for guard in self.guards[-1:]]
            return rest
        if word in {"fi", "done", "esac"}:
            self._close()
            return ""
        if word == "case":
            self.guards.append(part)
            return part.partition(" in ")[2]
        return part

    @property
    def _in_case(self) -> bool:
        return bool(self.guards) and self.guards[-1].startswith("case ")

    def _close(self) -> None:
        self.guards[-1:] = []


def _is_function(guard: str) -> bool:
    return guard.startswith("function ")


def _guard(before: str, tested: str) -> list[str]:
    if before == "||" and not tested:
        return ["if ! the command before"]
    return [tested] if tested else []


def _bare(part: str, *, labelled: bool) -> str:
    """Without the pattern of a case, and brackets."""
    part = _LABEL.sub("", part, count=1) if labelled and _LABEL.match(part) else part
    part = part.strip().lstrip("{(").rstrip(")}") if part.strip()[:1] in "{(" else part
    part = part.strip()
    return "" if part in {"in", "{", "}", ")"} else part


def _inner(command: Command) -> Iterator[Command]:
    """What ``sh -c "…"`` runs, else the command itself."""
    words = command.argv
    name = words[0].rpartition("/")[2] if words else ""
    options = [word for word in words[1:2] if re.fullmatch(r"-[a-z]*c", word)]
    if name in _SHELLS and options and len(words) > 2:
        for each in commands([(line, command.location) for line in words[2].splitlines()]):
            yield replace(each, guards=(*command.guards, *each.guards))
        return
    yield command


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a line, each with the operator before it; quotes are respected."""
    start, before = 0, ""
    for begin, end in _operators(text):
        if text[start:begin].strip():
            yield text[start:begin].strip(), before
        start, before = end, text[begin:end]
    if text[start:].strip():
        yield text[start:].strip(), before


def _operators(text: str) -> Iterator[tuple[int, int]]:
    """Where ``&&``, ``;`` and their like stand, outside of quotes and of ``$(…)``."""
    quote, depth = "", 0
    for match in _SYNTAX.finditer(text):
        mark = match[0]
        if mark[0] == "\\":
            continue
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "\"'`":
            quote = mark
        elif mark in {"$(", "(("} or (mark == "(" and depth):
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif not depth and _OPERATOR.fullmatch(mark):
            yield match.span()
