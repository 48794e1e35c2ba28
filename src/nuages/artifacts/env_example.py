"""``.env.example``: every variable that may be set, what it does, where it is read."""

from __future__ import annotations

from nuages.artifacts import Artifact
from nuages.artifacts.layout import Layout
from nuages.artifacts.render import render
from nuages.model import Deployment, EnvironmentVariable


def env_example(deployment: Deployment, layout: Layout) -> Artifact:
    """A file to copy to ``.env`` and fill in; nothing in it is a secret."""
    named = {variable.name for variable in deployment.contract}
    secrets = [secret for secret in deployment.secrets if secret.name not in named]
    text = render(
        "docker/env.example.j2",
        secrets=[secret.name for secret in secrets],
        required=[_entry(v) for v in deployment.contract if v.required],
        optional=[_entry(v) for v in deployment.contract if not v.required],
        database=deployment.database,
        hosts=",".join(["localhost", *filter(None, [deployment.domain]), *deployment.aliases]),
        cache=deployment.cache is not None,
    )
    return Artifact(layout.env_example, text)


def _entry(variable: EnvironmentVariable) -> dict[str, str]:
    default = "" if variable.secret else variable.default or ""
    return {"name": variable.name, "default": default, "read_at": variable.read_at}
