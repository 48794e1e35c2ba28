"""What Django itself says of a project: asked in its own environment, with its own settings."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from nuages.effects import shell
from nuages.effects.shell import Call
from nuages.errors import StepFailed
from nuages.local.process.launch import Launch, Prepared
from nuages.local.process.site import Site, search_path

LINTER = ("django-migration-linter==6.0.0", "appdirs==1.4.4", "toml==0.10.2")
"""Without its dependency on Django: the project's own is used."""

STAND_IN = re.compile(r"(SSL|HTTPS)_REDIRECT$|HSTS")
"""Switches that ``nuages up`` turns off: here their defaults are to be heard."""


def inspection(launch: Launch) -> dict[str, Any]:
    """Import the project, and ask its checks, its models and its newest migrations.

    The answer has ``checks``, ``changes`` (lines of makemigrations), ``lint`` and ``problems``.
    Raises ``StepFailed`` where the project's own settings cannot be imported.
    """
    prepared = launch.prepared(front_end=False)
    site = _own(launch, prepared)
    with launch.request.listener.step("Ask Django and the migration linter"):
        linter = _linter(launch, prepared)
        path = search_path(*(Path(p) for p in site.environment["PYTHONPATH"].split(":")), linter)
        root = str(launch.workspace.copy)
        finished, answer = site.script("inspection", "NUAGES-INSPECTION", root, PYTHONPATH=path)
    if answer is None:
        raise StepFailed(
            "Django cannot be asked about this project",
            hint=f"The whole log: {site.log('inspection')}",
            detail=finished.tail(),
        )
    return answer


def _own(launch: Launch, prepared: Prepared) -> Site:
    """The same place with the project's settings in place of the cloud settings."""
    project = launch.request.project
    said = launch.request.deployment.environment_variables
    needed = {variable.name for variable in project.contract if variable.required}
    environment = {
        **{
            name: value
            for name, value in prepared.site.environment.items()
            if name in said or name in needed or not STAND_IN.search(name.upper())
        },
        **project.settings.environ,
        "DJANGO_SETTINGS_MODULE": project.settings.module,
    }
    return replace(prepared.site, environment=environment)


def _linter(launch: Launch, prepared: Prepared) -> Path:
    """The folder that the linter is installed in; empty where it cannot be had."""
    folder = launch.request.cache / "tools" / LINTER[0].replace("==", "-")
    argv = (launch.uv, "pip", "install", "--quiet", "--no-deps", "--python")
    if not (folder / "django_migration_linter").is_dir():
        call = Call(
            (*argv, str(prepared.environment.python), "--target", str(folder), *LINTER),
            launch.tools,
        )
        shell.run(call, log=launch.workspace.logs / "linter.log", line=launch.request.listener.line)
    return folder
