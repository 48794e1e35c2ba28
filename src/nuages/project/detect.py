"""A Django project, found and read without importing it.

tree ─▶ roots ─▶ dependencies ─▶ selection (entry points, hints, candidates, switches)
                                     │ settings evaluated
                                     ▼
                                   site ─▶ one function per topic ─▶ Project
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nuages.project import databases, dependencies, health, media, queues
from nuages.project import urls as urlconf
from nuages.project.applications import application, needs_asgi
from nuages.project.contract import read_elsewhere
from nuages.project.early import early_use
from nuages.project.entry_points import naming
from nuages.project.explanation import explain
from nuages.project.facts import (
    CeleryApp,
    Dependencies,
    EntryPoint,
    Fact,
    Problem,
    Project,
    Variable,
)
from nuages.project.folders import absent_folders
from nuages.project.frontend import frontend
from nuages.project.management_steps import management_steps, needs_messages
from nuages.project.python_source import joined
from nuages.project.removed import django_below, held
from nuages.project.roots import Root, root
from nuages.project.selection import Selection, selection, sources
from nuages.project.site import Site
from nuages.project.static import static
from nuages.project.syntax import oldest
from nuages.project.system_packages import system_packages
from nuages.project.telemetry import telemetry
from nuages.project.tooling import tooling
from nuages.project.tree import Tree
from nuages.project.undeclared import undeclared
from nuages.project.versions import pythons
from nuages.text import Location

__all__ = ["detect", "explain"]

SERVERS = ("gunicorn", "uvicorn", "daphne", "uwsgi", "granian", "hypercorn", "waitress", "pyuwsgi")


def detect(
    tree: Tree, *, directory: str | None = None, settings_module: str | None = None
) -> Project:
    """Everything that reading the tree finds.

    ``directory`` says which project, where the tree holds several; ``settings_module`` which
    settings, where the choice made here is not wanted.

    Raises:
        ProjectError: with the reason ``not-django``, ``several-projects``, ``template`` or
            ``no-settings``.
    """
    place = root(tree, directory)
    found = sources(tree, place)
    reading = dependencies.read(tree, place.manage_dir)
    chosen = selection(found, place, reading.dependencies.packages, settings_module)
    site = Site(tree, found, place.manage_dir, chosen.settings, reading.dependencies)
    below = django_below(site)
    site = replace(site, dependencies=_held(site.dependencies, below))
    early = early_use(found, chosen.module.value)
    project = _project(site, place, chosen, reading)
    develops = _development(site, place, chosen)
    kept = media.uploads(site)
    return replace(
        project,
        django_below=below,
        early_use=early,
        uploads=kept,
        development=develops,
        undeclared=undeclared(site),
        absent_folders=absent_folders(site, project.static.value, _output(project)),
    )


def _project(site: Site, place: Root, chosen: Selection, reading: dependencies.Reading) -> Project:
    wsgi = application(site, "WSGI_APPLICATION", chosen.wsgi)
    asgi = application(site, "ASGI_APPLICATION", chosen.asgi)
    routes = urlconf.routes(site)
    steps = management_steps(site)
    uploads = media.media_fields(site)
    celery = queues.celery(site)
    # after the others: it looks at every Python file that they have read
    syntax, unparsed = oldest(site.tree, _read(site))
    python = pythons(site.tree, site.manage_dir, site.dependencies, reading.declared, syntax)
    return Project(
        name=_name(site.tree, place),
        manage_dir=Fact(place.manage_dir, (place.evidence,)),
        manage_py=Fact(place.manage_py, (place.evidence,)) if place.manage_py else None,
        settings_module=chosen.module,
        settings_kind=chosen.kind.kind,
        configuration=chosen.kind.configuration,
        settings_candidates=chosen.candidates,
        settings=chosen.settings,
        wsgi=wsgi,
        asgi=asgi,
        needs_asgi=needs_asgi(site, wsgi, asgi),
        python=python.chosen,
        python_requires=python.requires,
        django=dependencies.django(site.dependencies),
        dependencies=site.dependencies,
        frontend=frontend(site),
        databases=databases.databases(site),
        cache_backend=databases.cache_backend(site),
        celery=celery,
        task_queues=queues.task_queues(site),
        rest_framework=media.rest_framework(site),
        custom_user=media.custom_user(site),
        media_fields=uploads,
        static=static(site),
        health_endpoints=health.health_endpoints(site, routes),
        urls=urlconf.urls(routes),
        system_packages=system_packages(site, python.chosen.value, needs_messages(steps)),
        management_steps=steps,
        servers=tuple(name for name in SERVERS if name in site.dependencies.packages),
        syntax=syntax,
        elsewhere=_elsewhere(site, place, celery, wsgi, asgi),
        tooling=tooling(site, reading.declared),
        telemetry=telemetry(site, wsgi, asgi),
        problems=_problems(place, chosen.problems, reading.problems, python.problems, unparsed),
    )


def _output(project: Project) -> str:
    return (project.frontend.value.output or "") if project.frontend else ""


def _development(site: Site, place: Root, chosen: Selection) -> str | None:
    text = site.tree.read(place.manage_py) if place.manage_py else None
    found = naming(place.manage_py or "", text) if text else None
    module = found.module if found else None
    other = module and module != chosen.module.value and site.sources.path(module)
    return module if other else None


def _elsewhere(
    site: Site, place: Root, celery: Fact[CeleryApp] | None, *points: Fact[EntryPoint] | None
) -> tuple[Variable, ...]:
    """What is read before, or beside, the settings: by what starts a process of the site."""
    module = celery.value.target.partition(":")[0] if celery else ""
    celeries = [site.sources.path(name) for name in (module, f"{module}.celery") if module]
    starts = [place.manage_py, *(p.value.path for p in points if p), *celeries]
    own = [joined(site.manage_dir, name) for name in ("gunicorn.conf.py", "gunicorn_config.py")]
    paths = dict.fromkeys(path for path in (*starts, *own) if path and path in site.tree)
    known = {v.name for v in site.settings.variables} | {"DJANGO_SETTINGS_MODULE"}
    return tuple(v for v in read_elsewhere(site.tree, paths) if v.name not in known)


def _held(found: Dependencies, below: Fact[str] | None) -> Dependencies:
    """Django's version decides on the Python: what the code runs on counts as asked for."""
    if below is None:
        return found
    where = {"django": below.evidence[0].location, **found.locations}
    return replace(found, packages=held(found, below), locations=where)


def _read(site: Site) -> tuple[str, ...]:
    own = set(site.sources.own)
    return tuple(path for path in site.tree.read_paths if path in own)


def _problems(place: Root, *found: Iterable[Problem]) -> tuple[Problem, ...]:
    note = "another Django project, which was not read"
    elsewhere = (Problem(Location(folder), note) for folder in place.others)
    return (*(problem for topic in found for problem in topic), *elsewhere)


def _name(tree: Tree, place: Root) -> str:
    generic = {"src", "backend", "server", "app", "api", "web", "django", "project", "site", "www"}
    last = place.manage_dir.rpartition("/")[2]
    return tree.name if last == "." or last in generic else last
