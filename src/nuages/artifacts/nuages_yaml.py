"""The nuages.yaml that ``nuages init`` writes for a project that has none."""

from __future__ import annotations

from nuages.artifacts.render import render
from nuages.project.facts import Project
from nuages.text import slug


def first_config(project: Project) -> str:
    """Return a short commented nuages.yaml: what was found, and the choices to make first."""
    return render(
        "nuages.yaml.j2",
        name=slug(project.name),
        settings=project.settings_module.value,
        secrets=[v.name for v in project.contract if v.secret and v.required],
        variables=[v.name for v in project.contract if v.required and not v.secret],
        celery=project.celery is not None,
        beat=project.celery is not None and project.celery.value.beat,
        mysql=any(database.value.engine == "mysql" for database in project.databases),
        media=bool(project.media_fields),
    )
