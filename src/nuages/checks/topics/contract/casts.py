"""Texts of the environment that stand where Django needs a number or a list."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.settings import Settings
from nuages.checks.topics.contract.known import LISTS, NUMBERS
from nuages.text import Location

_DJANGO = "https://docs.djangoproject.com/en/stable/ref/settings"


@rule(
    "CON003",
    severity="error",
    title="A setting is a text where a number or a list belongs",
    why="A variable is always a text. Django adds to it, compares it with a number or takes each "
    "of its letters for an entry, and fails in the midst of a request.",
    symptom="TypeError: unsupported operand type(s) for +: 'float' and 'str'; TypeError: '>' not "
    "supported between instances of 'int' and 'str'; 4_0.E001 with single letters in it.",
    fix='Cast it where it is read: `int(os.environ.get("…", "60"))`, `env.int`, `env.list`.',
    url=_DJANGO,
    mistake={
        "settings.py": "import os\n"
        "DATABASES['default']['CONN_MAX_AGE'] = os.environ.get('CONN_MAX_AGE', 60)"
    },
    fixed={
        "settings.py": "DATABASES['default']['CONN_MAX_AGE'] = env.int('CONN_MAX_AGE', default=60)"
    },
)
def uncast(production: Production) -> Faults:
    settings = production.settings
    with_texts = _all_given(production)
    for name, keys, where_it_fails in _typed(with_texts):
        value = with_texts.get(name, *keys)
        variables = [v for v in with_texts.variables(name) if v in with_texts.evaluated.environ]
        if not isinstance(value, str) or not variables or not value:
            continue
        shown, always = ".".join((name, *keys)), isinstance(settings.get(name, *keys), str)
        what = "a number" if name in NUMBERS or keys else "a list"
        fails = f", and {where_it_fails} fails" if where_it_fails else ""
        message = f"{shown} is a text where {what} belongs{fails}"
        given = "" if always else f" once {_nearest(name, keys, variables)} is set"
        severity: Severity = "error" if always and where_it_fails else "warning"
        where = _read(production, with_texts.at(name, *keys), keys, variables)
        yield Fault(message + given, where, severity=severity)


def _typed(settings: Settings) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for name, fails in {**NUMBERS, **LISTS}.items():
        if name in settings:
            yield name, (), fails
    databases = settings.get("DATABASES")
    for alias in databases if isinstance(databases, dict) else ():
        yield "DATABASES", (str(alias), "CONN_MAX_AGE"), "every query"


def _all_given(production: Production) -> Settings:
    """Production's settings where what steers these has a value, though it may have a default."""
    settings = production.settings
    steering = {v for name in {**NUMBERS, **LISTS} for v in settings.variables(name)}
    steering |= {v for v in settings.variables("DATABASES") if "AGE" in v}
    more = {
        variable.name: default if default.isdigit() else "1"
        for variable in production.project.contract
        if variable.name in steering and variable.cast is None
        for default in (variable.default or "",)
        if variable.name not in settings.evaluated.environ
    }
    return production.settings_with({**settings.evaluated.environ, **more}) if more else settings


def _nearest(name: str, keys: tuple[str, ...], variables: list[str]) -> str:
    """The variable that is meant, of several that steer a setting: the one most alike."""
    word = keys[-1] if keys else name
    alike = [v for v in variables if word in v or v in word or (keys and "AGE" in v)]
    return (alike or variables)[0]


def _read(
    production: Production, where: Location, keys: tuple[str, ...], variables: list[str]
) -> Location:
    """Where the variable is read, for a setting that is put together in several places."""
    name = _nearest("", keys, variables) if keys else ""
    found = (v.reads for v in production.project.contract if v.name == name)
    return next((reads[0] for reads in found if reads), where)
