"""Mutants: clean projects with one mistake each.

    python -m bench.checks.mutants --list
    python -m bench.checks.mutants --check
    python -m bench.checks.mutants --write DIRECTORY [ID ...]

``projects/`` holds the clean projects and ``mutations/`` the mistakes by topic: the name of a file
up to its first dot. What a mutation ``expects`` is the kind of mistake, in plain words.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bench.checks.edits import AnchorError, apply

HERE = Path(__file__).parent
STARTER = HERE.parents[1] / "src" / "nuages" / "starter" / "project"
MADE = shutil.ignore_patterns("__pycache__", "*.pyc", ".nuages", ".venv", "staticfiles")
TEXTS = ("id", "title", "source", "expects")


@dataclass(frozen=True)
class Mutation:
    """One mistake: ``expects`` is its kind, ``sites`` are the clean projects to make it in."""

    id: str
    topic: str
    title: str
    source: str
    expects: str
    sites: tuple[str, ...]
    edits: tuple[dict[str, str], ...]


def projects() -> dict[str, Path]:
    """The clean projects by name; the starter is one of them as soon as it is whole."""
    found = {path.name: path for path in sorted((HERE / "projects").iterdir()) if path.is_dir()}
    return found | ({"starter": STARTER} if (STARTER / "nuages.yaml").is_file() else {})


@cache
def mutations() -> tuple[Mutation, ...]:
    """All of them, in the order of the topics' names."""
    yaml = YAML(typ="safe")
    return tuple(
        _mutation(path.name.split(".")[0].replace("_", " "), entry)
        for path in sorted((HERE / "mutations").glob("*.yaml"))
        for entry in yaml.load(path.read_text("utf-8"))
    )


def _mutation(topic: str, entry: dict) -> Mutation:
    sites = entry["in"]
    return Mutation(
        topic=topic,
        sites=(sites,) if isinstance(sites, str) else tuple(sites),
        edits=tuple(entry["edits"]),
        **{name: entry[name] for name in TEXTS},
    )


def mutants() -> list[tuple[Mutation, str]]:
    """Every mutation in every project that it is for."""
    return [(mutation, site) for mutation in mutations() for site in mutation.sites]


def write(mutation: Mutation, site: str, root: Path) -> list[Path]:
    """Copies the clean project to ``root`` and makes the mistake. Returns the changed files.

    Raises ``AnchorError`` when an edit does not fit, changes nothing or breaks the file.
    """
    clean = projects()[site]
    shutil.copytree(clean, root, ignore=MADE)
    changed = [apply(edit, root) for edit in mutation.edits]
    for path in changed:
        original = clean / path.relative_to(root)
        if path.exists() and original.exists() and path.read_bytes() == original.read_bytes():
            raise AnchorError(f"{path.relative_to(root)} is as it was")
        if path.exists():
            _parsed(path, str(path.relative_to(root)))
    return changed


def _parsed(path: Path, name: str) -> None:
    text = path.read_text("utf-8")
    try:
        if path.suffix == ".py":
            ast.parse(text)
        if path.suffix in {".yaml", ".yml"}:
            YAML(typ="safe").load(text)
    except (SyntaxError, YAMLError) as error:
        raise AnchorError(f"{name}: {error}") from None


def problems(wanted: Iterable[tuple[Mutation, str]]) -> list[str]:
    """What is wrong with the corpus itself."""
    wanted = list(wanted)
    seen = Counter(mutation.id for mutation in mutations())
    found = [f"{name}: the id is used twice" for name, count in seen.items() if count > 1]
    with tempfile.TemporaryDirectory() as folder:
        for number, (mutation, site) in enumerate(wanted):
            try:
                write(mutation, site, Path(folder) / str(number))
            except (AnchorError, KeyError) as error:
                found.append(f"{mutation.id} in {site}: {error}")
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", type=Path, metavar="DIRECTORY")
    parser.add_argument("ids", nargs="*", metavar="ID")
    asked = parser.parse_args()
    chosen = [(m, site) for m, site in mutants() if not asked.ids or m.id in asked.ids]
    if asked.list:
        for mutation, site in chosen:
            print(f"{mutation.topic:20} {site:8} {mutation.id:40} {mutation.title}")
    if asked.write:
        for mutation, site in chosen:
            write(mutation, site, asked.write / f"{mutation.id}@{site}")
    if asked.check:
        found = problems(chosen)
        print("\n".join(found) or f"{len(mutations())} mutations, {len(mutants())} mutants: sound")
        sys.exit(bool(found))


if __name__ == "__main__":
    main()
