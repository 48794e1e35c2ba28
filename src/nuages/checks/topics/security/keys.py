"""SECRET_KEY: whoever knows it signs sessions, password resets and everything else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS
from nuages.project.python_source import last_name

_RANDOM = frozenset(
    {"get_random_secret_key", "get_random_string", "token_urlsafe", "token_hex", "token_bytes"}
    | {"urandom", "uuid4", "uuid1", "choice", "choices", "generate_key", "SystemRandom", "sample"}
)
_READ = 'SECRET_KEY = os.environ["SECRET_KEY"]'


@rule(
    "SEC006",
    severity="error",
    title="The SECRET_KEY is in the code",
    why="Everybody who sees the repository, an old laptop or an image can sign a session as any "
    "user, and every password-reset link. With pickled sessions that is code of their choice.",
    symptom="security.W009: Your SECRET_KEY … is prefixed with 'django-insecure-'.",
    fix=f"Write `{_READ}`, list it under `secrets` in nuages.yaml, and take a new key.",
    url=f"{SETTINGS}/#std-setting-SECRET_KEY",
    mistake={"settings.py": "SECRET_KEY = 'django-insecure-0!x@3vq_k7n#'"},
    fixed={"settings.py": 'SECRET_KEY = env.str("SECRET_KEY")'},
    repaired_by="secret_key",
)
def in_code(production: Production) -> Faults:
    settings = production.settings
    value = settings.get("SECRET_KEY")
    if isinstance(value, str) and value and settings.fixed("SECRET_KEY"):
        generated = "startproject's own" if value.startswith("django-insecure-") else "a text"
        yield Fault(f"SECRET_KEY is {generated} in the code", settings.at("SECRET_KEY"))


@rule(
    "SEC007",
    severity="error",
    title="The SECRET_KEY falls back to one in the code",
    why="A variable that is misspelled, or not there in a worker, makes no error: the site runs "
    "with the key that everybody can read.",
    symptom="Nothing at all, until somebody logs in as somebody else.",
    fix=f"Leave the default out: `{_READ}`.",
    url=f"{SETTINGS}/#std-setting-SECRET_KEY",
    mistake={"settings.py": "SECRET_KEY = env.str('APP_KEY', default='not-a-secret')"},
    fixed={"settings.py": 'SECRET_KEY = env.str("SECRET_KEY")'},
    repaired_by="secret_key",
)
def default(production: Production) -> Faults:
    settings = production.settings_alone
    value = settings.get("SECRET_KEY")
    names = settings.variables("SECRET_KEY")
    demanded = any(v.required for v in production.project.contract if v.name in names)
    if isinstance(value, str) and value and names and not demanded:
        which = " and ".join(n for n in names if "KEY" in n.upper()) or names[0]
        yield Fault(
            f"Without {which} the key is a text in the code",
            settings.at("SECRET_KEY"),
            severity="warning" if _is_refused(production) else None,
        )


def _is_refused(production: Production) -> bool:
    """Whether some condition on the key ends the start, in some environment at least."""
    return any(
        isinstance(node, ast.Raise)
        for file in production.settings_files
        for condition in file.nodes(ast.If)
        if "SECRET_KEY" in ast.unparse(condition.test)
        for node in ast.walk(condition)
    )


@rule(
    "SEC008",
    severity="warning",
    title="The SECRET_KEY is made up at every start",
    why="Each process has its own key: a session that one worker signs means nothing to the next "
    "one, and every release logs everybody out.",
    symptom="Logged out at random; Session data corrupted; a CSRF failure on every second form.",
    fix=f"Write `{_READ}`, so that all processes have the same one.",
    url=f"{SETTINGS}/#std-setting-SECRET_KEY",
    mistake={
        "settings.py": "from django.core.management.utils import get_random_secret_key\n"
        "SECRET_KEY = get_random_secret_key()"
    },
    fixed={"settings.py": 'SECRET_KEY = env.str("SECRET_KEY")'},
    repaired_by="secret_key",
)
def made_up(production: Production) -> Faults:
    settings = production.settings_alone
    if "SECRET_KEY" not in settings or settings.get("SECRET_KEY") is not None:
        return
    where = settings.at("SECRET_KEY")
    for value in _values(production, where.path, "SECRET_KEY", where.line):
        if _is_random(production, where.path, value):
            names = " or ".join(settings.variables("SECRET_KEY"))
            condition = f"Without {names} each" if names else "Each"
            message = f"{condition} process makes up its own key"
            always = not names and not _is_last_resort(production, where.path, value)
            yield Fault(message, where, severity="error" if always else None)
            return


def _is_last_resort(production: Production, path: str, value: ast.expr) -> bool:
    """Whether it is what remains where a file of the key cannot be read."""
    handlers = production.python(path).nodes(ast.ExceptHandler)
    return any(value in ast.walk(handler) for handler in handlers)


def _values(production: Production, path: str, name: str, line: int = 0) -> Iterator[ast.expr]:
    """What is assigned to a name in a file, or on one line of it."""
    file = production.python(path)
    statements: list[ast.Assign | ast.AnnAssign] = [
        *file.nodes(ast.Assign),
        *file.nodes(ast.AnnAssign),
    ]
    for node in statements:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        here = not line or node.lineno <= line <= (node.end_lineno or node.lineno)
        if here and node.value is not None and any(last_name(t) == name for t in targets):
            yield node.value


def _is_random(production: Production, path: str, value: ast.expr, depth: int = 2) -> bool:
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and last_name(node.func) in _RANDOM:
            return True
        if isinstance(node, ast.Name) and node.id not in _RANDOM and depth:
            for other in _values(production, path, node.id):
                if _is_random(production, path, other, depth - 1):
                    return True
        if isinstance(node, ast.Name | ast.Attribute) and last_name(node) == _MAKER:
            return True
    return False


_MAKER = "get_random_secret_key"  # handed over uncalled, ``default=get_random_secret_key``


@rule(
    "SEC009",
    severity="error",
    title="An old SECRET_KEY is in the code",
    why="What SECRET_KEY_FALLBACKS holds still signs: sessions and reset links made with it are "
    "accepted, so a key that leaked is as good as the new one.",
    symptom="security.W025: Your SECRET_KEY_FALLBACKS[0] …",
    fix="Read it from the environment while a rotation lasts, and delete it then.",
    url=f"{SETTINGS}/#secret-key-fallbacks",
    mistake={"settings.py": "SECRET_KEY_FALLBACKS = ['last-year-s-key']"},
    fixed={"settings.py": "SECRET_KEY_FALLBACKS = env.list('OLD_SECRET_KEYS', default=[])"},
)
def fallbacks(production: Production) -> Faults:
    settings = production.settings_alone
    if any(settings.texts("SECRET_KEY_FALLBACKS")):
        where = settings.at("SECRET_KEY_FALLBACKS")
        yield Fault("SECRET_KEY_FALLBACKS holds a key that is in the code", where)
