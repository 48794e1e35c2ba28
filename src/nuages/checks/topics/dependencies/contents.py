"""What the packages are: a server, tools that do not belong there, and what is abandoned."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.dependencies.known import (
    ABANDONED,
    BRINGS_TOOLS,
    SERVERS,
    TOOLS,
    TWINS,
)
from nuages.checks.topics.dependencies.missing import has
from nuages.text import Location

_ALL = "asgiref==3.10.0\ndjango==5.2.8\n{}sqlparse==0.5.3\n"


def _requirements(*lines: str) -> dict[str, str | None]:
    return {"requirements.txt": _ALL.format("".join(f"{line}\n" for line in lines))}


@rule(
    "DEP006",
    severity="warning",
    title="No web server is among the packages",
    why="Django brings none that serves the site: `runserver` is for development only. Whoever "
    "deploys installs one of any version, past the lock.",
    symptom="gunicorn: command not found; a site that runs on runserver.",
    fix="Add gunicorn, or uvicorn for an ASGI application, to the requirements.",
    url="https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/",
    mistake={**_requirements(), "Dockerfile": None},
    fixed=_requirements("gunicorn==23.0.0"),
    repaired_by="always",
)
def no_server(production: Production) -> Faults:
    dependencies = production.project.dependencies
    names = {name for names in SERVERS.values() for name in names} - {"celery"}
    more = {"cherrypy", "bjoern", "mod-wsgi", "nginx-unit", "hypercorn", "tornado", "cheroot"}
    started = any(server.server in SERVERS for server in production.servers)
    brought = production.has("channels") and "asgiref" not in dependencies.packages
    served = started or brought or has(production, *names, *more)
    if "django" in dependencies.packages and not served:
        images = " ".join(i.text for f in production.dockerfiles for i in f.each("RUN", "CMD"))
        if not re.search(r"mod.wsgi|apache|uwsgi|unit", images):
            where = Location(dependencies.files[0], 1)
            yield Fault(f"{dependencies.files[0]} has no web server", where)


@rule(
    "DEP007",
    severity="error",
    title="What is started is not installed",
    why="The container, or the process, ends at once.",
    symptom='exec: "gunicorn": executable file not found in $PATH; gunicorn: command not found; '
    "exit code 127.",
    fix="Add it to the requirements of production.",
    url="https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/gunicorn/",
    mistake=_requirements("uvicorn==0.38.0"),
    fixed=_requirements("gunicorn==23.0.0"),
)
def not_installed(production: Production) -> Faults:
    if "django" not in production.project.dependencies.packages:
        return
    files = production.dockerfiles
    images = " ".join(i.text for f in files for i in f.each("RUN", "FROM", "COPY"))
    for start in production.starts:
        for command in start.commands:
            needed = SERVERS.get(command.program, ())
            told = any(re.search(rf"\b{re.escape(name)}\b", images) for name in needed)
            if needed and not has(production, *needed) and not told:
                said = f"{command.program} is started, and not among the packages"
                yield Fault(said, command.location)


@rule(
    "DEP008",
    severity="warning",
    title="Two packages install the same module",
    why="They write the same files; which of them is imported depends on the order, and removing "
    "one breaks the other.",
    symptom="ImportError, or another version than the one in the list, after an upgrade.",
    fix="Keep one of them.",
    url="https://packaging.python.org/en/latest/discussions/distribution-package-vs-import-package/",
    mistake=_requirements("psycopg2==2.9.11", "psycopg2-binary==2.9.11", "gunicorn==23.0.0"),
    fixed=_requirements("psycopg2==2.9.11", "gunicorn==23.0.0"),
)
def twins(production: Production) -> Faults:
    for first, second, module in TWINS:
        if production.has(first) and production.has(second):
            said = f"{first} and {second} both install {module}"
            yield Fault(said, production.package_at(second))


@rule(
    "DEP009",
    severity="info",
    title="Tools for development are installed in production",
    why="They and what they need are more to load, to scan and to keep up to date, and a debugger "
    "runs whatever it is sent.",
    symptom="A CVE in a package that production never uses.",
    fix="Keep them in a file or a group of their own: `requirements/local.txt`, "
    "`[dependency-groups]`.",
    url="https://packaging.python.org/en/latest/specifications/dependency-groups/",
    mistake=_requirements("gunicorn==23.0.0", "pytest==8.4.2"),
    fixed=_requirements("gunicorn==23.0.0"),
)
def tools(production: Production) -> Faults:
    dependencies = production.project.dependencies
    found = []
    for name, place in dependencies.locations.items():
        asked = not place.path.endswith(".lock") and name in TOOLS
        if (
            asked
            and not production.has(*BRINGS_TOOLS.get(name, ()))
            and not _needed(production, name)
        ):
            found.append((place.line, name, place))
    if found:
        found.sort()
        names = ", ".join(name for _, name, _ in found)
        yield Fault(f"{names} would be in the image", found[0][2])


def _needed(production: Production, name: str) -> bool:
    """Whether a program wrote the line because another package needs it."""
    place = production.project.dependencies.locations[name]
    lines = production.text(place.path).splitlines()[place.line : place.line + 60]
    for line in lines:
        if re.match(r"[a-zA-Z]", line):
            return False
        via = re.match(r"\s+#\s+(?:via\s+)?([\w.-]+)", line)
        if via and via[1] != "via" and not via[1].startswith("-"):
            return True
    return False


@rule(
    "DEP011",
    severity="warning",
    title="A package that nobody maintains",
    why="Nobody answers for its holes, and the next Python or Django breaks it.",
    symptom="ModuleNotFoundError after an upgrade; a CVE without a fix.",
    fix="Take its successor.",
    url="https://pypi.org/",
    mistake=_requirements("gunicorn==23.0.0", "pycrypto==2.6.1"),
    fixed=_requirements("gunicorn==23.0.0", "pycryptodome==3.23.0"),
)
def abandoned(production: Production) -> Faults:
    for name, what in ABANDONED.items():
        if production.has(name):
            said, _, instead = what.partition("; ")
            fix = f"{instead[0].upper()}{instead[1:]}." if instead else ""
            yield Fault(f"{name} {said}", production.package_at(name), fix=fix)
