"""What was found, in words: rows of topic, answer and evidence for a person to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nuages.project.facts import Evidence, Fact, Frontend, Project


@dataclass(frozen=True)
class Row:
    """One answer; ``evidence`` is ``file:line what stands there``, the strongest first."""

    topic: str
    answer: str
    evidence: tuple[str, ...] = ()


def explain(project: Project) -> list[Row]:
    """Every answer worth showing, in the order in which a reader asks."""
    rows = [
        *_place(project),
        *_runtime(project),
        *_data(project),
        *_work(project),
        *_web(project),
    ]
    return [row for row in rows if row.answer]


def _row(topic: str, answer: str, *facts: Fact[Any] | None) -> Row:
    return Row(topic, answer, tuple(_said(e for f in facts if f for e in f.evidence)))


def _said(evidence: Iterable[Evidence]) -> Iterator[str]:
    seen: dict[str, None] = {}
    for each in evidence:
        seen.setdefault(f"{each.location} {each.note}".strip())
    yield from list(seen)[:4]


def _place(project: Project) -> Iterator[Row]:
    yield _row("project", project.manage_dir.value, project.manage_dir)
    yield _row("settings", project.settings_module.value, project.settings_module)
    if project.configuration:
        yield _row("configuration", project.configuration.value, project.configuration)
    switches = {k: v for k, v in project.settings.environ.items() if not k.startswith("DJANGO_SET")}
    yield Row("production means", ", ".join(f"{name}={value}" for name, value in switches.items()))
    others = [c for c in project.settings_candidates if c.module != project.settings_module.value]
    for each in others[:4]:
        yield Row("not used", each.module, each.reasons[:2])
    if project.wsgi:
        yield _row("wsgi", project.wsgi.value.target, project.wsgi)
    if project.asgi:
        yield _row("asgi", project.asgi.value.target, project.asgi)
    if project.needs_asgi.value:
        yield _row("needs asgi", "yes", project.needs_asgi)


def _runtime(project: Project) -> Iterator[Row]:
    yield _row("python", project.python.value, project.python)
    if project.django:
        yield _row("django", project.django.value, project.django)
    if project.django_below:
        yield _row("django held", f"below {project.django_below.value}", project.django_below)
    found = project.dependencies
    yield Row("dependencies", f"{found.manager}: {', '.join(found.files) or 'none found'}")
    yield Row("groups", ", ".join((*found.groups, *found.extras)))
    yield Row("from git", ", ".join(found.git))
    yield Row("server", ", ".join(project.servers))
    system = project.system_packages
    reasons = tuple(f"{package}: {why}" for package, why in system.reasons.items())
    names = sorted({*system.build, *system.runtime})
    yield Row("system packages", ", ".join(names), reasons[:4])


def _data(project: Project) -> Iterator[Row]:
    for fact in project.databases:
        kind = fact.value.engine or "unknown"
        steered = f" (by {', '.join(fact.value.variables)})" if fact.value.variables else ""
        yield _row(f"database {fact.value.alias}", kind + steered, fact)
    if project.cache_backend:
        yield _row("cache", project.cache_backend.value, project.cache_backend)
    if project.custom_user:
        yield _row("user model", project.custom_user.value, project.custom_user)
    if project.media_fields:
        count = len(project.media_fields)
        files = tuple(_said(project.media_fields))
        yield Row("uploads", f"{count} field{'s' if count > 1 else ''}", files)


def _work(project: Project) -> Iterator[Row]:
    if project.celery:
        beat = " with a schedule" if project.celery.value.beat else ""
        yield _row("celery", project.celery.value.target + beat, project.celery)
    for queue in project.task_queues:
        yield _row("task queue", queue.value, queue)
    for step in project.management_steps:
        yield _row(f"{step.value.when} step", " ".join(step.value.command), step)


def _web(project: Project) -> Iterator[Row]:
    facts = project.static.value
    serving = "whitenoise" if facts.whitenoise else "nothing serves them"
    root = (facts.root or "no STATIC_ROOT").removeprefix("{root}/")
    yield _row("static files", f"{root}, {serving}", project.static)
    if project.frontend:
        yield _row("front end", _frontend(project.frontend.value), project.frontend)
    for path in project.health_endpoints:
        yield _row("health", path.value, path)
    shown = ", ".join(fact.value for fact in project.urls[:6])
    yield _row("pages", shown, *project.urls[:1])


def _frontend(found: Frontend) -> str:
    command = f"{found.tool} run {found.command}" if found.command else f"{found.tool} install"
    where = f" in {found.directory}" if found.directory != "." else ""
    return command + where + (f", into {found.output}" if found.output else "")
