"""Writing generated files beside a user's own, without ever losing a hand's work.

``nuages.lock``, committed with the files, holds the hash of each text as it was generated.
A file that still has that hash is ours to replace; any other is somebody's, and is reported
with the difference instead. The hash is of the text with ``\\n`` line ends, so that a clone
with other line ends is no edit.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nuages.artifacts import Artifact
from nuages.effects import files
from nuages.errors import Conflict
from nuages.project.tree import hashed

LOCK = "nuages.lock"
KEPT = "kept:"
"""Before the hash of a text that was generated, and not written because the user's was kept."""
State = Literal["missing", "same", "outdated", "edited", "kept", "conflict"]
"""``edited``: changed by hand, and nothing new to write; ``kept``: so, and the user said that it
stays; ``conflict``: both have changed."""


@dataclass(frozen=True)
class Difference:
    """How a file stands to what would be written now."""

    path: str
    state: State
    diff: str = ""

    @property
    def drifted(self) -> bool:
        return self.state not in ("same", "kept")


@dataclass(frozen=True)
class Written:
    """What writing did with each file."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[Difference, ...]
    """Edited by hand, and left as they are."""


def differences(root: Path, artifacts: Iterable[Artifact]) -> tuple[Difference, ...]:
    """How every file stands; nothing is written."""
    known = _known(root)
    return tuple(_difference(root, artifact, known.get(artifact.path)) for artifact in artifacts)


def write_artifacts(
    root: Path, artifacts: Iterable[Artifact], *, force: bool = False, keep: bool = False
) -> Written:
    """Write every file that is ours to write, or none at all when one is in conflict.

    With ``force`` the generated text replaces a hand's work; with ``keep`` the hand's work stays
    and is known from then on, so that it is in conflict again only when what would be generated
    changes.
    """
    everything = tuple(artifacts)
    found = differences(root, everything)
    conflicts = [difference for difference in found if difference.state == "conflict"]
    if conflicts and not (force or keep):
        raise _conflict(conflicts)
    states = {difference.path: difference.state for difference in found}
    due = {"missing", "outdated"} | ({"edited", "kept", "conflict"} if force else set())
    changed = [artifact for artifact in everything if states[artifact.path] in due]
    for artifact in changed:
        files.write(root / artifact.path, artifact.text, 0o755 if artifact.executable else 0o644)
    kept = tuple(d for d in found if d.state in ("edited", "kept", "conflict") and not force)
    hashes = {a.path: hashed(a.text) for a in changed}
    hashes |= {a.path: hashed(a.text) for a in everything if states[a.path] == "same"}
    if keep:
        left = {difference.path for difference in kept}
        hashes |= {a.path: KEPT + hashed(a.text) for a in everything if a.path in left}
    _remember(root, hashes)
    same = tuple(d.path for d in found if d.state == "same")
    return Written(tuple(artifact.path for artifact in changed), same, kept)


def _difference(root: Path, artifact: Artifact, known: str | None) -> Difference:
    present = _read(root / artifact.path)
    if present is None:
        return Difference(artifact.path, "missing")
    new, old = hashed(artifact.text), hashed(present)
    if old == new:
        return Difference(artifact.path, "same")
    diff = _diff(artifact.path, present, artifact.text)
    if old == known:
        return Difference(artifact.path, "outdated", diff)
    states: dict[str | None, State] = {new: "edited", KEPT + new: "kept"}
    return Difference(artifact.path, states.get(known, "conflict"), diff)


def _diff(path: str, present: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), f"{path} (yours)", f"{path} (generated)", n=2
    )
    return "\n".join(line.rstrip("\n") for line in lines)


def _conflict(conflicts: list[Difference]) -> Conflict:
    names = ", ".join(difference.path for difference in conflicts)
    return Conflict(
        f"Yours, and not overwritten: {names}",
        hint="Nothing was written. Give --keep to leave these as they are and write the rest, or "
        "--force to have the generated text.",
        detail="\n\n".join(difference.diff for difference in conflicts),
    )


def _remember(root: Path, hashes: Mapping[str, str]) -> None:
    """Write down what was generated; a file that was left alone keeps its entry."""
    before = _known(root)
    after = {**before, **hashes}
    if after != before:
        document = {"version": 1, "generated": dict(sorted(after.items()))}
        files.write(root / LOCK, json.dumps(document, indent=2) + "\n")


def _known(root: Path) -> dict[str, str]:
    text = _read(root / LOCK)
    if text is None:
        return {}
    try:
        found = json.loads(text)["generated"]
        return {str(path): str(value) for path, value in found.items()}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise Conflict(
            f"{LOCK} cannot be read: {error}",
            hint=f"Restore it from version control, or delete it: files that differ from what "
            f"is generated then count as yours ({root / LOCK}).",
        ) from error


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
