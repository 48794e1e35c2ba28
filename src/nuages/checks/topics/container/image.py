"""The image: Dockerfiles of the user's own. What Nuages renders is not judged."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_REFERENCE = "https://docs.docker.com/reference/dockerfile"
_ROOT = re.compile(r"(?:root|0)(?::.*)?$")
_FLOATING = re.compile(r"(?!\$)[^@\s$]*?(?::latest)?")


@rule(
    "IMG001",
    severity="error",
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
        if user is None:
            start = dockerfile.final[0].location if dockerfile.final else Location(dockerfile.path)
            yield Fault("No USER is set, so the site runs as root", start)
        elif _ROOT.match(user.text):
            yield Fault(f"The last USER is {user.text}", user.location)


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
        names = {stage.name for stage in dockerfile.stages} | {"scratch"}
        for stage in dockerfile.stages:
            if stage.image not in names and _floats(stage.image):
                yield Fault(f"{stage.image} is another image every month", stage.start.location)
    for compose in production.compose_files:
        for service in compose.services:
            if service.image and not service.yaml.get("build") and _floats(service.image):
                yield Fault(f"{service.image} is another image every month", service.at("image"))


def _floats(image: str) -> bool:
    tag = image.rpartition("/")[2]
    return bool(_FLOATING.fullmatch(tag)) and (":" not in tag or tag.endswith(":latest"))
