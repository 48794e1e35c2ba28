"""Variables whose absence nobody notices."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.lookups import Lookup, lookups
from nuages.checks.topics.contract.provided import provided
from nuages.project.facts import Setting
from nuages.project.python_source import last_name, literal

_PLACES: tuple[tuple[str, ...], ...] = (
    ("CELERY_BROKER_URL",),
    ("CACHES", "default", "LOCATION"),
    *(("DATABASES", "default", key) for key in ("NAME", "USER", "PASSWORD", "HOST")),
)
_DATABASES = """\
import os
DATABASES = {{
    'default': {{
        'ENGINE': 'django.db.backends.postgresql',
        'NAME': 'shop',
        'USER': 'shop',
        'PASSWORD': {},
        'HOST': os.environ['DB_HOST'],
        'CONN_MAX_AGE': 60,
        'CONN_HEALTH_CHECKS': True,
        'OPTIONS': {{'sslmode': 'require'}},
    }}
}}
"""


@rule(
    "CON016",
    severity="info",
    title="A missing variable becomes None, not an error",
    why="`os.environ.get` with nothing behind it gives None, and the settings go on. What needs "
    "the value fails later, elsewhere and with another message: at the first query, or never.",
    symptom="fe_sendauth: no password supplied; settings.DATABASES is improperly configured. "
    "Please supply the NAME or OPTIONS['service'] value.",
    fix='Demand it, so that the start fails and says which one: `os.environ["…"]`.',
    url="https://docs.python.org/3/library/os.html#os.environ",
    mistake={"settings.py": _DATABASES.format("os.environ.get('DB_PASSWORD')")},
    fixed={"settings.py": _DATABASES.format("os.environ['DB_PASSWORD']")},
)
def unnoticed(production: Production) -> Faults:
    names = provided(production)
    found = [*_nothing(production)]
    for setting in dict.fromkeys(place.partition(".")[0] for _, place in found):
        of_it = [(lookup, place) for lookup, place in found if place.startswith(setting)]
        lookup, place = of_it[0]
        by_nobody = [each.name for each, _ in of_it if each.name not in names]
        others = len(of_it) - 1
        more = f" and {others} more" if others else ""
        who = f"; nobody gives {' and '.join(by_nobody)}" if by_nobody else ""
        yield Fault(
            f"{place}{more} would be None without {lookup.name}, and no error says so{who}",
            lookup.location,
            f'Write `os.environ["{lookup.name}"]`.',
            severity="warning" if by_nobody and production.config.nodes else None,
        )


def _nothing(production: Production) -> Iterator[tuple[Lookup, str]]:
    """Lookups without a default that stand, as they are, where a value must be."""
    alone = production.settings_alone.evaluated.settings
    seen = set()
    for file in production.settings_files:
        for lookup in lookups(file):
            if isinstance(lookup.node, ast.Subscript) or lookup.library or lookup.default:
                continue
            key = _key(lookup)
            for name, *keys in _PLACES:
                place = ".".join((name, *keys))
                wanted = keys[-1] if keys else name
                if key == wanted and place not in seen and _is_none(alone.get(name), keys):
                    seen.add(place)
                    yield lookup, place


def _key(lookup: Lookup) -> str:
    """The name or the key that a lookup is assigned to as it stands."""
    parent = lookup.parent
    if isinstance(parent, ast.Dict):
        return literal(parent.keys[parent.values.index(lookup.node)]) or ""
    if isinstance(parent, ast.keyword):
        return parent.arg or ""
    if isinstance(parent, ast.Assign):
        target = parent.targets[0]
        return (
            literal(target.slice) or "" if isinstance(target, ast.Subscript) else last_name(target)
        )
    return ""


def _is_none(setting: Setting | None, keys: list[str]) -> bool:
    """Whether what is there is known, and None."""
    if setting is None or setting.state == "unknown":
        return False
    value: Any = setting.value
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return value is None
