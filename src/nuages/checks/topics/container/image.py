"""What an image is built on, and as whom it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile
from nuages.checks.topics.container.lifetimes import ended
from nuages.text import Location

_REFERENCE = "https://docs.docker.com/reference/dockerfile"
_ROOT = re.compile(r"(?:root|0)(?::.*)?$")
_DROPS = re.compile(
    r"\b(?:gosu|su-exec|setpriv|s6-setuidgid|setuidgid|chpst|runuser|su -|su )\b|--(?:uid|user)\b"
)
_UID = re.compile(r"^\s*(?:uid|user)\s*[= ]\s*(?!root|0\b)\S", re.MULTILINE)
_PUSHED = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S+:latest$")
"""The latest of a registry, which is built here or there."""
_FLOATING = re.compile(r"(?!\$)[^@\s$]*?(?::latest)?")


@rule(
    "IMG001",
    severity="warning",
    title="The container runs as root",
    why="Whoever gets to run code through the site owns every file of the container, and a hole "
    "in the runtime is a way to the host. GKE Autopilot and OpenShift refuse such images.",
    symptom="container has runAsNonRoot and image will run as root.",
    fix="Make a user and switch to it after everything is installed: `USER 2000`.",
    url=f"{_REFERENCE}/#user",
    mistake={"Dockerfile": 'FROM python:3.13-slim\nCOPY . .\nCMD ["gunicorn", "shop.wsgi"]\n'},
    fixed={"Dockerfile": 'FROM python:3.13-slim\nCOPY . .\nUSER 2000\nCMD ["gunicorn"]\n'},
)
def root(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        user = dockerfile.last("USER")
        if _drops(production, dockerfile):
            continue
        if user is None:
            start = dockerfile.final[0].location if dockerfile.final else Location(dockerfile.path)
            yield Fault("No USER is set, so the site runs as root", start)
        elif _ROOT.match(user.text):
            yield Fault(f"The last USER is {user.text}", user.location)


def _drops(production: Production, dockerfile: Dockerfile) -> bool:
    """Whether what it starts becomes somebody else, or may, as under s6."""
    started = [start for start in production.starts if start.name == dockerfile.path]
    words = [command.text for start in started for command in start.commands]
    if any(_DROPS.search(text) or text == "/init" for text in words):
        return True
    configured = [
        word for text in words for word in text.split() if word.endswith((".ini", ".conf"))
    ]
    names = {word.rpartition("/")[2] for word in configured}
    paths = [path for path in production.files if path.rpartition("/")[2] in names]
    return any(_UID.search(production.text(path)) for path in paths)


@rule(
    "IMG002",
    severity="warning",
    title="An image has no version",
    why="The same source gives another image tomorrow: another Python, another PostgreSQL that "
    "cannot read the data of the last one. And a tag that moves cannot be rolled back to.",
    symptom="database files are incompatible with server; the data directory was initialized by "
    "PostgreSQL version 16.",
    fix="Name a version, `python:3.13-slim`, or a digest.",
    url="https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    mistake={"Dockerfile": "FROM python:latest\nUSER 2000\nRUN pip install -r requirements.txt\n"},
    fixed={"Dockerfile": "FROM python:3.13-slim\nUSER 2000\nRUN pip install -r requirements.txt\n"},
)
def floating(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        names = {stage.name.lower() for stage in dockerfile.stages} | {"scratch", "context"}
        for image, where in [*_bases(dockerfile), *_taken(dockerfile)]:
            if image.lower() not in names and not image.isdigit() and _floats(image):
                yield Fault(f"{image} is another image every month", where)
    for compose in production.compose_files:
        for service in compose.services:
            pushed = _PUSHED.match(service.image) or not service.yaml.get("build")
            if service.image and pushed and _floats(service.image):
                yield Fault(f"{service.image} is another image every month", service.at("image"))


def _bases(dockerfile: Dockerfile) -> Iterator[tuple[str, Location]]:
    return ((stage.image, stage.start.location) for stage in dockerfile.stages)


def _taken(dockerfile: Dockerfile) -> Iterator[tuple[str, Location]]:
    """Images that something is copied from; a build context of its own has no slash or colon."""
    for each in dockerfile.each("COPY"):
        image = each.flag("from") or ""
        if "/" in image or ":" in image:
            yield image, each.location


@rule(
    "IMG003",
    severity="warning",
    title="An image that nobody mends any more",
    why="Its release gets no security fixes: every hole that is found from now on stays open, and "
    "scanners of images refuse it. Its package lists go away one day, and then nothing builds.",
    symptom="404 Not Found [IP: …] from apt-get update: the release has moved to the archive.",
    fix="Take a release that is still supported, `python:3.13-slim-trixie`.",
    url="https://endoflife.date/",
    mistake={"Dockerfile": "FROM python:3.13-slim-buster\nRUN pip install -r requirements.txt\n"},
    fixed={"Dockerfile": "FROM python:3.13-slim-trixie\nRUN pip install -r requirements.txt\n"},
)
def unsupported(production: Production) -> Faults:
    for image, where in _images(production):
        said = ended(image)
        if said:
            yield Fault(f"{image}: {said}", where)


def _images(production: Production) -> Iterator[tuple[str, Location]]:
    for dockerfile in production.dockerfiles:
        needed = {each.stage for each in dockerfile.needed}
        for stage in (each for each in dockerfile.stages if each.number in needed):
            yield stage.image, stage.start.location
    for compose in production.serving:
        for service in compose.services:
            if service.image and not service.yaml.get("build"):
                yield service.image, service.at("image")


def _floats(image: str) -> bool:
    tag = image.rpartition("/")[2]
    return bool(_FLOATING.fullmatch(tag)) and (":" not in tag or tag.endswith(":latest"))
