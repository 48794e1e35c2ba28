"""Values on which the settings end with an error."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.given import Given, in_config
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.config.build_values import placeholder


@rule(
    "CON019",
    severity="error",
    title="The settings cannot take a value that nuages.yaml gives",
    why="The settings end with an error while they are imported: with this value no container "
    "of the release starts.",
    symptom="ValueError: invalid literal for int() with base 10: 'ten'; ImproperlyConfigured.",
    fix="Write a value that the code can read, a number or a URL, or change the code.",
    url="https://12factor.net/config",
    mistake={
        "settings.py": "PAGE_SIZE = env.int('PAGE_SIZE', default=20)",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  PAGE_SIZE: twenty\n",
    },
    fixed={
        "settings.py": "PAGE_SIZE = env.int('PAGE_SIZE', default=20)",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  PAGE_SIZE: '20'\n",
    },
)
def refused(production: Production) -> Faults:
    raises = production.settings.evaluated.raises
    if raises is None:
        return
    for one in in_config(production):
        if one.value is not None and _is_to_blame(production, one):
            shown = "empty" if not one.value else repr(one.value)
            message = f"{one.name} is {shown}, and {raises.location} ends with {raises.message}"
            yield Fault(message, one.location)


def _is_to_blame(production: Production, one: Given) -> bool:
    """Whether the settings can be imported with another value in its place."""
    variable = next((v for v in production.project.contract if v.name == one.name), None)
    if variable is None:
        return False
    usual = {**production.settings.evaluated.environ, one.name: placeholder(variable)}
    return production.settings_with(usual).evaluated.raises is None
