"""How the image is built: what is in it that should not be, and what is built again each time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.shell import Command, commands

_PRACTICES = "https://docs.docker.com/build/building/best-practices"
_CACHE = "https://docs.docker.com/build/cache/optimize"
_IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\n{}USER 2000\nCMD ["gunicorn"]\n'
_PIPED = re.compile(
    r"\b(?:curl|wget)\b[^|;&]*https?://[^|;&]*\|\s*(?:sudo\s+)?(?:(?:ba|z|da)?sh|python3?)\b"
)
_PACKAGES = re.compile(r"venv|site-packages|wheel|/usr/local|/opt|/root/\.local|virtualenv")
_DEVELOP = re.compile(r"(?:^|[/._-])(?:dev|devel|development|local|tests?|testing|ci)(?:$|[/._-])")


def _commands(instruction: Instruction) -> Iterator[Command]:
    lines = instruction.text.splitlines()
    yield from commands([(line, instruction.location) for line in lines])


def _runs(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Command]]:
    """The commands that build the image."""
    for each in dockerfile.needed:
        if each.keyword == "RUN":
            for command in _commands(each):
                yield each, command


def _installs(command: Command) -> bool:
    """Whether it installs what the project asks for."""
    words = command.words
    if command.program in {"pip", "pip3"} or "pip" in words[:3]:
        reads = {"-r", "--requirement"} & set(words) or any(w.startswith("-r") for w in words)
        return "install" in words and bool(reads)
    if command.program in {"poetry", "pipenv", "pdm", "uv"}:
        return bool({"install", "sync"} & set(words))
    return False


@rule(
    "IMG008",
    severity="warning",
    title="The code is copied before the packages are installed",
    why="A layer is built again when one before it has changed. With the code first, each change "
    "of a template installs every package again.",
    symptom="Builds that take minutes for a change of one line.",
    fix="Copy what the installer reads, install, and then copy the rest: "
    "`COPY requirements.txt .`, `RUN pip install -r requirements.txt`, `COPY . .`.",
    url=f"{_CACHE}/#order-your-layers",
    mistake={"Dockerfile": _IMAGE.format("COPY . .\nRUN pip install -r requirements.txt\n")},
    fixed={
        "Dockerfile": _IMAGE.format(
            "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
        )
    },
)
def copied_first(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for stage in dockerfile.stages:
            whole: Instruction | None = None
            for each in (i for i in dockerfile.needed if i.stage == stage.number):
                if each.keyword in {"COPY", "ADD"} and each.flag("from") is None:
                    sources = set(each.text.split()[:-1])
                    whole = whole or (each if {".", "./"} & sources else None)
                first = whole and each.keyword == "RUN" and any(map(_installs, _commands(each)))
                if first and whole and not _installed(stage.instructions, whole):
                    yield Fault(
                        "Every change of the code installs all packages again", whole.location
                    )
                    break


def _installed(instructions: tuple[Instruction, ...], before: Instruction) -> bool:
    """Whether the packages were installed already, and the second time is for the project."""
    earlier = [i for i in instructions if i.location.line < before.location.line]
    return any(map(_installs, (c for i in earlier if i.keyword == "RUN" for c in _commands(i))))


@rule(
    "IMG021",
    severity="warning",
    title="The build runs what it downloads, unseen",
    why="Whatever the address answers on the day of the build becomes part of the image: another "
    "version, or somebody else's code. ADD of a URL is the same, without even a cache.",
    symptom="A build that breaks, or does something else, with no change in the repository.",
    fix="Take a version from a package manager or an image (`COPY --from=ghcr.io/astral-sh/uv:0.8 "
    "/uv /bin/`), or check its hash: `ADD --checksum=sha256:… https://…`.",
    url=f"{_PRACTICES}/#add-or-copy",
    mistake={"Dockerfile": _IMAGE.format("RUN curl -LsSf https://astral.sh/uv/install.sh | sh\n")},
    fixed={
        "Dockerfile": _IMAGE.format(
            "RUN pip list\nCOPY --from=ghcr.io/astral-sh/uv:0.8.22 /uv /bin/\n"
        )
    },
)
def downloads(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each in dockerfile.needed:
            if each.keyword == "RUN" and _PIPED.search(each.text):
                yield Fault("What is downloaded is run at once", each.location)
            url = re.match(r"https?://\S+", each.text) if each.keyword == "ADD" else None
            if url and each.flag("checksum") is None:
                yield Fault(f"ADD takes whatever {url[0]} is on that day", each.location)


@rule(
    "IMG022",
    severity="warning",
    title="Packages for development are in the image",
    why="Debuggers, test runners and their dependencies are more to load, more to scan, and more "
    "to break in with; a debugger that somebody left on runs anybody's code.",
    symptom="An image twice the size; debug_toolbar in production.",
    fix="Install what production needs: `-r requirements/production.txt`, `uv sync --no-dev`, "
    "`poetry install --only main`.",
    url="https://docs.astral.sh/uv/guides/integration/docker/#installing-a-project",
    mistake={"Dockerfile": _IMAGE.format("RUN pip install -r requirements-dev.txt\n")},
    fixed={"Dockerfile": _IMAGE.format("RUN pip install -r requirements.txt\n")},
)
def for_development(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each, command in _runs(dockerfile):
            served = each in dockerfile.final or _is_copied(dockerfile, each)
            said = _asked(production, command) if served and not command.guards else ""
            if said:
                yield Fault(said, each.location)


def _is_copied(dockerfile: Dockerfile, each: Instruction) -> bool:
    """Whether the image takes the packages from the stage of an instruction."""
    names = {dockerfile.stages[each.stage].name, str(each.stage)}
    taken = (i for i in dockerfile.final if i.keyword == "COPY" and i.flag("from") in names)
    return any(_PACKAGES.search(i.text) for i in taken)


def _asked(production: Production, command: Command) -> str:
    words = command.words
    files = [w for w in words if w.endswith((".txt", ".in", ".pip")) and _DEVELOP.search(w)]
    if {"install", "sync", "wheel"} & set(words) and files:
        return f"{files[0]} is installed"
    grouped = bool(production.project.dependencies.lock)
    if command.program == "pipenv" and {"--dev", "-d"} & set(words):
        return "pipenv installs dev-packages too"
    told = any(w.startswith(("--no-dev", "--only", "--without", "--no-group", "$")) for w in words)
    told = told or "--no-default-groups" in words or "-e" in words
    if told or not grouped or "--no-install-project" in words:
        return ""
    lock = production.text(production.near("pyproject.toml") or "")
    if command.program == "poetry" and "install" in words and _POETRY_DEV.search(lock):
        return "poetry installs the groups for development too"
    if command.program == "uv" and "sync" in words and _UV_DEV.search(lock):
        return "uv installs the group `dev` too"
    return ""


_POETRY_DEV = re.compile(
    r"^\[tool\.poetry\.(?:dev-dependencies|group\.(?:dev|test|tests|lint)\w*\.dependencies)\]"
    r"|^\[dependency-groups\]",
    re.MULTILINE,
)
_UV_DEV = re.compile(
    r"^\[dependency-groups\]\n(?:.*\n)*?dev\s*=|^dev-dependencies\s*=", re.MULTILINE
)


@rule(
    "IMG023",
    severity="error",
    title="The build applies migrations",
    why="No database of production is there while an image is built. Either the build fails, or "
    "the tables are made in a file of the image that every new container begins with.",
    symptom="could not translate host name; no such table; data that is gone after each release.",
    fix="Run `manage.py migrate` at the release, in a job with the variables of production.",
    url="https://docs.djangoproject.com/en/stable/howto/deployment/",
    mistake={"Dockerfile": _IMAGE.format("COPY . .\nRUN python manage.py migrate\n")},
    fixed={"Dockerfile": _IMAGE.format("COPY . .\nRUN python manage.py check\n")},
)
def migrates(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each, command in _runs(dockerfile):
            if command.management == "migrate" and not command.guards:
                engines = {fact.value.engine for fact in production.project.databases}
                severity: Severity | None = "warning" if "sqlite" in engines else None
                said = "migrate runs while the image is built"
                yield Fault(said, each.location, severity=severity)


@rule(
    "IMG026",
    severity="warning",
    title="A package is installed past the requirements",
    why="What the Dockerfile installs by name has no version and is in no lock: it is another one "
    "at each build, and may replace what the lock has chosen.",
    symptom="A build of an old commit that behaves differently.",
    fix="Add it to the requirements, with a version.",
    url="https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    mistake={"Dockerfile": _IMAGE.format("RUN pip install gunicorn\n")},
    fixed={"Dockerfile": _IMAGE.format("RUN pip install gunicorn==23.0.0\n")},
)
def past_requirements(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each, command in _runs(dockerfile):
            words = command.words
            verb = next((word for word in words if word in {"install", "wheel"}), "")
            if command.program in {"pip", "pip3"} and verb:
                asked = words[words.index(verb) + 1 :]
                found = [w for i, w in enumerate(asked) if _is_loose(w, asked[i - 1] if i else "")]
                if found:
                    said = f"{', '.join(found)}: whatever is newest on that day"
                    yield Fault(said, each.location)


_ALONE = ("-U", "--upgrade", "-q", "--no-", "--user", "--pre", "--quiet", "--disable", "--require")
"""Options that no value follows."""
_INSTALLERS = frozenset(
    {"pip", "setuptools", "wheel", "uv", "poetry", "pipenv", "pdm", "virtualenv"}
)


def _is_loose(word: str, before: str) -> bool:
    """Whether a word names a package without a version; installers themselves do not matter."""
    if before.startswith("-") and "=" not in before and not before.startswith(_ALONE):
        return False
    return bool(re.fullmatch(r"[A-Za-z][\w.-]*(?:\[[\w,-]+\])?(?:[><~!].*)?", word)) and (
        word.lower() not in _INSTALLERS and not word.endswith((".txt", ".whl", ".gz"))
    )
