"""Dockerfiles: instructions with their lines and stages.

The format: https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.text import Location

_ESCAPE = re.compile(r"#\s*escape\s*=\s*(\S)", re.IGNORECASE)
_FLAG = re.compile(r"--([a-z-]+)(?:=(\S+))?\s+")
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_FROM = re.compile(r"(?P<image>\S+)(?:\s+as\s+(?P<name>\S+))?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::?-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
_PAIR = re.compile(r"(\w[\w.-]*)(?:=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s\"']*))?(?=\s|$)")
_MOUNTED = re.compile(r"\bfrom=([\w.-]+)")
_NOT_SERVED = re.compile(
    r"(?:^|[_.-])(?:dev|devel|development|local|debug|tests?|testing|unittests?|ci|docs?|lint)"
    r"(?:$|[_.-])",
    re.IGNORECASE,
)
_PYTHON = re.compile(r"\bpip3?\b|\buv\b|poetry|pipenv|\bpdm\b|manage\.py|gunicorn|uvicorn|uwsgi")


@dataclass(frozen=True)
class Instruction:
    """``RUN pip install …``, its continued lines joined with a space."""

    keyword: str
    """In capitals."""
    text: str
    """All after the keyword and its flags; lines of a here-document are kept as lines."""
    location: Location
    stage: int
    """Counted from 0; -1 before the first FROM."""
    flags: tuple[tuple[str, str], ...] = ()
    """``--mount=type=secret,id=x`` as ``("mount", "type=secret,id=x")``."""

    @cached_property
    def argv(self) -> tuple[str, ...] | None:
        """The list of an exec form, ``CMD ["a", "b"]``; None for the shell form."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return None
        is_argv = isinstance(found, list) and all(isinstance(part, str) for part in found)
        return tuple(found) if is_argv else None

    @property
    def command(self) -> str:
        """What runs, as one line, whichever the form."""
        return " ".join(self.argv) if self.argv is not None else self.text

    @cached_property
    def pairs(self) -> tuple[tuple[str, str | None], ...]:
        """What ENV, ARG and LABEL set; None for an ARG without a default."""
        old_form = re.match(r"(\w+)[ \t]+(.*)", self.text)
        if self.keyword == "ENV" and old_form:
            return ((old_form[1], old_form[2].strip("\"'")),)
        found = _PAIR.finditer(self.text)
        return tuple((m[1], None if m[2] is None else m[2].strip("\"'")) for m in found)

    def flag(self, name: str) -> str | None:
        """The value of a flag; an empty text for one without a value."""
        return next((value for flag, value in self.flags if flag == name), None)


@dataclass(frozen=True)
class Stage:
    """One FROM with what follows it."""

    number: int
    image: str
    name: str
    start: Instruction
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile as it stands in the tree."""

    path: str
    instructions: tuple[Instruction, ...]

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in their order."""
        found = []
        for start in (each for each in self.instructions if each.keyword == "FROM"):
            match = _FROM.match(start.text)
            inside = tuple(each for each in self.instructions if each.stage == start.stage)
            image, name = (match["image"], match["name"] or "") if match else (start.text, "")
            image = self._resolved(image)
            found.append(Stage(start.stage, image, name, start, inside))
        return tuple(found)

    def _resolved(self, image: str) -> str:
        """The image where each variable in it has a default; else as it is written."""
        given = {
            name: value
            for each in self.instructions
            if each.stage == -1 and each.keyword == "ARG"
            for name, value in each.pairs
        }

        def value(match: re.Match[str]) -> str:
            found = given.get(match["braced"] or match["bare"]) or match["default"]
            return found or match[0]

        return _VARIABLE.sub(value, image)

    @property
    def served(self) -> Stage:
        """The stage that production runs: the last one that is not named for something else."""
        named = [stage for stage in self.stages if not _NOT_SERVED.search(stage.name)]
        return (named or self.stages)[-1]

    @cached_property
    def needed(self) -> tuple[Instruction, ...]:
        """The instructions of every stage that the image is made of: below it, or copied from."""
        named = {stage.name.lower(): stage.number for stage in self.stages if stage.name}
        found: set[int] = set()
        todo = [self.served.number] if self.stages else []
        while todo:
            number = todo.pop()
            if number not in found and number < len(self.stages):
                found.add(number)
                stage = self.stages[number]
                words = [stage.image, *(each.flag("from") or "" for each in stage.instructions)]
                words += [m[1] for i in stage.instructions for m in _MOUNTED.finditer(str(i.flags))]
                todo += [int(w) if w.isdigit() else named.get(w.lower(), number) for w in words]
        return tuple(each for each in self.instructions if each.stage in found)

    @cached_property
    def final(self) -> tuple[Instruction, ...]:
        """The instructions of the image that runs: its stage, and those that it builds on."""
        if not self.stages:
            return ()
        chain = [self.served]
        names = {stage.name.lower(): stage for stage in self.stages if stage.name}
        while (below := names.get(chain[0].image.lower())) and below not in chain:
            chain.insert(0, below)
        return tuple(each for stage in chain for each in stage.instructions)

    def last(self, keyword: str) -> Instruction | None:
        """The instruction of the image that runs which has the last word: CMD, USER…"""
        found = [each for each in self.final if each.keyword == keyword]
        return found[-1] if found else None

    def each(self, *keywords: str) -> Iterator[Instruction]:
        """The instructions of these kinds, in every stage."""
        return (each for each in self.instructions if each.keyword in keywords)

    @property
    def runs_python(self) -> bool:
        """Whether it installs or starts something of Python's."""
        return any(_PYTHON.search(each.text) for each in self.each("RUN", "CMD", "ENTRYPOINT"))


def dockerfile(text: str, path: str) -> Dockerfile:
    """Read a Dockerfile; what is malformed is kept as it stands."""
    found: list[Instruction] = []
    stage = -1
    for number, logical in _logical(text):
        keyword, _, rest = logical.partition(" ")
        stage += keyword.upper() == "FROM"
        flags, words = _flags(rest.strip())
        found.append(Instruction(keyword.upper(), words, Location(path, number), stage, flags))
    return Dockerfile(path, tuple(found))


def _flags(rest: str) -> tuple[tuple[tuple[str, str], ...], str]:
    flags = []
    while match := _FLAG.match(rest):
        flags.append((match[1], match[2] or ""))
        rest = rest[match.end() :]
    return tuple(flags), rest


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Each instruction as one text, with the number of its first line."""
    head = _ESCAPE.match(text)
    mark = head[1] if head and head[1] in "\\`" else "\\"
    lines = iter(enumerate(text.splitlines(), 1))
    for first, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [line.strip()]
        while parts[-1].endswith(mark):
            parts[-1] = parts[-1][: -len(mark)].rstrip()
            following = next(_uncommented(lines), None)
            parts.append(following if following is not None else "")
        logical = " ".join(part for part in parts if part)
        yield first, "\n".join([logical, *_heredocs(logical, lines)])


def _uncommented(lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    return (line.strip() for _, line in lines if line.strip() and not line.lstrip().startswith("#"))


def _heredocs(logical: str, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    if logical.split(" ", 1)[0].upper() not in ("RUN", "COPY", "ADD"):
        return
    for end in _HEREDOC.findall(logical):
        for _, line in lines:
            if line.strip() == end:
                break
            yield line
