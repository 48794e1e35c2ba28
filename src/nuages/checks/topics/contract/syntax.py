"""Files that Python cannot parse, or not the Python that is named."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.project.facts import Fact

_BROKEN = "cannot be parsed: "


@rule(
    "CON022",
    severity="error",
    title="A file of the project cannot be parsed",
    why="Python reads a file whole before it runs a line of it: whatever imports this one ends at "
    "once, the server, the worker and the migration. Of settings that cannot be read whole, "
    "nothing is said to be missing.",
    symptom="SyntaxError: '(' was never closed; the container restarts again and again.",
    fix="Correct the line; `python -m py_compile FILE` says when it is right.",
    url="https://docs.python.org/3/tutorial/errors.html#syntax-errors",
    mistake={"settings.py": "SITE_NAMES = ['shop'"},
    fixed={"settings.py": "SITE_NAMES = ['shop']"},
)
def unparsed(production: Production) -> Faults:
    for problem in production.project.problems:
        if problem.message.startswith(_BROKEN):
            said = problem.message.removeprefix(_BROKEN)
            fix = (
                "Correct this line, or what stands before it: no newer Python, as far as Nuages "
                f"knows them, reads it either. `python -m py_compile {problem.location.path}` "
                "says when it is right."
            )
            yield Fault(f"This cannot be parsed: {said}", problem.location, fix)
    yield from _too_new(production)


def _too_new(production: Production) -> Iterator[Fault]:
    """Syntax that the Python which the project names does not have yet."""
    syntax: Fact[str] | None = production.project.syntax
    if syntax is None:
        return
    where = syntax.evidence[0]
    for problem in production.project.problems:
        if problem.message.endswith(f"{where.location} needs {syntax.value}"):
            named = problem.message.partition(",")[0]
            message = (
                f"Python {syntax.value} is the first that parses this, {where.note}; "
                f"{problem.location} names {named}"
            )
            fix = (
                f"This is no mistake of the syntax: name Python {syntax.value} in "
                f"{problem.location.path}, or write it as {named} reads it."
            )
            yield Fault(message, where.location, fix)
