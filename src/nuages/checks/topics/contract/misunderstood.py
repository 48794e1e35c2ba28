"""Values that the code does not take for what they say."""

from __future__ import annotations

import ast

from nuages.checks.finding import Fault
from nuages.checks.given import given
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.contract.lookups import Lookup, around, lookups

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})


@rule(
    "CON008",
    severity="warning",
    title="A value is given that the code does not understand",
    why="The code compares the text letter by letter: to `== 'True'`, `true` and `1` are as "
    "false as no value. In a list of a compose file, quotes are a part of the value.",
    symptom="A switch that has no effect; a URL that begins with a quotation mark.",
    fix='Compare without case, `.lower() in {"1", "true", "yes"}`, or write the code\'s own word.',
    url="https://docs.docker.com/reference/compose-file/services/#environment",
    mistake={
        "settings.py": "import os\nUSE_CDN = os.environ.get('USE_CDN') == 'TRUE'",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  USE_CDN: 'true'\n",
    },
    fixed={
        "settings.py": "import os\nUSE_CDN = os.environ.get('USE_CDN') == 'TRUE'",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  USE_CDN: 'TRUE'\n",
    },
)
def misunderstood(production: Production) -> Faults:
    texts = {each.name: each for each in given(production) if each.value}
    for each in texts.values():
        value = each.value or ""
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            yield Fault(
                f"The quotes are a part of the value of {each.name}: {value}", each.location
            )
    for file in production.settings_files:
        for lookup in lookups(file):
            one = texts.get(lookup.name)
            wanted = _compared(lookup) if one else ()
            if one and wanted and _is_missed(one.value or "", wanted):
                shown = " and ".join(repr(word) for word in wanted[:3])
                message = f"{one.name} is {one.value!r}, and {lookup.location} knows only {shown}"
                yield Fault(message, one.location, f"Write {wanted[0]!r}.")


def _is_missed(value: str, wanted: tuple[str, ...]) -> bool:
    """Whether a value means the same as the words that are compared, and is none of them."""
    for words in (_TRUE, _FALSE):
        if value.lower() in words and any(word.lower() in words for word in wanted):
            return value not in wanted
    return False


def _compared(lookup: Lookup) -> tuple[str, ...]:
    """The words that a lookup's text is compared with as it stands; none where it is changed."""
    compare = lookup.parent
    for outer in around(lookup.file, lookup.node):
        if isinstance(outer, ast.stmt):
            break
        if isinstance(outer, ast.Compare):
            compare = outer
    if not isinstance(compare, ast.Compare) or lookup.node is not compare.left:
        return ()
    parts = [inner for each in compare.comparators for inner in ast.walk(each)]
    found = [each.value for each in parts if isinstance(each, ast.Constant)]
    return tuple(word for word in found if isinstance(word, str))
