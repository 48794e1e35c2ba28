"""Security of the settings.

Django's own list: https://docs.djangoproject.com/en/stable/howto/deployment/checklist/
"""

from __future__ import annotations

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"


@rule(
    "SEC001",
    severity="error",
    title="DEBUG is on",
    why="Every error shows its traceback, the settings and the SQL to whoever meets it, and "
    "Django keeps each query in memory until the process is killed.",
    symptom="A yellow page with the settings in production; memory that only grows.",
    fix="Write `DEBUG = False`, or read it from the environment with False as its default.",
    url=f"{_SETTINGS}/#debug",
    mistake={"settings.py": "DEBUG = True"},
    fixed={"settings.py": 'DEBUG = env.bool("DEBUG", default=False)'},
    repaired_by="always",
)
def debug(production: Production) -> Faults:
    settings, unset = production.settings, production.settings_unset
    if settings.get("DEBUG", default=False):
        yield Fault(
            f"DEBUG is on in {settings.evaluated.module}",
            settings.at("DEBUG"),
            edit=Assign(settings.at("DEBUG").path, "DEBUG", "False"),
        )
    elif unset.get("DEBUG", default=False):
        names = " or ".join(unset.variables("DEBUG")) or "a variable"
        yield Fault(f"DEBUG is on wherever {names} is not set", unset.at("DEBUG"))
