"""Do the rules agree with what people read in real projects? Recall and false findings, by project.

    python bench/checks/agreement.py CHECKOUTS              every labelled project found there
    python bench/checks/agreement.py CHECKOUTS NAME…        these; --verbose lists each difference

CHECKOUTS holds the projects by the name that ``labels/*.yaml`` give in ``checkout``. The
project's own settings are judged as they are; with ``--deployed`` as `nuages check` does by
default, where what the generated cloud settings repair counts one level less.

A finding is *true* where it meets a label, *false* where it meets something that is fine, and
*unlabelled* where the reader wrote nothing: errors and warnings of these count as false until
somebody judges them into ``late`` or ``fine``. An error that the reader calls mere information is
false too; one that the reader calls a warning is true, and counted as overstated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from bench.checks.kinds import KINDS
from bench.checks.truth import SECTIONS, Label, Truth, truths
from nuages.checks.production import Production
from nuages.checks.runner import report
from nuages.errors import NuagesError
from nuages.project.detect import detect
from nuages.project.tree import Tree

TRUE, OVERSTATED, FALSE, NEUTRAL, UNLABELLED = (
    "true",
    "overstated",
    "false",
    "neutral",
    "unlabelled",
)


@dataclass(frozen=True)
class Found:
    """A finding, in the words of the checkout."""

    rule: str
    severity: str
    path: str
    line: int
    message: str
    root: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule} {self.path}:{self.line} {self.message}"


@dataclass(frozen=True)
class Judged:
    """A finding beside what the reader said of that place."""

    found: Found
    verdict: str
    label: Label | None


def findings(folder: Path, roots: tuple[str, ...], *, as_is: bool) -> Iterator[Found]:
    """What the rules find in each Django project of a checkout, each place once."""
    seen: set[tuple[str, str]] = set()
    for root in roots:
        tree = Tree.open(folder)
        project = detect(tree, directory=None if root == "." else root)
        for each in report(Production(tree, project), as_is=as_is).findings:
            place = each.location
            if (each.rule.id, str(place)) in seen:
                continue
            seen.add((each.rule.id, str(place)))
            yield Found(each.rule.id, each.severity, place.path, place.line, each.message, root)


def judged(found: Found, truth: Truth) -> Judged:
    """The nearest entry of the finding's kind decides."""
    kinds = KINDS.get(found.rule, ())
    near = [e for e in truth.entries if e.about(kinds, found.path, found.root)]
    if not near:
        return Judged(found, UNLABELLED, None)
    best = min(near, key=lambda e: (e.distance(found.path, found.line), SECTIONS.index(e.section)))
    return Judged(found, _verdict(found, best), best)


def _verdict(found: Found, label: Label) -> str:
    if label.section in {"fine", "neutral"}:
        return FALSE if label.section == "fine" else NEUTRAL
    if found.severity != "error" or label.severity in {"error", ""}:
        return TRUE
    return OVERSTATED if label.severity == "warning" else FALSE


def caught(truth: Truth, judgements: list[Judged]) -> set[str]:
    """The faults that some finding meets, one finding may meet several of one file."""
    return {
        label.fault
        for label in truth.expected
        for each in judgements
        if each.verdict in {TRUE, OVERSTATED}
        and label.about(KINDS.get(each.found.rule, ()), each.found.path, each.found.root)
    }


def faults(truth: Truth, *severities: str) -> set[str]:
    """The faults of these severities; a group is as grave as its gravest label."""
    return {label.fault for label in truth.expected if label.severity in severities}


def share(part: set[str], whole: set[str]) -> str:
    return f"{len(part & whole):3}/{len(whole):<3}"


def counted(judgements: list[Judged], severity: str, *verdicts: str) -> int:
    return sum(j.found.severity == severity and j.verdict in verdicts for j in judgements)


@dataclass(frozen=True)
class Result:
    """One project: what its reader wrote, and each finding beside it."""

    truth: Truth
    judgements: list[Judged]

    @property
    def met(self) -> set[str]:
        return caught(self.truth, self.judgements)

    @property
    def faults(self) -> set[str]:
        return faults(self.truth, "error", "warning", "info")


def results(folder: Path, *names: str, as_is: bool) -> Iterator[Result]:
    """Every labelled project, or these, that is found in the folder."""
    for truth in truths():
        checkout = folder / truth.checkout
        if (names and truth.name not in names) or not checkout.is_dir():
            continue
        try:
            found = [*findings(checkout, truth.roots, as_is=as_is)]
        except NuagesError as error:
            print(f"{truth.name:28}  {error}")
            continue
        yield Result(truth, [judged(each, truth) for each in found])


def row(result: Result) -> str:
    truth, judgements, met = result.truth, result.judgements, result.met
    grave = faults(truth, "error", "warning")
    numbers = (
        counted(judgements, "error", TRUE, OVERSTATED),
        counted(judgements, "error", OVERSTATED),
        counted(judgements, "error", FALSE, UNLABELLED),
        counted(judgements, "warning", FALSE, UNLABELLED),
        sum(j.verdict == UNLABELLED and j.found.severity != "info" for j in judgements),
    )
    cells = [share(met, faults(truth, "error")), share(met, grave), share(met, result.faults)]
    return "  ".join([f"{truth.name:28}", *cells, *(f"{n:5}" for n in numbers)])


def differences(truth: Truth, judgements: list[Judged]) -> Iterator[str]:
    met, ruled = caught(truth, judgements), {kind for kinds in KINDS.values() for kind in kinds}
    for label in truth.expected:
        if label.fault not in met:
            rule = "" if label.kind in ruled else " (no rule names this kind)"
            yield f"  missed     {label.severity} {label.kind} {label.place}{rule}"
    for each in judgements:
        if each.verdict in {FALSE, OVERSTATED} or (
            each.verdict == UNLABELLED and each.found.severity != "info"
        ):
            why = f" — the reader: {each.label.why}" if each.label else ""
            yield f"  {each.verdict:10} {each.found}{why}"


def main(arguments: list[str]) -> None:
    options = {word for word in arguments if word.startswith("--")}
    folder, *names = [word for word in arguments if word not in options]
    header = (
        "caught: err  err+warn     all  | errors true, overstated, false | warn false | unlabelled"
    )
    print(f"{'project':28}  {header}")
    met = total = 0
    for result in results(Path(folder), *names, as_is="--deployed" not in options):
        print(row(result))
        if "--verbose" in options:
            print(*differences(result.truth, result.judgements), sep="\n")
        met += len(result.met & result.faults)
        total += len(result.faults)
    print(f"recall of all labelled faults: {met} of {total}")


if __name__ == "__main__":
    main(sys.argv[1:])
