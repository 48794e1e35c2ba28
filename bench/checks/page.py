"""Writes docs/explanation/check-measured.md: both benches, in tables.

    python -m bench.checks.page CHECKOUTS [--work DIRECTORY]

CHECKOUTS as for ``agreement.py``. Runs the peers too: about five minutes, and a package index.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.checks import agreement, mutants, run
from nuages.checks.catalogue import rules

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "check-measured.md"
TEXT = """\
# What `nuages check` catches, measured

Made by `python -m bench.checks.page`; not edited. {rules} rules.

## One mistake at a time

Clean projects (in `bench/checks/projects`: {projects}) get \
one mistake each: {mutations} mistakes, {mutants} mutants, written before the rules and without a \
look at them, each with its source. The last {others}, *other spellings*, were written after the \
rules, to meet spellings that nobody had thought of: 27 of them were caught by the right rule at \
first sight, one was no mistake and was rewritten, and rules were mended for others since. \
*Intended* is a rule that is about this mistake, *another* one that would make somebody look. A \
peer has caught a mutant when it says anything that it does not say of the clean project: for \
`manage.py check --deploy` a message or a crash, in the project's own environment; for checkov a \
failed check of Dockerfiles, GitHub workflows and secrets.

Findings on the clean projects: **{noise}**. Caught by the intended rule: **{share:.1f} %**. Rules \
were mended with these mistakes in view, so this says what is covered; what an unseen mistake may \
meet is what the other spellings met at first sight.

{topics}

{sources}

`check --deploy` and checkov were made for less: the one reads settings, the other infrastructure. \
What they do not catch is no fault of theirs.

{missed}

## Real projects

Twelve public projects were read by hand and labelled before a rule was run on them; the labels \
are in `bench/checks/labels`. `nuages check --as-is` on each, without a nuages.yaml: how many of \
the labelled faults were found, and what else was said. An error is *overstated* where the reader \
calls the fault a warning. *Unlabelled*: nobody has judged the finding yet; it counts as false.

{projects_table}

Recall of all labelled faults: **{met} of {total}** ({recall:.0f} %).
"""
HEADER = (
    "project",
    "faults found",
    "of the errors",
    "errors said",
    "overstated",
    "false errors",
    "warnings said",
    "false warnings",
    "of these unlabelled",
)


def row(each: agreement.Result) -> str:
    """One project as a line of the table."""
    judged = each.judgements
    wrong = (agreement.FALSE, agreement.UNLABELLED)
    right = (agreement.TRUE, agreement.OVERSTATED, agreement.NEUTRAL)
    errors = sum(agreement.counted(judged, "error", v) for v in (*right, *wrong))
    warnings = sum(agreement.counted(judged, "warning", v) for v in (*right, *wrong))
    unlabelled = sum(
        j.verdict == agreement.UNLABELLED and j.found.severity != "info" for j in judged
    )
    cells = (
        each.truth.name,
        agreement.share(each.met, each.faults).strip(),
        agreement.share(each.met, agreement.faults(each.truth, "error")).strip(),
        errors,
        agreement.counted(judged, "error", agreement.OVERSTATED),
        agreement.counted(judged, "error", *wrong),
        warnings,
        agreement.counted(judged, "warning", *wrong),
        unlabelled,
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def missed(found: Iterable[run.Outcome]) -> str:
    """The mutants that no intended rule caught, by what was expected."""
    rest = [each for each in found if each.verdict != "intended rule"]
    if not rest:
        return "No mutant was missed."
    kinds = Counter((each.mutation.topic, each.mutation.expects, each.verdict) for each in rest)
    lines = [f"- {topic}: {kind} ({verdict})" for topic, kind, verdict in sorted(kinds)]
    return "\n".join(["Not caught by the intended rule:", "", *lines])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run.outcomes(asked.work or Path(folder), with_peers=True)
    noise = sum(len(run.findings(path)) for path in mutants.projects().values())
    results = list(agreement.results(asked.checkouts, as_is=True))
    met, total = (sum(len(part) for part in parts) for parts in zip(*_counts(results), strict=True))
    intended = sum(each.verdict == "intended rule" for each in found)
    lines = [f"| {' | '.join(HEADER)} |", f"| --- |{' ---: |' * (len(HEADER) - 1)}"]
    PAGE.write_text(
        TEXT.format(
            rules=len(rules()),
            projects=", ".join(mutants.projects()),
            mutations=len(mutants.mutations()),
            mutants=len(found),
            others=sum(each.mutation.topic == "other spellings" for each in found),
            noise=noise,
            share=100 * intended / len(found),
            topics=run.table("topic", found, lambda outcome: outcome.mutation.topic),
            sources=run.table("source", found, run.kind_of_source),
            missed=missed(found),
            projects_table="\n".join([*lines, *map(row, results)]),
            met=met,
            total=total,
            recall=100 * met / total,
        ),
        "utf-8",
    )


def _counts(results: list[agreement.Result]) -> list[tuple[set[str], set[str]]]:
    return [(each.met & each.faults, each.faults) for each in results]


if __name__ == "__main__":
    main()
