"""Rules about the decisions to live with a finding; the runner hands them what it decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nuages.checks.catalogue import topic_of
from nuages.checks.finding import Fault, Finding
from nuages.checks.production import Production
from nuages.checks.rule import Faults, Rule, rule
from nuages.checks.suppression import Suppression

_URL = "https://peps.python.org/pep-0008/#comments"
_DEBUG = "DEBUG = True"


@rule(
    "SUP001",
    severity="warning",
    title="A suppression gives no reason",
    why="Whoever reads it next year cannot tell whether it still holds.",
    fix="Say after the bracket, or under `reason:` in nuages.yaml, why this may stay.",
    url=_URL,
    mistake={"settings.py": f"{_DEBUG}  # nuages: ignore[SEC001]"},
    fixed={"settings.py": f"{_DEBUG}  # nuages: ignore[SEC001] a demonstration without data"},
)
def without_reason(_: Production) -> Faults:
    yield from ()


@rule(
    "SUP002",
    severity="info",
    title="A suppression suppresses nothing",
    why="The fault is gone, and the next one in that place would be hidden.",
    fix="Remove it.",
    url=_URL,
    mistake={"settings.py": "DEBUG = False  # nuages: ignore[SEC001] a demonstration"},
    fixed={"settings.py": "DEBUG = False"},
)
def unused(_: Production) -> Faults:
    yield from ()


@rule(
    "SUP003",
    severity="warning",
    title="A suppression names no rule",
    why="It says nothing, or something that no rule is called, so the finding stays.",
    fix="Name the rule in brackets: `# nuages: ignore[SEC001] reason`.",
    url=_URL,
    mistake={"settings.py": f"{_DEBUG}  # nuages: ignore[SEC999] a demonstration"},
    fixed={"settings.py": f"{_DEBUG}  # nuages: ignore[SEC001] a demonstration"},
)
def unknown(_: Production) -> Faults:
    yield from ()


RULES = (without_reason, unused, unknown)


def faults(
    about: Rule,
    decided: Sequence[Suppression],
    found: Sequence[Finding],
    chosen: Sequence[Rule],
    known: Sequence[Rule],
) -> Iterator[Fault]:
    """What one of these rules says of the suppressions; only a rule that ran can be unused."""
    ids = {each.id for each in known}
    ran = {each.id for each in chosen if topic_of(each.id) != "deep"}
    for each in decided:
        listed = ", ".join(each.rules)
        strangers = [name for name in each.rules if name not in ids]
        if about is unknown and (strangers or not each.rules):
            name = strangers[0] if strangers else ""
            said = f"There is no rule {name}" if name else "Which rule is to be ignored is not said"
            yield Fault(said, each.location)
        elif about is without_reason and not each.reason:
            yield Fault(f"Why {listed or 'this'} is ignored is not said", each.location)
        elif about is unused and set(each.rules) & ran and not any(map(each.covers, found)):
            yield Fault(f"{listed} finds nothing here any more", each.location)
