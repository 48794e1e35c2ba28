"""What a site is made of: the copy of its files, its environment, its front end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from packaging.version import Version

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.effects import files
from nuages.errors import StepFailed
from nuages.image import Frontend
from nuages.local.engine import Request
from nuages.local.process import copying, frontend, interpreter, kept_out, node
from nuages.local.process.environment import Builder
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.tailwind import Tailwind
from nuages.local.process.workspace import Workspace
from nuages.project.syntax import bracketed
from nuages.project.tree import Tree

Mend = Callable[[str], Site | None]
"""Puts right what a log shows, and gives the site to go on with; None: nothing that could be."""
HIDDEN = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "DJANGO_SETTINGS_MODULE"})


def tools_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """For uv, node and the servers: the caller's, index settings and proxies included."""
    return {name: value for name, value in environment.items() if name not in HIDDEN}


@dataclass(frozen=True)
class Provision:
    request: Request
    workspace: Workspace
    record: Record
    uv: str
    environment: Mapping[str, str]

    def copy(self) -> str:
        """Bring the copy up to date and lay the settings beside it; what the files are."""
        tree = Tree.open(self.workspace.root)
        with self.request.listener.step("Copy the project's files"):
            for log in self.workspace.logs.glob("*.log"):
                files.remove(log)
            paths = (*tree.files, *kept_out.listed(self.workspace.kept_out))
            copying.update(self.workspace.root, self.workspace.copy, paths)
            for folder in self.request.project.absent_folders:
                files.folder(self.workspace.copy / folder)
            own = self.request.project.settings.settings.get("MEDIA_ROOT")
            if own is not None and own.state == "known":
                copying.uploads(self.workspace.copy, own.value, self.workspace.media)
            files.remove(self.workspace.overlay)
            for artifact in cloud_settings(self.request.deployment):
                if artifact.path.startswith(".nuages/"):
                    files.write(self.workspace.root / artifact.path, artifact.text)
        return self.workspace.copy.with_name("build.json").read_text(encoding="utf-8")

    def builder(self) -> Builder:
        """Finds the interpreter; its ``build`` makes the environment."""
        self._tell_of_django()
        project = self.request.project
        wanted = interpreter.wanted(project)
        found, notice = interpreter.find(wanted, self.uv, self.environment)
        if notice:
            self.record.notice("python", notice)
        if interpreter.only_brackets(project) and found.version < Version("3.14"):
            self._bracket(found)
        return Builder(
            self.uv,
            found,
            self.request.deployment.image,
            project.dependencies,
            self.workspace.copy,
            self.request.cache,
            self.environment,
            self.workspace.logs / "install.log",
            self.request.listener,
        )

    def _tell_of_django(self) -> None:
        below = self.request.project.django_below
        if below is not None:
            why = below.evidence[0]
            text = f"Django is held below {below.value}: {why.location}: {why.note}; pin it"
            self.record.notice("django-held", f"{text} in the requirements, or mend the code")

    def _bracket(self, found: interpreter.Interpreter) -> None:
        """Spell ``except A, B:`` in the copy as older Pythons read it."""
        copy, changed = self.workspace.copy, []
        for path in (copy / name for name in copying.listed(copy) if name.endswith(".py")):
            text = path.read_text(encoding="utf-8", errors="surrogateescape")
            if (spelled := bracketed(text)) != text:
                files.write(path, spelled)
                changed.append(path)
        if changed:
            text = f"{len(changed)} files have `except A, B:` of Python 3.14, spelled with brackets"
            self.record.notice("python", f"{text} in the copy that Python {found.minor} runs")

    def front_end(self, source: str) -> None:
        """Build it with this machine's Node.js, else with the one that the project asks for."""
        wanted = self.request.deployment.image.frontend
        if wanted is None:
            return
        failure = None
        for environment, prefix in self._nodes(wanted):
            failure = self._built(self._build(wanted, environment), prefix, source)
            if failure is None:
                return
        self._unbuilt(wanted, failure)

    def _built(
        self, build: frontend.Build, prefix: tuple[str, ...], source: str
    ) -> StepFailed | None:
        try:
            with self.request.listener.step("Build the front end"):
                build.run(prefix, source)
        except StepFailed as error:
            return error
        return None

    def _nodes(self, wanted: Frontend) -> Iterator[tuple[Mapping[str, str], tuple[str, ...]]]:
        """An environment with Node.js, and what goes before the tool's name in it."""
        path = self.environment.get("PATH", "")
        prefix = frontend.available(wanted, path)
        if prefix is not None:
            yield self.environment, prefix
        here = node.major(self.environment)
        if here == wanted.node:
            return
        folder = self._wheels.bring(wanted.node)
        prefix = frontend.available(wanted, f"{folder}:{path}")
        if folder is not None and prefix is not None:
            had = f"Node.js {here}" if here else "no Node.js"
            text = f"this machine has {had}: Node.js {wanted.node} was brought for the front end"
            self.record.notice("node", text)
            yield {**self.environment, "PATH": f"{folder}:{path}"}, prefix

    @property
    def _wheels(self) -> node.Wheels:
        log = self.workspace.logs / "node.log"
        return node.Wheels(self.uv, self.request.cache, self.environment, log)

    def mender(self, mend: Mend, site: Callable[[], Site]) -> Mend:
        """Brings what a log shows to be missing, programs too; the site to go on with, if any."""
        program = Tailwind(self.request.cache, self._wheels, site, self.record, self.environment)
        return lambda log: mend(log) or (site() if program.bring(log) else None)

    def _build(self, wanted: Frontend, environment: Mapping[str, str]) -> frontend.Build:
        log = self.workspace.logs / "frontend.log"
        line = self.request.listener.line
        return frontend.Build(wanted, self.workspace.copy, environment, log, line)

    def _unbuilt(self, wanted: Frontend, failure: StepFailed | None) -> None:
        """Raise what pages cannot do without; else say what is missing."""
        if failure is None:
            text = f"there is no {wanted.tool} here, so the front end is not built: "
            self.record.notice("no-node", text + "its CSS, and pages that need it, are missing")
            return
        fact = self.request.project.frontend
        if fact is None or fact.value.required:
            raise failure
        text = f"the front end was not built, so what is committed of it is served: {failure}"
        self.record.notice("step-failed", text)
