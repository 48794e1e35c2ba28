"""Variables that are demanded when a request comes."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.lookups import Lookup, around, lookups, of_production
from nuages.checks.topics.contract.provided import provided

_PROCESS = re.compile(
    r"^(?:HOME|PATH|USER|SHELL|LANG|PWD|HOSTNAME|LOGNAME|TMPDIR|TMP|TEMP|TERM|PORT|VIRTUAL_ENV|DISPLAY"
    r"|DJANGO_SETTINGS_MODULE|DJANGO_CONFIGURATION|K_SERVICE|K_REVISION|AWS_LAMBDA\w*|GITHUB_\w+|CI)$"
)
"""What a process or its platform has without being told."""
_VIEW = """\
import os

from django.http import HttpResponse


def pay(request):
    return HttpResponse({})
"""


@rule(
    "CON009",
    severity="warning",
    title="A variable is demanded in the middle of a request",
    why="The settings know nothing of it, so that the release starts and every probe passes. The "
    "first visitor who comes to this line gets the error.",
    symptom="KeyError in a view, days after the release.",
    fix="Read it in the settings, which fail at the start, and give it under `env_vars` or "
    "`secrets` in nuages.yaml.",
    url="https://12factor.net/config",
    mistake={"orders/views.py": _VIEW.format('os.environ["PAYMENT_URL"]')},
    fixed={"orders/views.py": _VIEW.format('os.environ.get("PAYMENT_URL", "")')},
)
def demanded_late(production: Production) -> Faults:
    if not production.config.nodes:
        return  # whatever gives the others may give this one
    names = {*provided(production), *(v.name for v in production.project.contract)}
    names |= {
        n for f in production.dockerfiles for i in f.final if i.keyword == "ENV" for n, _ in i.pairs
    }
    own = {file.path for file in production.settings_files}
    for file in of_production(production):
        for each in lookups(file) if file.path not in own else ():
            if each.name in names or _PROCESS.match(each.name) or each.library:
                continue
            if each.demanded and not _is_expected(each):
                yield Fault(
                    f"{each.name} is demanded here, and nothing gives it a value", each.location
                )


def _is_expected(lookup: Lookup) -> bool:
    """Whether the code knows that it may be missing, or sets it itself."""
    if re.search(
        rf"[\"']{lookup.name}[\"']\s*(?:not )?in\b|environ\[[\"']{lookup.name}[\"']\]\s*=|"
        rf"setdefault\(\s*[\"']{lookup.name}",
        lookup.file.text,
    ):
        return True
    return any(isinstance(outer, ast.Try) for outer in around(lookup.file, lookup.node))
