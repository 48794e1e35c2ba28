"""DEBUG, and what else shows errors to visitors."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.checks.edit import Assign
from nuages.checks.finding import Fault
from nuages.checks.given import Given, given
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS
from nuages.project.switches import PRODUCTION


@rule(
    "SEC001",
    severity="error",
    title="DEBUG is on",
    why="Every error shows its traceback, the settings and the SQL to whoever meets it, and "
    "Django keeps each query in memory until the process is killed.",
    symptom="A yellow page with the settings in production; memory that only grows.",
    fix="Write `DEBUG = False`, or read it from the environment with False as its default.",
    url=f"{SETTINGS}/#debug",
    mistake={"settings.py": "DEBUG = True"},
    fixed={"settings.py": 'DEBUG = env.bool("DEBUG", default=False)'},
    repaired_by="always",
)
def debug(production: Production) -> Faults:
    settings, unset = production.settings, production.settings_unset
    turned_on = [*_turned_on(production)]
    if turned_on:
        for each in turned_on:
            message = f"{each.name} is {each.value!r} here, which turns DEBUG on"
            yield Fault(message, each.location, "Leave it out, or write False.")
    elif settings.get("DEBUG", default=False):
        yield Fault(
            f"DEBUG is on in {settings.evaluated.module}",
            settings.at("DEBUG"),
            edit=Assign(settings.at("DEBUG").path, "DEBUG", "False"),
        )
    elif unset.get("DEBUG", default=False):
        names = unset.variables("DEBUG")
        chosen = [production.project.settings.environ.get(name, "").lower() for name in names]
        which = " or ".join(names) or "a variable"
        yield Fault(
            f"DEBUG is on wherever {which} is not set",
            unset.at("DEBUG"),
            # What names the environment, DJANGO_ENV=production, is seldom forgotten.
            severity="warning" if names and all(each in PRODUCTION for each in chosen) else None,
        )


def _turned_on(production: Production) -> Iterator[Given]:
    """What production is given that alone turns DEBUG on."""
    alone = production.settings_alone
    names = alone.variables("DEBUG")
    if alone.get("DEBUG", default=False) or not names:
        return
    switches = production.project.settings.environ
    for each in given(production):
        if each.value and each.name in names and not each.working:
            with_it = production.settings_with({**switches, each.name: each.value})
            if with_it.get("DEBUG", default=False):
                yield each


@rule(
    "SEC042",
    severity="warning",
    title="Errors go past Django",
    why="With DEBUG_PROPAGATE_EXCEPTIONS an exception is not made into Django's page of error "
    "500: the server answers instead, in its own words, and nothing is mailed to the admins.",
    symptom="Internal Server Error in plain text, or a closed connection.",
    fix="Delete the line: it is for tests.",
    url=f"{SETTINGS}/#debug-propagate-exceptions",
    mistake={"settings.py": "DEBUG_PROPAGATE_EXCEPTIONS = True"},
    fixed={"settings.py": "DEBUG_PROPAGATE_EXCEPTIONS = False"},
)
def propagated(production: Production) -> Faults:
    settings, name = production.settings, "DEBUG_PROPAGATE_EXCEPTIONS"
    if settings.get(name, default=False) is True and production.told(name):
        edit = Assign(settings.at(name).path, name, "False")
        yield Fault(f"{name} is True", settings.at(name), edit=edit)
