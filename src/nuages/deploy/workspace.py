"""The files that a release is made from: the user's rendered ones, or a private set."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from nuages.artifacts import Artifact
from nuages.artifacts.container import container_artifacts
from nuages.effects import files
from nuages.effects.generated import LOCK, differences
from nuages.errors import Drift
from nuages.model import Deployment
from nuages.project.tree import Tree
from nuages.targets.target import Target

HOME = ".nuages"
INFRASTRUCTURE = "infrastructure"
DOCKERFILE = "Dockerfile"
_LOCAL = ("compose.yaml", "nginx.conf", ".env.example")
"""What is generated, and takes no part in a release."""
_TERRAFORMS_OWN = re.compile(r"(^|/)\.terraform|\.tfstate(\.|$)|\.tfplan$")
_OLD = ("missing", "outdated", "conflict")


@dataclass(frozen=True)
class Workspace:
    """Where image and infrastructure are built from, below the project's root."""

    root: Path
    deployment: Deployment
    dockerfile: str
    infrastructure: str

    @property
    def logs(self) -> Path:
        return self.root / HOME / "logs"


def workspace(root: Path, target: Target, resolved: Callable[[bool], Deployment]) -> Workspace:
    """Take what `nuages render` wrote, hand edits and all; write a private set where it did not.

    ``resolved`` gives the deployment, private or not. Nothing outside ``.nuages`` is written.
    Raises Drift where nuages.yaml or the project have changed since the files were rendered.
    """
    known, private = _generated(root), not rendered(root)
    deployment = resolved(private)
    image = container_artifacts(deployment, private=private)
    prefix = f"{HOME}/" if private else ""
    _place(root, root, image, yours=not prefix)
    kept = any(path.startswith(f"{INFRASTRUCTURE}/") for path in known)
    _place(root, root if kept else root / HOME, target.artifacts(deployment), yours=kept)
    files.folder(files.private_folder(root) / "logs")
    folder = INFRASTRUCTURE if kept else f"{HOME}/{INFRASTRUCTURE}"
    return Workspace(root, deployment, f"{prefix}{DOCKERFILE}", folder)


def rendered(root: Path) -> bool:
    """Whether the image's files are `nuages render`'s, beside the user's own."""
    return DOCKERFILE in _generated(root)


def _place(root: Path, folder: Path, artifacts: tuple[Artifact, ...], *, yours: bool) -> None:
    """Leave the user's own files as they are, as long as they are current; write the others."""
    if yours:
        _demand_current(root, tuple(a for a in artifacts if a.path not in _LOCAL))
        return
    for artifact in artifacts:
        mode = 0o755 if artifact.executable else 0o644
        files.write(folder / artifact.path, artifact.text, mode)


def fingerprint(root: Path, deployment: Deployment) -> str:
    """Of everything that makes a release what it is: the code, and how it is deployed."""
    return _hashed(repr(deployment), root, Tree.open(root).files)


def configuration(work: Workspace) -> str:
    """Of the folder that Terraform reads; not of what it keeps there itself."""
    folder = work.root / work.infrastructure
    every = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return _hashed("", folder, [name for name in every if not _TERRAFORMS_OWN.search(name)])


def _hashed(about: str, folder: Path, names: Iterable[str]) -> str:
    """Of some files below a folder, by name and content."""
    found = hashlib.sha256(about.encode())
    for name in sorted(names):
        content = (folder / name).read_bytes()
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()[:16]


def _generated(root: Path) -> dict[str, str]:
    path = root / LOCK
    try:
        return dict(json.loads(path.read_text("utf-8"))["generated"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _demand_current(root: Path, artifacts: tuple[Artifact, ...]) -> None:
    old = [d for d in differences(root, artifacts) if d.state in _OLD]
    if old:
        more = f" and {len(old) - 3} more" if len(old) > 3 else ""
        raise Drift(
            f"Not as they would be written now: {', '.join(d.path for d in old[:3])}{more}",
            hint="Run `nuages render` (or `nuages render --keep`), look at the difference, and "
            "deploy again.",
        )
