"""The settings contract: what the code reads from the environment, and who gives it."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule


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
