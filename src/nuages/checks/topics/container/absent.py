"""What the image, the build or the compose file counts on, and is not there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeFile
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.shell import Command, commands
from nuages.checks.sources.starting import renamed
from nuages.project import requirements

_IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\n{}USER 2000\nCMD ["gunicorn"]\n'
_SLIM: dict[str, str] = {
    "curl": "curl", "wget": "wget", "git": "git", "gcc": "gcc|build-essential",
    "make": "make|build-essential", "nc": "netcat", "psql": "postgresql-client",
    "pg_isready": "postgresql-client", "mysqladmin": "client", "redis-cli": "redis", "ps": "procps",
    "unzip": "unzip", "msgfmt": "gettext", "npm": "npm|node", "node": "node", "gosu": "gosu",
    "tini": "tini", "dumb-init": "dumb-init", "su-exec": "su-exec", "envsubst": "gettext",
}  # fmt: skip
"""A command that `python:…-slim` does not have: the Debian package, or a part of its name."""
_ADDUSER = {"adduser": "adduser", "addgroup": "adduser", "deluser": "adduser"}
"""Gone from Debian's images with trixie: https://hub.docker.com/_/debian"""
_APT = re.compile(r"\b(?:apt|apt-get)\b[^&|;]*\binstall\b([^&|;]*)")
_PLAIN = re.compile(
    r"lib[\w.+-]+|default-libmysqlclient-dev|build-essential|gcc|g\+\+|make|pkg-config|curl|wget|git"
    r"|gettext|ca-certificates|python3-dev|shared-mime-info|netcat[\w-]*|unzip|procps|tini|adduser"
)
_OFFICIAL = re.compile(r"^(?:docker\.io/)?(?:library/)?python:(?P<tag>[\w.-]+)")
_FROM_TRIXIE = re.compile(r"slim-trixie|^3(?:\.1[0-4])?-slim$")


@rule(
    "IMG043",
    severity="error",
    title="A command that the image does not have",
    why="The slim images have Python and little else. A build stops at the command; a HEALTHCHECK "
    "that calls it fails each time, and the container is never healthy.",
    symptom="/bin/sh: 1: adduser: not found; /bin/sh: 1: curl: not found; exit code 127.",
    fix="Install its package, or take what is there: `useradd` for `adduser`, `python -c` with "
    "`urllib.request` for curl.",
    url="https://hub.docker.com/_/python#image-variants",
    mistake={
        "Dockerfile": _IMAGE.format(
            "RUN pip list\nHEALTHCHECK CMD curl -f http://localhost:8000/\n"
        )
    },
    fixed={
        "Dockerfile": _IMAGE.format(
            "RUN apt-get update && apt-get install -y curl\n"
            "HEALTHCHECK CMD curl -f http://localhost:8000/\n"
        )
    },
)
def command(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for stage in dockerfile.stages:
            lacking = _lacking(dockerfile, stage.image)
            for each in (i for i in dockerfile.needed if i.stage == stage.number):
                if each.keyword == "HEALTHCHECK" and each not in dockerfile.final:
                    continue
                for name in _called(each):
                    package = lacking.get(name)
                    if package and not _installed(dockerfile, package, name, before=each):
                        yield Fault(f"{stage.image} has no {name}", each.location)


def _lacking(dockerfile: Dockerfile, image: str) -> dict[str, str]:
    """What is absent from a stage's base; nothing where that is not known."""
    named = {stage.name.lower(): stage for stage in dockerfile.stages if stage.name}
    seen: set[str] = set()
    while image.lower() in named and image not in seen:
        seen.add(image)
        image = named[image.lower()].image
    official = _OFFICIAL.match(image)
    if not official or "slim" not in official["tag"]:
        return {}
    return {**_SLIM, **(_ADDUSER if _FROM_TRIXIE.search(official["tag"]) else {})}


def _called(each: Instruction) -> Iterator[str]:
    if each.keyword == "RUN":
        lines = [(line, each.location) for line in each.text.splitlines()]
        yield from (found.program for found in commands(lines) if not found.guards)
    if each.keyword == "HEALTHCHECK":
        text = re.sub(r"^CMD\s+", "", each.text)
        words = re.findall(r'"([^"]*)"', text) if text.startswith("[") else []
        line = " ".join(words) if words else text
        yield from (found.program for found in commands([(line, each.location)]))


def _installed(dockerfile: Dockerfile, package: str, name: str, *, before: Instruction) -> bool:
    """Whether something before it, in that image, installs or brings the command."""
    earlier = [i for i in dockerfile.instructions if i.location.line <= before.location.line]
    texts = [i.text for i in earlier if i.keyword in {"RUN", "COPY", "ADD", "ARG", "ENV"}]
    if not all(map(_tells, texts)):
        return True  # another package may have brought it, or a variable names it
    wanted = re.compile(rf"(?:{package})")
    apt = (words for text in texts for words in _APT.findall(text))
    brought = (i for i in earlier if i.keyword in {"COPY", "ADD"} or "install.sh" in i.text)
    return any(wanted.search(t) for t in apt) or any(
        re.search(rf"(?:/|\b){re.escape(name)}\b|/usr/local|/bin", i.text) for i in brought
    )


@rule(
    "IMG045",
    severity="error",
    title="Two commands, of which the last one wins",
    why="An image has one CMD and one ENTRYPOINT: each one before the last is ignored, without a "
    "word. A site that is to migrate and then to serve does one of the two.",
    symptom="A container that ends at once, or serves without what the first line was for.",
    fix="Keep one; what has to run first is a job of its own.",
    url="https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/",
    mistake={"Dockerfile": _IMAGE.format('RUN pip list\nCMD ["python", "manage.py", "migrate"]\n')},
    fixed={"Dockerfile": _IMAGE.format("RUN pip list\n")},
)
def several(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for stage in dockerfile.stages:
            for keyword in ("CMD", "ENTRYPOINT"):
                found = [i for i in stage.instructions if i.keyword == keyword]
                for each in found[:-1] if stage.number == dockerfile.served.number else ():
                    said = f"{keyword} {each.command[:50]} is ignored: line "
                    yield Fault(f"{said}{found[-1].location.line} has another", each.location)


@rule(
    "IMG046",
    severity="error",
    title="The compose file names what it does not have",
    why="Docker refuses the whole file, and starts nothing.",
    symptom='service "nginx" depends on undefined service "app": invalid compose project.',
    fix="Name a service, or a volume, that is in the file.",
    url="https://docs.docker.com/reference/compose-file/services/#depends_on",
    mistake={
        "compose.yaml": "services:\n  web:\n    build: .\n    restart: always\n    mem_limit: 1g\n"
        "    depends_on: [db]\n"
    },
    fixed={
        "compose.yaml": "services:\n  web:\n    build: .\n    restart: always\n    mem_limit: 1g\n"
    },
)
def undefined(production: Production) -> Faults:
    for compose in production.compose_files:
        if compose.yaml.get("include"):
            continue
        elsewhere = _elsewhere(production, compose)
        named = {service.name for service in compose.services}
        volumes = compose.yaml.get("volumes")
        kept = {name for name, _ in volumes.items()} if volumes else set()
        for service in compose.services:
            needed = service.yaml.get("depends_on")
            listed = [(i.text, i.location) for i in needed.list()] if needed else []
            mapped = [(n, needed.at(n)) for n, _ in needed.items()] if needed else []
            for name, where in [*listed, *mapped]:
                if name and name not in named and not elsewhere:
                    yield Fault(f"{service.name} depends on {name}, which is no service", where)
            for text, where in service.texts("volumes"):
                volume = re.match(r"([A-Za-z0-9][\w.-]+):/", text)
                if volume and volume[1] not in kept and not elsewhere:
                    yield Fault(f"The volume {volume[1]} is not under `volumes`", where)


def _elsewhere(production: Production, compose: ComposeFile) -> bool:
    """Whether other compose files may be laid over this one, or under it."""
    pattern = re.compile(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml$")
    return any(pattern.search(p) and p != compose.path for p in production.files)


@rule(
    "IMG047",
    severity="error",
    title="Packages are installed without what they need",
    why="`--no-deps` is for a list that names everything. With a list that does not, Django is "
    "installed without asgiref and sqlparse, and nothing can be imported.",
    symptom="ModuleNotFoundError: No module named 'asgiref'.",
    fix="Leave `--no-deps` out, or compile the list: `uv pip compile`.",
    url="https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-deps",
    mistake={
        "Dockerfile": _IMAGE.format("COPY r.txt .\nRUN pip install --no-deps -r r.txt\n"),
        "r.txt": "django==5.2.8\ngunicorn==23.0.0\n",
    },
    fixed={
        "Dockerfile": _IMAGE.format("COPY r.txt .\nRUN pip install -r r.txt\n"),
        "r.txt": "django==5.2.8\ngunicorn==23.0.0\n",
    },
)
def without_needs(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each, made in _runs(dockerfile):
            bare = {"install", "--no-deps"} <= set(made.words)
            path = _file(production, dockerfile, made) if bare else ""
            read = requirements.read(production.tree, path) if path else None
            names = {found.name for found in read.requirements} if read else set()
            if "django" in names and not {"asgiref", "sqlparse"} & names:
                yield Fault(f"{path} does not name what Django needs", each.location)


@rule(
    "IMG048",
    severity="error",
    title="A requirements file that another includes is not copied",
    why="The build has only what was copied before it: pip looks for the included file beside the "
    "other, and the build stops.",
    symptom="ERROR: Could not open requirements file: No such file or directory: 'base.txt'.",
    fix="Copy the folder: `COPY requirements/ requirements/`.",
    url="https://pip.pypa.io/en/stable/reference/requirements-file-format/",
    mistake={
        "Dockerfile": _IMAGE.format("COPY r.txt .\nRUN pip install -r r.txt\n"),
        "r.txt": "-r base.txt\ngunicorn==23.0.0\n",
        "base.txt": "django==5.2.8\n",
    },
    fixed={
        "Dockerfile": _IMAGE.format("COPY r.txt base.txt ./\nRUN pip install -r r.txt\n"),
        "r.txt": "-r base.txt\ngunicorn==23.0.0\n",
        "base.txt": "django==5.2.8\n",
    },
)
def not_copied(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each, made in _runs(dockerfile):
            path = _file(production, dockerfile, made)
            copied = list(_copied(dockerfile, each))
            alone = path and path in copied and not any(_covers(word, path) for word in copied)
            read = requirements.read(production.tree, path) if alone else None
            for included in read.files[1:] if read else ():
                if included not in copied and not any(_covers(w, included) for w in copied):
                    said = f"{path} includes {included}, which is not in the image yet"
                    yield Fault(said, each.location)


def _runs(dockerfile: Dockerfile) -> Iterator[tuple[Instruction, Command]]:
    for each in (i for i in dockerfile.needed if i.keyword == "RUN"):
        lines = [(line, each.location) for line in each.text.splitlines()]
        yield from ((each, made) for made in commands(lines))


def _file(production: Production, dockerfile: Dockerfile, made: Command) -> str:
    """The file of the tree that a command installs from."""
    if not {"install", "sync", "wheel"} & set(made.words):
        return ""
    names = renamed([dockerfile])
    for word in (w.removeprefix("-r") for w in made.words if w.endswith((".txt", ".in"))):
        wanted = names.get(word, word).lstrip("./")
        same = production.tree.by_name.get(posixpath.basename(wanted), ())
        near = [path for path in same if wanted.endswith(path) or path.endswith(wanted)]
        if near or len(same) == 1:
            return (near or list(same))[0]
    return ""


def _tells(text: str) -> bool:
    """Whether it is known what an instruction installs: packages that bring no other commands."""
    words = " ".join(_APT.findall(text)).split()
    return "xargs" not in text and all(
        word.startswith("-") or _PLAIN.fullmatch(word) for word in words
    )


def _copied(dockerfile: Dockerfile, before: Instruction) -> Iterator[str]:
    """What was copied into the same stage before an instruction."""
    for each in dockerfile.each("COPY", "ADD"):
        here = each.stage == before.stage and each.location.line < before.location.line
        if here and each.flag("from") is None:
            words = each.argv or tuple(each.text.split())
            yield from (posixpath.normpath(word.strip("\"'").lstrip("/")) for word in words[:-1])


def _covers(copied: str, path: str) -> bool:
    """Whether a source of COPY is the folder of a file, or one above it, or a pattern."""
    return copied in {".", ""} or "*" in copied or path.startswith(f"{copied}/")
