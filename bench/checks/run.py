"""Who catches which mistake: `nuages check`, `manage.py check --deploy` and checkov.

    python -m bench.checks.run [--peers] [--work DIRECTORY] [--missed] [--json FILE]

Prints what is found in the clean projects (nothing, or the run fails) and Markdown tables by topic
and by source. *Intended* is a rule that ``intended.py`` names for the kind of mistake. A peer has
caught a mutant when it says something that it does not say of the clean project. ``--peers`` runs
them, in environments below the work directory, which is made once (a package index is needed).

``check --deploy`` runs in the clean project's environment, so a package that a mutation takes out
of the lock is still there for it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bench.checks import mutants, peers
from bench.checks.mutants import Mutation
from nuages.checks.production import Production
from nuages.checks.runner import report
from nuages.config.load import load
from nuages.errors import NuagesError
from nuages.project.detect import detect
from nuages.project.tree import Tree

COLUMNS = ("mutants", "intended rule", "another rule", "missed", "check --deploy", "checkov")


@dataclass(frozen=True)
class Outcome:
    """What was said of one mutant, less what is said of its clean project."""

    mutation: Mutation
    site: str
    rules: frozenset[str]
    django: frozenset[str] = frozenset()
    checkov: frozenset[str] = frozenset()

    @property
    def verdict(self) -> str:
        """One of the three columns of ours."""
        if self.rules & set(intended().get(self.mutation.expects, ())):
            return "intended rule"
        return "another rule" if self.rules else "missed"


def intended() -> Mapping[str, Iterable[str]]:
    """Kinds of mistakes to the rules that are about them, as the rules' authors wrote them down."""
    if not (mutants.HERE / "intended.py").exists():
        return {}
    table: Mapping[str, Iterable[str]] = import_module("bench.checks.intended").INTENDED
    return table


def findings(root: Path) -> dict[tuple[str, str], str]:
    """What `nuages check` says of a tree: rule and message, to the place."""
    try:
        tree = Tree.open(root)
        config = load((root / "nuages.yaml").read_bytes(), "nuages.yaml")
        project = detect(tree, settings_module=config.settings)
        found = report(Production(tree, project, config), as_is=True).findings
    except NuagesError as error:
        return {(type(error).__name__, str(error)): "nuages.yaml"}
    return {(each.rule.id, each.message): str(each.location) for each in found}


def outcomes(work: Path, with_peers: bool) -> list[Outcome]:
    """Every mutant, written below ``work`` and judged."""
    trees = {}
    shutil.rmtree(work / "mutants", ignore_errors=True)
    (work / "mutants").mkdir(parents=True)
    for mutation, site in mutants.mutants():
        name = f"{mutation.id}@{site}"
        mutants.write(mutation, site, work / "mutants" / name)
        trees[name] = (site, work / "mutants" / name)
    clean = {site: set(findings(path)) for site, path in mutants.projects().items()}
    django = peers.django(trees, work) if with_peers else {}
    checkov = peers.checkov(trees, work) if with_peers else {}
    return [
        Outcome(
            mutation,
            site,
            frozenset(rule for rule, _ in set(findings(trees[name][1])) - clean[site]),
            frozenset(django.get(name, ())),
            frozenset(checkov.get(name, ())),
        )
        for mutation, site in mutants.mutants()
        for name in (f"{mutation.id}@{site}",)
    ]


def kind_of_source(outcome: Outcome) -> str:
    """Where the mistake is known from, roughly."""
    source = outcome.mutation.source
    if source.startswith("seed"):
        return "faults of published guides"
    if not source.startswith("https://"):
        return "what users complain about"
    threads = ("/issues/", "/pull/", "/discussions/")
    return "incident threads" if any(part in source for part in threads) else "documents"


def table(title: str, of: Iterable[Outcome], key: Callable[[Outcome], str]) -> str:
    """A Markdown table with a line for each key and a last one for all."""
    of = list(of)
    groups = {name: [o for o in of if key(o) == name] for name in sorted({key(o) for o in of})}
    lines = [f"| {title} | {' | '.join(COLUMNS)} |", f"| --- |{' ---: |' * len(COLUMNS)}"]
    lines += [_line(name, group) for name, group in groups.items()]
    return "\n".join([*lines, _line("**all**", of)])


def _line(name: str, of: list[Outcome]) -> str:
    ours = [sum(outcome.verdict == column for outcome in of) for column in COLUMNS[1:4]]
    others = [sum(bool(o.django) for o in of), sum(bool(o.checkov) for o in of)]
    return f"| {name} | {' | '.join(str(number) for number in (len(of), *ours, *others))} |"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--missed", action="store_true", help="list what no intended rule caught")
    parser.add_argument("--work", type=Path, metavar="DIRECTORY")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    noise = [
        f"{site}: {place}: {rule} {message}"
        for site, path in mutants.projects().items()
        for (rule, message), place in findings(path).items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        kept = asked.work or Path(folder)
        found = outcomes(kept, asked.peers)
    print("\n".join([f"Findings on clean projects: {len(noise)}", *noise]), end="\n\n")
    print(table("topic", found, lambda outcome: outcome.mutation.topic), end="\n\n")
    print(table("source", found, kind_of_source))
    if asked.missed:
        _print_missed(found)
    if asked.json:
        asked.json.write_text(json.dumps([_plain(o) for o in found], indent=1) + "\n", "utf-8")
    sys.exit(bool(noise))


def _print_missed(found: Iterable[Outcome]) -> None:
    for o in found:
        if o.verdict != "intended rule":
            said = ", ".join(sorted(o.rules)) or "-"
            print(f"{o.mutation.id}@{o.site}: {o.mutation.expects} ({said})")


def _plain(o: Outcome) -> dict[str, object]:
    said = {name: sorted(getattr(o, name)) for name in ("rules", "django", "checkov")}
    return {"id": o.mutation.id, "site": o.site, "verdict": o.verdict, **said}


if __name__ == "__main__":
    main()
