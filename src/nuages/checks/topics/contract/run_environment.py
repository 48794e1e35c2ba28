"""What is set while a Dockerfile's RUN is executed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.shell import Command, commands

_IMPORTS = frozenset(
    {
        "collectstatic",
        "compress",
        "compilemessages",
        "migrate",
        "check",
        "tailwind",
        "makemigrations",
    }
)
"""Commands that end where the settings cannot be imported."""
_UNKNOWN = re.compile(r"(?:^|[\s;&|])(?:source|\.)\s+\S|\benv \$\(|\bset -a|\bxargs\b|--env-file")
"""Words of a command by which a file sets variables."""
_ENV_FILE = re.compile(r"\.env\b|\benv/|\.envs?/")
_MOVES = frozenset({"RUN", "COPY", "ADD"})
_SET = re.compile(r"(?:^|[\s;&|])(\w+)=(\"[^\"]*\"|'[^']*'|[^\s;&|]*)")
_PUBLIC = re.compile(
    r"(?:docker\.io/)?(?:library/)?(?:python|debian|ubuntu|alpine|node|pypy)(?:[:@]|$)"
    r"|(?:ghcr\.io/astral-sh/uv|[\w.]*public\.ecr\.aws/docker/library/python)(?:[:@]|$)"
)


def managed(file: Dockerfile) -> Iterator[tuple[Instruction, Command]]:
    """The first management command of each RUN that imports the settings."""
    for instruction in file.each("RUN"):
        lines = [(line, instruction.location) for line in instruction.command.splitlines()]
        found = (each for each in commands(lines) if each.management in _IMPORTS)
        command = next(found, None)
        if command:
            yield instruction, command


def environ(file: Dockerfile, run: Instruction) -> Mapping[str, str] | None:
    """What is set when this instruction runs; None where that cannot be told."""
    before = [*_before(file, run)]
    copied = any(_ENV_FILE.search(i.text) for i in (*before, run) if i.keyword in _MOVES)
    if copied or _UNKNOWN.search(run.command) or "secret" in (run.flag("mount") or ""):
        return None
    found: dict[str, str] = {}
    for each in before:
        if each.keyword in {"ENV", "ARG"}:
            # An ARG without a default is given by whoever builds.
            found |= {n: "build" if value is None else value for n, value in each.pairs}
    found |= {match[1]: match[2].strip("\"'") for match in _SET.finditer(run.command)}
    return found


def _before(file: Dockerfile, run: Instruction) -> Iterator[Instruction]:
    """The instructions before one, in its stage and in those that it builds on."""
    stages = {stage.name.lower(): stage for stage in file.stages if stage.name}
    stage = file.stages[run.stage]
    seen = {stage.number}
    while (below := stages.get(stage.image.lower())) and below.number not in seen:
        seen.add(below.number)
        stage = below
    for each in file.instructions:
        if each is run:
            return
        if each.stage in seen:
            yield each


def is_public(file: Dockerfile, run: Instruction) -> bool:
    """Whether nothing is set by an image that nobody sees here."""
    images = {each.text.split()[0] for each in _before(file, run) if each.keyword == "FROM"}
    names = {stage.name.lower() for stage in file.stages}
    known = {stage.start.text.split()[0]: stage.image for stage in file.stages}
    outside = [known[i] for i in images if i in known and known[i].lower() not in names]
    return all(_PUBLIC.match(image) for image in outside)
