"""Lists that are made of one text."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.settings import Settings
from nuages.project.python_source import last_name

_REFUSED = {
    "CSRF_TRUSTED_ORIGINS": "4_0.E001",
    "CORS_ALLOWED_ORIGINS": "corsheaders.E013",
    "CORS_ORIGIN_WHITELIST": "corsheaders.E013",
}
"""Lists in which an empty entry stops every management command, and the error's id; see
https://github.com/adamchainz/django-cors-headers/blob/main/src/corsheaders/checks.py"""
_NAMES = frozenset(
    {"INSTALLED_APPS", "MIDDLEWARE", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"}
    | {"CORS_ALLOWED_ORIGINS", "AUTHENTICATION_BACKENDS", "PASSWORD_HASHERS", "INTERNAL_IPS"}
    | {"DJANGO_APPS", "THIRD_PARTY_APPS", "LOCAL_APPS", "PROJECT_APPS", "TEMPLATE_LOADERS"}
)
"""Lists of names: none of them is ever as long as two lines."""
_USED_UP = {
    "ALLOWED_HOSTS": "every request after the first is answered with 400",
    "CSRF_TRUSTED_ORIGINS": "forms from these origins are refused",
    "CORS_ALLOWED_ORIGINS": "requests from these origins are refused",
}


@rule(
    "CON004",
    severity="error",
    title="An empty text is an entry of a list",
    why="`''.split(',')` is not an empty list: it holds one empty text. Django and "
    "django-cors-headers refuse it as an origin, so `migrate` and `check` end with an error.",
    symptom="(corsheaders.E013) Origin '' in CORS_ALLOWED_ORIGINS is missing scheme or netloc; "
    "?: (4_0.E001) … but found ''.",
    fix="Leave empty parts out: `[part for part in os.environ.get('…', '').split(',') if part]`.",
    url="https://docs.python.org/3/library/stdtypes.html#str.split",
    mistake={
        "settings.py": "import os\n"
        "CSRF_TRUSTED_ORIGINS = os.environ.get('TRUSTED_ORIGINS', '').split(',')"
    },
    fixed={"settings.py": "CSRF_TRUSTED_ORIGINS = env.list('TRUSTED_ORIGINS', default=[])"},
)
def empty(production: Production) -> Faults:
    settings, alone = production.settings, production.settings_alone
    for name, setting in alone.evaluated.settings.items():
        if not setting.variables or not isinstance(setting.value, list):
            continue
        names = " and ".join(setting.variables)
        if _has_empty(settings, name) and name in _REFUSED:
            message = f"{name} holds an empty text where {names} is not set: {_REFUSED[name]}"
            yield Fault(message, settings.at(name))
        elif _has_empty(alone, name):
            message = f"{name} holds one empty text, and is not empty, where {names} is not set"
            yield Fault(message, setting.location, severity="warning")
    for name in _REFUSED:
        for text in settings.texts(name):
            if text.strip() and text != text.strip():
                message = f"{text!r} in {name} has a space around it, so no origin matches it"
                yield Fault(message, settings.at(name), "Strip each part, or write no space.")


def _has_empty(settings: Settings, name: str) -> bool:
    value = settings.get(name)
    return isinstance(value, list) and "" in value


@rule(
    "CON005",
    severity="warning",
    title="A setting can be read only once",
    why="`map`, `filter` and a generator give their items to whoever asks first. For the next "
    "request, and the next check, the list is empty.",
    symptom="The first request works, and the second is answered with 400 or 403.",
    fix="Make a list of it: `[…]` or `list(…)`.",
    url="https://docs.python.org/3/library/functions.html#map",
    mistake={
        "settings.py": "import os\nCSRF_TRUSTED_ORIGINS = filter(None, "
        "os.environ.get('TRUSTED_ORIGINS', '').split(','))"
    },
    fixed={
        "settings.py": "import os\nCSRF_TRUSTED_ORIGINS = list(filter(None, "
        "os.environ.get('TRUSTED_ORIGINS', '').split(',')))"
    },
)
def used_up(production: Production) -> Faults:
    for name, setting in production.settings.evaluated.settings.items():
        if setting.reason.startswith("an iterator"):
            then = _USED_UP.get(name, "whoever asks second finds nothing")
            message = f"{name} is used up by its first reader: {then}"
            yield Fault(
                message,
                setting.location,
                severity="error" if name == "ALLOWED_HOSTS" else None,
            )


@rule(
    "CON017",
    severity="error",
    title="An entry of a list is not what it looks like",
    why="Without a comma Python joins two texts that stand one below the other into one, and "
    "`...` of a tutorial is an object of its own. Neither is the name of anything.",
    symptom="ModuleNotFoundError: No module named 'django.contrib.messagesorders'; AttributeError: "
    "'ellipsis' object has no attribute 'rsplit'.",
    fix="Put the comma between the two, or take the `...` out.",
    url="https://docs.python.org/3/reference/lexical_analysis.html#string-literal-concatenation",
    mistake={"settings.py": "INSTALLED_APPS += [\n    'silk'\n    'orders',\n]"},
    fixed={"settings.py": "INSTALLED_APPS += [\n    'orders',\n]"},
)
def joined(production: Production) -> Faults:
    for file in production.settings_files:
        statements: list[ast.Assign | ast.AugAssign] = [
            *file.nodes(ast.Assign),
            *file.nodes(ast.AugAssign),
        ]
        for statement in statements:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            name = next((n for n in map(last_name, targets) if n in _NAMES), "")
            for entry in _entries(statement.value) if name else ():
                if entry.value is ...:
                    yield Fault(f"`...` is an entry of {name}", file.at(entry))
                elif entry.end_lineno != entry.lineno and "\n" not in str(entry.value):
                    message = f"{entry.value!r} in {name} is two texts with no comma between them"
                    yield Fault(message, file.at(entry))


def _entries(value: ast.expr) -> Iterator[ast.Constant]:
    for node in ast.walk(value):
        if isinstance(node, ast.List | ast.Tuple):
            yield from (each for each in node.elts if isinstance(each, ast.Constant))
