"""``.env.example``: every variable that may be set, what it does, where it is read."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import hosts
from nuages.artifacts.render import render
from nuages.artifacts.wired import wired
from nuages.model import Deployment, EnvironmentVariable

_SUPERUSER = "DJANGO_SUPERUSER_PASSWORD"
_ELSEWHERE = frozenset({"ALLOWED_HOSTS", "DATABASE_PASSWORD", "DB_PASSWORD", _SUPERUSER})
"""Variables that have a paragraph of their own, or that compose.yaml derives from one."""


def env_example(deployment: Deployment) -> Artifact:
    """A file to copy to ``.env`` and fill in; nothing in it is a secret."""
    answered = {*wired(deployment), *deployment.environment_variables, *_ELSEWHERE}
    named = {variable.name for variable in deployment.contract}
    open_questions = [v for v in deployment.contract if v.name not in answered]
    database = deployment.database
    text = render(
        "docker/env.example.j2",
        secrets=[s.name for s in deployment.secrets if s.name not in named | answered],
        required=[_entry(v) for v in open_questions if v.required],
        optional=[_entry(v) for v in open_questions if not v.required],
        wired=sorted(wired(deployment)),
        values=sorted(deployment.environment_variables.items()),
        has_server=database is not None and database.engine != "sqlite",
        hosts=",".join(hosts(deployment)),
    )
    return Artifact(".env.example", text)


def _entry(variable: EnvironmentVariable) -> dict[str, str]:
    default = "" if variable.secret else variable.default or ""
    return {"name": variable.name, "default": default, "read_at": variable.read_at}
