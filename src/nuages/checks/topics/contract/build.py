"""What the settings demand while an image is built."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.shell import Command
from nuages.checks.topics.contract.run_environment import environ, is_public, managed
from nuages.project.entry_points import VARIABLE, naming
from nuages.project.facts import EvaluatedSettings
from nuages.project.settings import evaluate

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
        for instruction, command in managed(file):
            given = environ(file, instruction)
            if given is None or not is_public(file, instruction):
                continue
            found = _settings(production, given, command)
            missing = [v.name for v in found.variables if v.required and v.name not in given]
            if missing and found.raises:
                shown = ", ".join(missing[:4]) + (", …" if len(missing) > 4 else "")
                gives = " ".join(f"{name}=build" for name in missing[:4])
                yield Fault(
                    f"{command.management} runs here without {shown}, and {found.module} ends "
                    "with an error",
                    instruction.location,
                    f"Put `{gives}` before the command in this RUN: harmless values, for this "
                    "line alone.",
                    severity="warning" if command.ignored else None,
                )


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
