"""The golden cases: what ``render`` writes for each layout, file by file."""

from __future__ import annotations

from pathlib import Path

from nuages.artifacts import Artifact
from nuages.artifacts.container import container_artifacts, development_artifacts
from nuages.config.load import load
from nuages.config.pipeline import pipeline
from nuages.config.resolve import resolve
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.targets.pipelines import pipelines

PROJECTS = Path(__file__).parent / "fixtures" / "projects"
GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())


def expected_folder(case: str) -> Path:
    return GOLDEN / case / "expected"


def rendered(case: str) -> tuple[Artifact, ...]:
    """Everything that ``nuages render --dev`` would write for a case."""
    config = GOLDEN / case / "nuages.yaml"
    said = load(config.read_bytes(), "nuages.yaml") if config.exists() else None
    project = detect(Tree.open(PROJECTS / case))
    deployment = resolve(project, said)
    return (
        *container_artifacts(deployment),
        *pipelines(deployment, pipeline(project, said, deployment)),
        *development_artifacts(deployment, project.development),
    )


def deployed(case: str, provider: str) -> Deployment:
    """A golden case, sent somewhere else."""
    own = GOLDEN / case / "nuages.yaml"
    said = own.read_text("utf-8") if own.exists() else ""
    kept = [line for line in said.splitlines() if not line.startswith("provider:")]
    text = "\n".join([f"provider: {provider}", *kept, ""])
    return resolve(detect(Tree.open(PROJECTS / case)), load(text.encode(), "nuages.yaml"))


def present(case: str) -> dict[str, str]:
    """The expected tree as it is in the repository."""
    folder = expected_folder(case)
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
