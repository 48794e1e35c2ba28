"""The copy that is built and run, so that nothing is ever written into the user's tree.

Only what changed since the last copy is copied again: what a build made in there stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from nuages.effects import files

Stamp = list[int]


def is_copied(path: str) -> bool:
    """Tell whether a file of the project belongs in the copy.

    A ``.env`` does not: production does not read it, and a container would not have it.
    """
    name = path.rpartition("/")[2]
    return not (name == ".env" or (name.startswith(".env.") and "example" not in name))


def stamps(root: Path, paths: Iterable[str]) -> dict[str, Stamp]:
    """When each file was last changed, and its size; broken links are left out."""
    found = {}
    for path in paths:
        try:
            status = (root / path).stat()
        except OSError:
            continue
        if is_copied(path) and (root / path).is_file():
            found[path] = [status.st_mtime_ns, status.st_size]
    return found


def update(root: Path, copy: Path, paths: Iterable[str]) -> tuple[int, int]:
    """Bring the copy up to date; how many files were copied, and how many removed."""
    record = copy.with_name(f"{copy.name}.json")
    before = _recorded(record) if copy.is_dir() else {}
    after = stamps(root, paths)
    changed = [p for p, stamp in after.items() if before.get(p) != stamp or not (copy / p).exists()]
    gone = [path for path in before if path not in after]
    for path in gone:
        files.remove(copy / path)
    for path in changed:
        files.copy(root / path, copy / path)
    files.folder(copy)
    files.write(record, json.dumps(after))
    return len(changed), len(gone)


def listed(copy: Path) -> list[str]:
    """The files of the project that the copy holds; not what was built there."""
    return sorted(_recorded(copy.with_name(f"{copy.name}.json")))


def uploads(copy: Path, root: object, media: Path) -> None:
    """Put what the project has in its MEDIA_ROOT, as the picture of whoever has none, in ours.

    ``root`` is the setting as it is read, ``{root}/media``; files that are there already stay.
    A folder with code is no folder of uploads.
    """
    if not isinstance(root, str) or not root.startswith("{root}/"):
        return
    inside = f"{root.removeprefix('{root}/').strip('/')}/"
    found = [path for path in listed(copy) if path.startswith(inside)]
    if any(path.endswith(".py") for path in found):
        return
    for path in found:
        target = media / path.removeprefix(inside)
        if not target.exists():
            files.copy(copy / path, target)


def _recorded(record: Path) -> Mapping[str, Stamp]:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
