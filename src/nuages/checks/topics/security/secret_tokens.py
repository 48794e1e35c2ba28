"""Keys that are known by their form, in the code and in what builds and runs it."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.secret_text import tokens
from nuages.checks.topics.security import SECRETS
from nuages.text import Location

_BESIDE = re.compile(
    r"(?:^|/)(?:\.env[^/]*|[^/]*\.(?:ya?ml|toml|ini|cfg|conf|sh|env)|Dockerfile[^/]*|Procfile)$"
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:[^/]*(?:test|example|sample|fixture)[^/]*|docs?|cassettes|locale)/", re.IGNORECASE
)


@rule(
    "SEC037",
    severity="error",
    title="A key that can be used is in the code",
    why="Its form says whose it is: Amazon, Stripe, GitHub, Slack, Google. Whoever has read the "
    "repository once can use it.",
    symptom="AWS: We have become aware that the AWS Access Key AKIA… is publicly available online.",
    fix="Withdraw it where it was made, take a new one, and read it from the environment.",
    url=SECRETS,
    mistake={
        "orders/views.py": "import stripe\n\nstripe.api_key = 'sk_"
        + "live_4eC39HqLyjWDarjtT1zdp7dc'\n"
    },
    fixed={"orders/views.py": "import os\n\nKEY = os.environ['STRIPE_KEY']\n"},
)
def in_code(production: Production) -> Faults:
    beside = (path for path in production.tree.files if _is_beside(path))
    for path in (*production.code, *beside):
        text = production.text(path)
        for found in tokens(text):
            if _is_told(production, path, text, found.start):
                continue
            line = text.count("\n", 0, found.start) + 1
            column = found.start - text.rfind("\n", 0, found.start)
            message = f"{found.owner}: {found.shown}"
            where = Location(path, line, column)
            yield Fault(message, where, severity="warning" if found.public else None)


def _is_beside(path: str) -> bool:
    """Whether it is a file that says how the code is built and run."""
    return bool(_BESIDE.search(path)) and not _ELSEWHERE.search(path)


def _is_told(production: Production, path: str, text: str, start: int) -> bool:
    """Whether it stands in a comment or a docstring: an example, or a key that is gone."""
    line = text.count("\n", 0, start) + 1
    if text[text.rfind("\n", 0, start) + 1 : start].lstrip().startswith("#"):
        return True
    if not path.endswith(".py"):
        return False
    statements = (each for each in production.python(path).nodes(ast.Expr))
    return any(
        isinstance(each.value, ast.Constant) and each.lineno <= line <= (each.end_lineno or 0)
        for each in statements
    )
