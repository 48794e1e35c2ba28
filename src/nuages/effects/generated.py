"""Writing generated files beside a user's own, without ever losing a hand's work.

``nuages.lock``, committed with the files, holds the hash of each text as it was generated.
A file that still has that hash is ours to replace; any other is somebody's, and is reported
with the difference instead. The hash is of the text with ``\\n`` line ends, so that a clone
with other line ends is no edit.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nuages.artifacts import Artifact
from nuages.effects import files
from nuages.errors import Conflict

LOCK = "nuages.lock"
State = Literal["missing", "same", "outdated", "edited", "conflict"]
"""``edited``: changed by hand, and nothing new to write; ``conflict``: both have changed."""


@dataclass(frozen=True)
class Difference:
    """How a file stands to what would be written now."""

    path: str
    state: State
    diff: str = ""

    @property
    def drifted(self) -> bool:
        return self.state != "same"


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


def write_artifacts(root: Path, artifacts: Iterable[Artifact], *, force: bool = False) -> Written:
    """Write every file that is ours to write, or none at all when one is in conflict."""
    everything = tuple(artifacts)
    found = differences(root, everything)
    conflicts = [difference for difference in found if difference.state == "conflict"]
    if conflicts and not force:
        raise _conflict(conflicts)
    states = {difference.path: difference.state for difference in found}
    due = {"missing", "outdated", "conflict"} | ({"edited"} if force else set())
    changed = [artifact for artifact in everything if states[artifact.path] in due]
    for artifact in changed:
        files.write(root / artifact.path, artifact.text, 0o755 if artifact.executable else 0o644)
    _remember(root, everything, states, {artifact.path for artifact in changed})
    kept = tuple(d for d in found if d.state == "edited" and not force)
    same = tuple(d.path for d in found if d.state == "same")
    return Written(tuple(artifact.path for artifact in changed), same, kept)


def hashed(text: str) -> str:
    """The hash by which a generated text is known again."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogateescape")).hexdigest()


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
    return Difference(artifact.path, "edited" if known == new else "conflict", diff)


def _diff(path: str, present: str, wanted: str) -> str:
    lines = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), f"{path} (yours)", f"{path} (generated)", n=2
    )
    return "\n".join(line.rstrip("\n") for line in lines)


def _conflict(conflicts: list[Difference]) -> Conflict:
    names = ", ".join(difference.path for difference in conflicts)
    return Conflict(
        f"Changed by hand, and not overwritten: {names}",
        hint="Nothing was written. Take over what you want from the difference, or give --force "
        "to have the generated text.",
        detail="\n\n".join(difference.diff for difference in conflicts),
    )


def _remember(
    root: Path, artifacts: Iterable[Artifact], states: Mapping[str, State], written: set[str]
) -> None:
    """Write down what was generated; a file that was left alone keeps its entry."""
    before = _known(root)
    after = dict(before)
    for artifact in artifacts:
        if artifact.path in written or states[artifact.path] == "same":
            after[artifact.path] = hashed(artifact.text)
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
