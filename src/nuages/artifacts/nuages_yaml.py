"""The nuages.yaml that ``nuages init`` writes for a project that has none."""

from __future__ import annotations

from nuages.artifacts.render import render
from nuages.config.resolve import resolve
from nuages.project.facts import Project
from nuages.text import slug


def first_config(project: Project) -> str:
    """Return a short commented nuages.yaml: what was found, and the choices to make first."""
    deployment = resolve(project)
    read = [v for v in project.contract if v.required and v.name not in deployment.wiring]
    return render(
        "nuages.yaml.j2",
        name=slug(project.name),
        settings=project.settings_module.value,
        secrets=[variable.name for variable in read if variable.secret],
        variables=[variable for variable in read if not variable.secret],
        database=deployment.database.engine if deployment.database else None,
        cache=deployment.cache.engine if deployment.cache else None,
    )
