"""Dependencies: what is installed, and whether it is the same tomorrow."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_PINNED = re.compile(r"={2,3}[^*]+$")


@rule(
    "DEP001",
    severity="warning",
    title="A requirement is not pinned",
    why="The same commit installs other packages next week, so what was tested is not what is "
    "deployed, and a rollback does not bring back what ran.",
    symptom="A build of an old commit that fails; an import that breaks with no change in code.",
    fix="Pin every version, `django==5.2.8`, with `pip-compile` or `uv pip compile`.",
    url="https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    mistake={"requirements.txt": "django\ngunicorn==23.0.0\n"},
    fixed={"requirements.txt": "django==5.2.8\ngunicorn==23.0.0\n"},
)
def unpinned(production: Production) -> Faults:
    if production.project.dependencies.lock:
        return
    for requirement in production.requirements:
        if not requirement.url and not _PINNED.search(requirement.specifier):
            written = f"{requirement.name}{requirement.specifier}"
            yield Fault(f"{written} may be another version tomorrow", requirement.location)
