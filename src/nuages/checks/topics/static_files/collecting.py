"""When static files are collected: while the image is built, and not later or never."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import HOWTO, collects
from nuages.text import Location

_COLLECT = re.compile(r"\bcollectstatic\b")
_PROSE = (".md", ".rst", ".txt", ".html", ".js", ".po", ".css", ".json", ".svg", ".lock")
_ELSEWHERE = re.compile(r"\b(?:docker|ssh|heroku|kubectl|gcloud|flyctl|fly|aws|az|compose)\b")
_SERVES = re.compile(r"\b(?:gunicorn|uvicorn|uwsgi|daphne|granian|hypercorn|runserver)\b")
_SETS_UP = "RUN pip install -r requirements.txt\nCOPY . .\nUSER 2000\n"
_IMAGE = f"FROM python:3.13-slim\n{_SETS_UP}{{}}CMD gunicorn shop.wsgi\n"
_RUN = "RUN python manage.py collectstatic --noinput\n"
_START = ("CMD", "ENTRYPOINT")


@rule(
    "STA005",
    severity="warning",
    title="Nothing runs collectstatic",
    why="STATIC_ROOT is filled by collectstatic and by nothing else. In an image without that "
    "step every stylesheet is missing, and a manifest storage fails each page.",
    symptom="404 for /static/admin/css/base.css; ValueError: Missing staticfiles manifest entry.",
    fix="Add `RUN python manage.py collectstatic --noinput` to the Dockerfile, with harmless "
    "values for the variables that the settings demand.",
    url=f"{HOWTO}/deployment/",
    mistake={"Dockerfile": _IMAGE.format("")},
    fixed={"Dockerfile": _IMAGE.format(_RUN)},
)
def never_collected(production: Production) -> Faults:
    if not collects(production) or production.project.static.value.committed_root:
        return
    turned_off = _turned_off(production)
    starts = [d for d in production.dockerfiles if any(d.last(word) for word in _START)]
    if not (starts or turned_off) or _is_mentioned(production):
        return
    if turned_off:
        message = "DISABLE_COLLECTSTATIC is set, and nothing else collects"
        yield Fault(message, turned_off, "Remove DISABLE_COLLECTSTATIC.")
    else:
        last = starts[0].final[-1].location
        yield Fault(f"{starts[0].path} has no collectstatic, and nothing else runs it", last)


def _turned_off(production: Production) -> Location | None:
    """Where a platform's own collectstatic is told not to run."""
    platforms = ("app.json", "render.yaml", ".do/app.yaml", "fly.toml")
    found = (production.find(p, "DISABLE_COLLECTSTATIC") for p in platforms if p in production.tree)
    return next((place for place in found if place), None)


def _is_mentioned(production: Production) -> bool:
    """In whatever is no prose: any script or Makefile may be the one that deploys.

    A pipeline counts where it collects in the image or on the host, not for its own tests.
    """
    pipelines = {workflow.path for workflow in production.workflows}
    for path in production.files:
        name = path.rpartition("/")[2]
        skipped = path.endswith(_PROSE) or "test" in path or name == production.config.path
        text = "" if skipped else production.text(path)
        for line in text.splitlines() if "collectstatic" in text else ():
            said = _COLLECT.search(line) and not line.lstrip().startswith("#")
            called = not path.endswith(".py") or "call_command" in text
            if said and called and (path not in pipelines or _ELSEWHERE.search(line)):
                return True
    return False


@rule(
    "STA006",
    severity="warning",
    title="collectstatic runs when the container starts",
    why="Every instance collects all files again before it answers, into a disk that others do "
    "not see; a read-only or foreign-owned disk makes the start fail.",
    symptom="Minutes until an instance is ready; PermissionError: '/app/staticfiles'.",
    fix="Run it while the image is built: `RUN python manage.py collectstatic --noinput`.",
    url=f"{HOWTO}/deployment/",
    mistake={"Procfile": "web: python manage.py collectstatic --noinput && gunicorn shop.wsgi\n"},
    fixed={"Procfile": "web: gunicorn shop.wsgi\n"},
    repaired_by="always",
)
def collected_at_start(production: Production) -> Faults:
    for command, place in _started(production):
        if _COLLECT.search(command):
            yield Fault("Each start of a container runs collectstatic", place)


def _started(production: Production) -> Iterator[tuple[str, Location]]:
    """What runs in a container that starts; a service that ends by itself is a job."""
    for entry in production.processes:
        if _SERVES.search(entry.command):
            yield entry.command, entry.location
    for file in production.dockerfiles:
        yield from ((i.command, i.location) for i in file.final if i.keyword in _START)
    for compose in production.compose_files:
        for service in compose.services:
            if _SERVES.search(service.command):
                yield service.command, service.at("command")
    for script in production.scripts:
        serves = _SERVES.search(script.text) or 'exec "$@"' in script.text
        if serves:
            yield from ((line.text, line.location) for line in script.lines)


@rule(
    "STA023",
    severity="warning",
    title="A failing collectstatic goes unnoticed",
    why="With `|| true` the build goes on without the files. What was a red build becomes a site "
    "without styles, or with a manifest storage one that answers 500.",
    symptom="A green build, and ValueError: Missing staticfiles manifest entry for each page.",
    fix="Remove what swallows the failure, and give the settings the values that they demand.",
    url=f"{HOWTO}/deployment/",
    mistake={"Dockerfile": _IMAGE.format(_RUN.replace("input", "input || true"))},
    fixed={"Dockerfile": _IMAGE.format(_RUN)},
)
def unnoticed(production: Production) -> Faults:
    lines = [(i.text, i.location) for d in production.dockerfiles for i in d.each("RUN")]
    lines += list(production.commands)
    for text, place in lines:
        if re.search(r"\bcollectstatic\b[^;&|\n]*(?:\|\||;\s*(?:true|exit 0))", text):
            yield Fault("The build goes on when collectstatic fails", place)
