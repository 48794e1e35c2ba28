"""The folder that is planned: the infrastructure as ``render`` would write it, in private.

What somebody edited by hand, or added, is taken as it is. Nothing outside ``.nuages`` is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from nuages.artifacts import Artifact
from nuages.deploy.draft import HOME, OVERRIDE, Draft
from nuages.effects import files
from nuages.effects.generated import Difference, differences

_PRIVATE_FOLDER = 0o700
_LOCK_FILE = ".terraform.lock.hcl"
_LEFT_OUT = re.compile(r"(^|/)\.terraform/|\.tfstate(\.|$)|\.tfplan$")
_ABOVE = re.compile(r"\.\./([\w.-]+)")
_THEIRS = ("edited", "kept", "conflict")


def draft(root: Path, environment: str, original: str, artifacts: Sequence[Artifact]) -> Draft:
    """Bring the private folder up to date; what Terraform itself keeps in it stays."""
    found = differences(root, artifacts) if (root / original).is_dir() else ()
    home = files.folder(files.private_folder(root) / HOME / environment, _PRIVATE_FOLDER)
    folder = files.folder(home / original)
    wanted = {**_own(root / original), **_generated(root, original, artifacts, found)}
    _sync(folder, wanted)
    _link(root, home, wanted)
    return Draft(folder, original, _notices(found))


def _generated(
    root: Path, original: str, artifacts: Sequence[Artifact], found: Sequence[Difference]
) -> Mapping[str, bytes]:
    theirs = {each.path for each in found if each.state in _THEIRS}
    return {
        each.path.removeprefix(f"{original}/"): (root / each.path).read_bytes()
        if each.path in theirs
        else each.text.encode()
        for each in artifacts
    }


def _own(folder: Path) -> Mapping[str, bytes]:
    """Every file of the user's that is neither a state nor a plan nor brought by init."""
    every = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = ((path.relative_to(folder).as_posix(), path) for path in every)
    return {name: path.read_bytes() for name, path in named if not _LEFT_OUT.search(name)}


def _sync(folder: Path, wanted: Mapping[str, bytes]) -> None:
    for name in _own(folder):
        if name not in wanted and name not in (_LOCK_FILE, OVERRIDE):
            files.remove(folder / name)
    for name, data in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            files.write(path, data)


def _link(root: Path, home: Path, wanted: Mapping[str, bytes]) -> None:
    """What the configuration reads from beside its folder (``../modules``) is beside it here."""
    texts = (data.decode("utf-8", "replace") for name, data in wanted.items())
    for name in {found for text in texts for found in _ABOVE.findall(text)}:
        if (root / name).exists() and not files.exists(home / name):
            (home / name).symlink_to(root.resolve() / name)


def _notices(found: Sequence[Difference]) -> tuple[str, ...]:
    """What somebody should know who compares the plan with their files."""
    old = [each.path for each in found if each.state in ("missing", "outdated")]
    clash = [each.path for each in found if each.state == "conflict"]
    notices = []
    if old:
        notices.append(f"{_listed(old)} will be written anew: run `nuages render` before a release")
    if clash:
        notices.append(
            f"{_listed(clash)} is edited by hand and planned as it is; "
            "`nuages render` shows what nuages.yaml asks for since"
        )
    return tuple(notices)


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return f"{', '.join(paths[:3])}{more}"
