"""Which settings module a process takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.known import WORK
from nuages.project import hints
from nuages.project.entry_points import VARIABLE, Naming, naming

_ENTRY = re.compile(r"(?:^|/)(?:[aw]sgi|celery\w*|huey|routing)(?:\.py|/__init__\.py)$")
_URL = "https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings"
_WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.{}")

application = get_wsgi_application()
"""


def _named(production: Production) -> Iterator[tuple[str, Naming]]:
    """Every own Python file that names a settings module, with what it names."""
    for file in production.mentioning(VARIABLE):
        found = naming(file.path, file.text)
        if found and found.module:
            yield file.path, found


@rule(
    "CON013",
    severity="warning",
    title="A process takes the settings of development",
    why="An entry point names them for the case that DJANGO_SETTINGS_MODULE is not set. One "
    "service that forgets the variable runs with DEBUG on and every host allowed, and says "
    "nothing.",
    symptom="A yellow error page in production; a worker that writes into a local database.",
    fix="Name production's settings in wsgi.py, asgi.py and celery.py; manage.py may name "
    "development's.",
    url=_URL,
    site="split",
    mistake={"config/wsgi.py": _WSGI.format("local")},
    fixed={"config/wsgi.py": _WSGI.format("production")},
)
def of_development(production: Production) -> Faults:
    ours = production.settings.evaluated.module
    for path, named in _named(production):
        manage = path.endswith("manage.py")
        if not _ENTRY.search(path) and not (manage and named.assigned):
            continue
        module = named.module or ""
        if module == ours or not WORK & set(re.split(r"[._]", module)):
            continue
        if named.assigned:
            message = f"{path} sets {module}, whatever {VARIABLE} says"
            yield Fault(
                message,
                named.evidence.location,
                f'Write `os.environ.setdefault("{VARIABLE}", "{ours}")`.',
                severity=None if manage else "error",
            )
        else:
            message = f"Without {VARIABLE} {path} takes {module}"
            yield Fault(message, named.evidence.location, f'Write "{ours}" here.')


@rule(
    "CON014",
    severity="error",
    title="Settings are named that do not exist",
    why="Whatever takes this name ends at once: the server, the worker or the migration.",
    symptom="ModuleNotFoundError: No module named 'config.settings.prod'.",
    fix="Write the module that is there.",
    url=_URL,
    site="split",
    mistake={"config/wsgi.py": _WSGI.format("prod")},
    fixed={"config/wsgi.py": _WSGI.format("production")},
)
def absent(production: Production) -> Faults:
    told = [(path, n.module or "", n.evidence) for path, n in _named(production)]
    folder = production.project.manage_dir.value
    found = hints.modules(production.tree, folder)
    told += [(h.evidence.location.path, h.name, h.evidence) for h in found if h.purpose == "deploy"]
    seen = set()
    for path, module, evidence in told:
        if not _is_missing(production, module) or (path, module) in seen:
            continue
        if _ENTRY.search(path) or path.endswith("manage.py") or not path.endswith(".py"):
            seen.add((path, module))
            ours = production.settings.evaluated.module
            message = f"There is no module {module} in this project; {ours} is there"
            yield Fault(message, evidence.location, f"Write {ours}.")


def _is_missing(production: Production, module: str) -> bool:
    """Whether a name can be nothing but a module of this project, and is none."""
    sources = production.sources
    if "." not in module or WORK & set(module.split(".")) or not sources.holds(module):
        return False
    package = module.rpartition(".")[0]
    known = sources.path(package) is not None or sources.path(f"{package}.__init__") is not None
    ignored = any(word in production.text(".gitignore") for word in module.split(".")[1:])
    return known and sources.path(module) is None and not ignored
