"""The settings contract: what the code reads from the environment, and who gives it."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.lookups import Lookup, around, lookups, of_production

_PROCESS = re.compile(
    r"^(?:HOME|PATH|USER|SHELL|LANG|PWD|HOSTNAME|LOGNAME|TMPDIR|TMP|TEMP|TERM|PORT|VIRTUAL_ENV|DISPLAY"
    r"|DJANGO_SETTINGS_MODULE|DJANGO_CONFIGURATION|K_SERVICE|K_REVISION|AWS_LAMBDA\w*|GITHUB_\w+|CI)$"
)
"""What a process or its platform has without being told."""


@rule(
    "CON001",
    severity="error",
    title="A variable that the settings demand is given by nobody",
    why="The settings end with an error while they are imported, so no container of the release "
    "starts: not the web service, not even the migration.",
    symptom="django.core.exceptions.ImproperlyConfigured: Set the PAYMENT_URL environment "
    "variable; KeyError: 'PAYMENT_URL'.",
    fix="Give it a value under `env_vars` in nuages.yaml, or list it under `secrets`.",
    url="https://12factor.net/config",
    mistake={"settings.py": 'PAYMENT_URL = env.str("PAYMENT_URL")'},
    fixed={"settings.py": 'PAYMENT_URL = env.str("PAYMENT_URL", default="https://pay.example")'},
)
def not_given(production: Production) -> Faults:
    names, waiting = provided(production), _waiting(production)
    loaded = bool(production.config.nodes)
    for variable in production.project.contract:
        if not (variable.required and variable.reads):
            continue
        if variable.name not in names:
            yield Fault(
                f"{variable.name} is demanded here, and nothing gives it a value",
                variable.reads[0],
                f"Write `{variable.name}: …` under `env_vars` in nuages.yaml, or list it under "
                "`secrets`.",
                severity=None if loaded else "warning",  # without a file, others may give it
            )
        elif loaded and variable.name in waiting:
            yield Fault(
                f"{variable.name} is demanded here, and nuages.yaml does not list it: the "
                "release waits until somebody knows of it",
                variable.reads[0],
                f"List {variable.name} under `secrets` in nuages.yaml.",
                severity="warning",
            )


def _waiting(production: Production) -> set[str]:
    """Secrets that nobody wrote down, and whose value nobody but the user knows."""
    listed = production.config.manifest(production.environment).secrets or {}
    unknown = (s for s in production.deployment.secrets if not s.generated)
    return {secret.name for secret in unknown if secret.name not in listed}


def provided(production: Production) -> set[str]:
    """Every variable that production has."""
    deployment = production.deployment
    return {
        *deployment.environment_variables,
        *deployment.wiring,
        *deployment.web.environment,
        *(secret.name for secret in deployment.secrets),
        *production.project.settings.environ,
    }


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
