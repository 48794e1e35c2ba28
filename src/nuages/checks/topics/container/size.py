"""What is in the image and serves nobody there: compilers, caches, lists."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Instruction
from nuages.checks.sources.shell import commands

_PRACTICES = "https://docs.docker.com/build/building/best-practices"
_IMAGE = 'FROM python:3.13-slim\nWORKDIR /app\n{}USER 2000\nCMD ["gunicorn"]\n'
_TOOLS = re.compile(
    r"(?<![\w.-])(?:build-essential|gcc|g\+\+|make|python3-dev|musl-dev|build-base|libpq-dev|rustc"
    r"|cargo|cmake|default-libmysqlclient-dev|libffi-dev|postgresql-dev|git)(?![\w-])"
)
_REMOVES = re.compile(r"\b(?:apt|apt-get|apk)\b[^&|;]*\b(?:purge|remove|del)\b([^&|;]*)")


@rule(
    "IMG024",
    severity="info",
    title="Compilers are in the image that runs",
    why="Compilers and headers are hundreds of megabytes that each start on a new machine loads, "
    "and tools for whoever gets in.",
    symptom="An image of more than a gigabyte; cold starts of half a minute.",
    fix="Build in one stage and copy the outcome into another: `COPY --from=build /venv /venv`.",
    url="https://docs.docker.com/build/building/multi-stage/",
    mistake={
        "Dockerfile": _IMAGE.format("RUN apt-get update && apt-get install -y build-essential\n")
    },
    fixed={"Dockerfile": _IMAGE.format("RUN apt-get update && apt-get install -y libpq5\n")},
)
def compilers(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        removed = any(_removes(i.text) for i in dockerfile.final if i.keyword == "RUN")
        for each in dockerfile.final if not removed else ():
            if each.keyword == "RUN" and re.search(r"\b(?:apt|apt-get|apk)\b", each.text):
                found = list(dict.fromkeys(_TOOLS.findall(each.text)))
                if found:
                    yield Fault(f"{', '.join(found)} in the image that runs", each.location)


def _removes(text: str) -> bool:
    """Whether packages are named that are to go again; `--auto-remove` alone removes none."""
    words = " ".join(_REMOVES.findall(text)).split()
    return any(not word.startswith("-") and "::" not in word for word in words)


@rule(
    "IMG025",
    severity="info",
    title="What installers leave behind is in the image",
    why="pip's cache and apt's lists serve nobody in an image; they are loaded with it wherever it "
    "starts.",
    symptom="An image that is a hundred megabytes larger than it need be.",
    fix="`pip install --no-cache-dir`, or a cache mount; `rm -rf /var/lib/apt/lists/*` in the RUN "
    "that made them.",
    url=f"{_PRACTICES}/#apt-get",
    mistake={"Dockerfile": _IMAGE.format("RUN apt-get update && apt-get install -y libpq5\n")},
    fixed={
        "Dockerfile": _IMAGE.format(
            "RUN apt-get update && apt-get install -y --no-install-recommends libpq5 "
            "&& rm -rf /var/lib/apt/lists/*\n"
        )
    },
)
def left_behind(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        environment = " ".join(i.text for i in dockerfile.each("ENV", "ARG"))
        for each in (i for i in dockerfile.final if i.keyword == "RUN"):
            mounted = "type=cache" in (each.flag("mount") or "")
            lists = "apt-get update" in each.text and "/var/lib/apt/lists" not in each.text
            if lists and not mounted:
                yield Fault("The lists of apt stay in the image", each.location)
            recommended = re.search(
                r"\bapt(?:-get)?\b[^&|;]*\binstall\b(?![^&|;]*recommends)", each.text
            )
            if recommended and "no-install-recommends" not in each.text:
                yield Fault("apt installs what it merely recommends too", each.location)
            if "PIP_NO_CACHE_DIR" not in environment and not mounted and _caches(each):
                yield Fault("pip's cache stays in the image", each.location)


def _caches(each: Instruction) -> bool:
    cleared = re.search(r"--no-cache-dir|\.cache|pip cache purge|--no-cache\b", each.text)
    pips = (
        c
        for c in commands([(each.text.replace("\n", " "), each.location)])
        if c.program in {"pip", "pip3"}
    )
    return not cleared and any("install" in command.words for command in pips)
