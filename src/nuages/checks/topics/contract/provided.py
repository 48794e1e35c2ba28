"""The settings contract: what the settings read from the environment, and who gives it."""

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
    given = _given(production)
    loaded = bool(production.config.nodes)
    for variable in production.project.contract:
        if variable.required and variable.name not in given and variable.reads:
            yield Fault(
                f"{variable.name} is demanded here, and nothing gives it a value",
                variable.reads[0],
                f"Write `{variable.name}: …` under `env_vars` in nuages.yaml, or list it under "
                "`secrets`.",
                severity=None if loaded else "warning",  # without a file, others may give it
            )


def _given(production: Production) -> set[str]:
    deployment = production.deployment
    return {
        *deployment.environment_variables,
        *deployment.wiring,
        *deployment.web.environment,
        *(secret.name for secret in deployment.secrets),
        *production.project.settings.environ,
    }
