"""What the settings demand while an image is built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.shell import Command, commands
from nuages.project.entry_points import VARIABLE, naming
from nuages.project.facts import EvaluatedSettings
from nuages.project.settings import evaluate

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
_DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
RUN {}python manage.py collectstatic --noinput
USER 2000
HEALTHCHECK CMD ["true"]
CMD ["gunicorn", "shop.wsgi:application"]
"""
_GIVEN = (
    "SECRET_KEY=build ALLOWED_HOSTS=localhost DATABASE_URL=postgres://build@localhost/build "
    "REDIS_URL=redis://localhost AWS_STORAGE_BUCKET_NAME=build EMAIL_HOST=localhost "
    "EMAIL_HOST_USER=build EMAIL_HOST_PASSWORD=build "
)


@rule(
    "CON006",
    severity="error",
    title="The image's build lacks a variable that the settings demand",
    why="collectstatic imports the settings, and an image is built without production's "
    "variables: what they demand is not there, and the build ends.",
    symptom="KeyError: 'DJANGO_SECRET_KEY'; django.core.exceptions.ImproperlyConfigured: Set the "
    "DATABASE_URL environment variable, in the middle of docker build.",
    fix="Give it a harmless value for that one line: `RUN SECRET_KEY=build python manage.py "
    "collectstatic --noinput`; never as ENV, which stays.",
    url="https://docs.docker.com/build/building/variables/",
    mistake={"Dockerfile": _DOCKERFILE.format("")},
    fixed={"Dockerfile": _DOCKERFILE.format(_GIVEN)},
)
def lacking(production: Production) -> Faults:
    for file in production.dockerfiles:
        for instruction, command in _managed(file):
            environ = _environ(file, instruction)
            if environ is None or not _is_public(file, instruction):
                continue
            found = _settings(production, environ, command)
            missing = [v.name for v in found.variables if v.required and v.name not in environ]
            if missing and found.raises:
                shown = ", ".join(missing[:4]) + (", …" if len(missing) > 4 else "")
                gives = " ".join(f"{name}=build" for name in missing[:4])
                yield Fault(
                    f"{command.management} runs here without {shown}, and {found.module} ends "
                    "with an error",
                    instruction.location,
                    f"Write `RUN {gives} python manage.py {command.management} …`, with harmless "
                    "values.",
                    severity="warning" if command.ignored else None,
                )


def _managed(file: Dockerfile) -> Iterator[tuple[Instruction, Command]]:
    """The first management command of each RUN that imports the settings."""
    for instruction in file.each("RUN"):
        lines = [(line, instruction.location) for line in instruction.command.splitlines()]
        found = (each for each in commands(lines) if each.management in _IMPORTS)
        command = next(found, None)
        if command:
            yield instruction, command


def _environ(file: Dockerfile, run: Instruction) -> Mapping[str, str] | None:
    """What is set when this instruction runs; None where that cannot be told."""
    before = [*_before(file, run)]
    copied = any(_ENV_FILE.search(i.text) for i in (*before, run) if i.keyword in _MOVES)
    if copied or _UNKNOWN.search(run.command) or "secret" in (run.flag("mount") or ""):
        return None
    environ: dict[str, str] = {}
    for each in before:
        if each.keyword in {"ENV", "ARG"}:
            # An ARG without a default is given by whoever builds.
            environ |= {n: "build" if value is None else value for n, value in each.pairs}
    environ |= {match[1]: match[2].strip("\"'") for match in _SET.finditer(run.command)}
    return environ


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


def _is_public(file: Dockerfile, run: Instruction) -> bool:
    """Whether nothing is set by an image that nobody sees here."""
    images = {each.text.split()[0] for each in _before(file, run) if each.keyword == "FROM"}
    names = {stage.name.lower() for stage in file.stages}
    known = {stage.start.text.split()[0]: stage.image for stage in file.stages}
    outside = [known[i] for i in images if i in known and known[i].lower() not in names]
    return all(_PUBLIC.match(image) for image in outside)


def _settings(
    production: Production, environ: Mapping[str, str], command: Command
) -> EvaluatedSettings:
    """The settings that this command imports, with what is set then."""
    said = re.search(r"--settings[= ]([\w.]+)", command.text)
    path = production.project.manage_py
    named = naming(path.value, production.text(path.value)) if path else None
    module = (
        (said and said[1])
        or environ.get(VARIABLE)
        or (named and named.module)
        or production.settings.evaluated.module
    )
    chosen = production.project.configuration
    return evaluate(
        production.tree,
        module,
        sources=production.sources.roots,
        environ=environ,
        configuration=environ.get("DJANGO_CONFIGURATION") or (chosen.value if chosen else None),
        packages=production.project.dependencies.packages,
    )
