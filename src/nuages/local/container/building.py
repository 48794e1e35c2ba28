"""The image, built; and built again with what its logs show to be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from nuages.artifacts.container import container_artifacts
from nuages.config import build_values
from nuages.effects import files
from nuages.effects.shell import Finished
from nuages.errors import NotBuilt, StepFailed
from nuages.local.container import causes
from nuages.local.container.mending import mended
from nuages.local.container.project import Project
from nuages.local.container.record import ContainerRecord
from nuages.local.engine import Request
from nuages.local.process import missing
from nuages.local.process.workspace import Workspace
from nuages.model import Deployment
from nuages.project.tree import Tree

ATTEMPTS = 40
"""Most failures are variables that reading the settings missed, one at a time."""


@dataclass
class Building:
    """The image of a request, and the deployment as it had to become for it."""

    request: Request
    workspace: Workspace
    project: Project
    record: ContainerRecord
    deployment: Deployment

    def build(self) -> None:
        """Write its files and build it.

        Raises ``NotBuilt``, or ``InputNeeded`` where only the user can give what it lacks.
        """
        with self.request.listener.step("Build the image"):
            for _ in range(ATTEMPTS):
                self.write(self.deployment)
                finished = self.project.run("build", "web", log="build")
                if finished.ok:
                    for text in causes.told(finished.text):
                        self.record.notice("step-failed", text)
                    return
                if not (self._with_placeholder(finished) or self._mended(finished)):
                    break
        failure = causes.failure(finished, "The image cannot be built", "build-failed")
        raise _not_built(failure) if isinstance(failure, StepFailed) else failure

    def mend(self, finished: Finished) -> bool:
        """Build it again with what a log of the site shows to be missing; False: not the cause."""
        if not self._mended(finished):
            return False
        self.build()
        return True

    def write(self, deployment: Deployment) -> None:
        files.remove(self.workspace.overlay)
        for artifact in container_artifacts(deployment, private=True, tls=self.request.tls):
            mode = 0o755 if artifact.executable else 0o644
            files.write(self.workspace.root / artifact.path, artifact.text, mode)

    def _with_placeholder(self, finished: Finished) -> bool:
        """A variable that reading the settings missed."""
        cause = causes.likely(finished.text)
        known: Mapping[str, str] = self.deployment.image.build_environment
        missed = cause.subject if cause and cause.code == "missing-variable" else ""
        if not missed or missed in known:
            return False
        text = f"{missed} was not found by reading the settings; the build has a placeholder"
        self.record.notice("build-variable", text)
        values = {**known, missed: build_values.named(missed)}
        image = replace(self.deployment.image, build_environment=values)
        self.deployment = replace(self.deployment, image=image)
        return True

    def _mended(self, finished: Finished) -> bool:
        log = causes.without_prefixes(finished.text)
        dependencies = self.request.project.dependencies
        found = mended(self.deployment.image, log, dependencies, self._roots(), self._lists)
        if found is None:
            return False
        self.record.notice(found.code, found.text)
        self.deployment = replace(self.deployment, image=found.image)
        return True

    def _roots(self) -> set[str]:
        """The modules and packages that stand where the project's code is looked for."""
        manage = self.deployment.image.manage_dir
        found = set()
        for path in Tree.open(self.workspace.root).files:
            for folder in {manage, ".", "src"}:
                inside = path if folder == "." else path.removeprefix(f"{folder}/")
                if folder == "." or inside != path:
                    found.add(PurePosixPath(inside).parts[0].removesuffix(".py"))
        return found

    def _lists(self) -> dict[str, str]:
        """The files in which the project names what it needs, production or not."""
        tree = Tree.open(self.workspace.root)
        return {name: tree.read(name) or "" for name in tree.files if missing.LISTS.search(name)}


def _not_built(failure: StepFailed) -> NotBuilt:
    return NotBuilt(
        failure.message, hint=failure.hint, reason=failure.reason, detail=failure.detail
    )
