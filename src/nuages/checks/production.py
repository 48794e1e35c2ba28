"""What production would run: the one thing that rules are given.

Each part is read when a rule first asks for it, and then kept; nothing is imported or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nuages.checks import places
from nuages.checks.inspection import Inspection
from nuages.checks.settings import Settings, settings_under
from nuages.checks.sources.classes import Classes
from nuages.checks.sources.commands import commands
from nuages.checks.sources.compose import ComposeFile
from nuages.checks.sources.dockerfile import Dockerfile, dockerfile
from nuages.checks.sources.lines import Lines, ProcessEntry, procfile
from nuages.checks.sources.migrations import Migration, linked
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.sources.server_command import ServerCommand, server_commands
from nuages.checks.sources.starting import Start, Starting, renamed
from nuages.checks.sources.yaml_file import Yaml, yaml
from nuages.config.build_values import placeholder
from nuages.config.resolve import resolve
from nuages.config.schema.config import PRODUCTION, Config
from nuages.model import Deployment
from nuages.project import requirements
from nuages.project.facts import Project
from nuages.project.python_source import Sources, ancestors, joined
from nuages.project.requirements import Requirement
from nuages.project.roots import root
from nuages.project.selection import sources
from nuages.project.tree import Tree
from nuages.text import Location

_MIGRATION = re.compile(r"(?:^|/)(?P<app>[^/]+)/migrations/(?P<name>[^/]+)\.py$")


@dataclass(frozen=True)
class Production:
    """One environment of one project."""

    tree: Tree
    project: Project
    config: Config = field(default_factory=Config.empty)
    environment: str = PRODUCTION
    edited: Tree = field(default_factory=lambda: Tree.of({}))
    """Files that Nuages wrote and somebody has edited since: theirs, and judged."""
    inspection: Inspection = field(default_factory=Inspection)
    """What the running project says, where it was asked."""
    _mentioning: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def deployment(self) -> Deployment:
        """What would be deployed, from nuages.yaml or its defaults."""
        return resolve(self.project, self.config, environment=self.environment)

    # --- settings ---------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        """The project's own settings in production, every variable given that will be.

        ``env_vars`` of nuages.yaml have their values, what is wired or secret a harmless one
        (``given``). The generated cloud settings are not in them: ``Rule.repaired_by`` says what
        those mend.
        """
        assumed = self.project.settings.environ
        given = {**self.given, **assumed, **self.deployment.environment_variables}
        if all(assumed.get(v.name) == given.get(v.name) for v in self.project.contract):
            return Settings(self.project.settings, self.tree)
        return self.settings_with({**given, **dict(self.deployment.web.environment)})

    @cached_property
    def given(self) -> Mapping[str, str]:
        """A stand-in for each variable that the deployment answers itself, or that is demanded."""
        deployment = self.deployment
        names = {*deployment.wiring, *(secret.name for secret in deployment.secrets)}
        host = deployment.domain or "www.example.com"
        hosts = {"site.host": host, "site.hosts": host, "site.origins": f"https://{host}"}
        return {
            variable.name: hosts.get(
                deployment.wiring.get(variable.name, ""),
                deployment.image.build_environment.get(variable.name) or placeholder(variable),
            )
            for variable in self.project.contract
            if variable.required or variable.name in names
        }

    @cached_property
    def settings_unset(self) -> Settings:
        """The same settings where nobody sets a variable: what every default means."""
        kept = ("DJANGO_SETTINGS_MODULE", "DJANGO_CONFIGURATION")
        environ = self.project.settings.environ
        return self.settings_with({name: environ[name] for name in kept if name in environ})

    @cached_property
    def settings_alone(self) -> Settings:
        """The same settings where only what selects production is set: production's defaults."""
        return Settings(self.project.settings, self.tree)

    def told(self, name: str) -> bool:
        """Whether a setting is what production has: no stand-in steers it."""
        assumed = self.project.settings.environ
        known = {*self.deployment.environment_variables, *assumed}
        return not (set(self.settings.variables(name)) & set(self.given) - known)

    def settings_with(self, environ: Mapping[str, str]) -> Settings:
        """The same settings with these variables and no others."""
        key = frozenset(environ.items())
        if key not in self._evaluated:
            self._evaluated[key] = settings_under(
                environ, self.tree, self.project, self.sources.roots
            )
        return self._evaluated[key]

    @cached_property
    def _evaluated(self) -> dict[frozenset[tuple[str, str]], Settings]:
        return {}

    def config_at(self, *keys: str | int) -> Location:
        """Where a key of nuages.yaml stands, or the nearest one above it; for findings."""
        where = self.config.location(*keys, environment=self.environment)
        return where if where.line else Location(where.path, 1)

    def config_said(self, *keys: str | int) -> Location | None:
        """Where a key of nuages.yaml stands, if it is there."""
        return self.config.said(*keys, environment=self.environment)

    # --- Python -----------------------------------------------------------------------------

    @cached_property
    def sources(self) -> Sources:
        """The folders on ``sys.path``, and module names to paths."""
        return sources(self.tree, root(self.tree, self.project.manage_dir.value))

    @cached_property
    def _python(self) -> dict[str, PythonFile]:
        return {}

    def python(self, path: str) -> PythonFile:
        """A Python file of the tree; an empty one where there is none."""
        if path not in self._python:
            self._python[path] = PythonFile(path, self.tree.read(path) or "")
        return self._python[path]

    @cached_property
    def code(self) -> tuple[str, ...]:
        """The project's own Python files: no tests, no migrations."""
        own = self.sources.own
        return tuple(p for p in own if not places.TESTS.search(p) and not _MIGRATION.search(p))

    def mentioning(self, *words: str) -> Iterator[PythonFile]:
        """Own Python files whose text holds one of these words: parse only those."""
        if words not in self._mentioning:
            texts = ((path, self.tree.read(path) or "") for path in self.code)
            found = tuple(path for path, text in texts if any(word in text for word in words))
            self._mentioning[words] = found
        return (self.python(path) for path in self._mentioning[words])

    def classes(self, *words: str) -> Classes:
        """The classes of the own files that hold one of these words; read once for each set."""
        if words not in self._classes:
            self._classes[words] = Classes(self.mentioning(*words))
        return self._classes[words]

    @cached_property
    def _classes(self) -> dict[tuple[str, ...], Classes]:
        return {}

    @cached_property
    def settings_files(self) -> tuple[PythonFile, ...]:
        """The files that the settings are made of, in the order of their evaluation."""
        return tuple(self.python(p) for p in self.project.settings.files if p.endswith(".py"))

    @cached_property
    def migrations(self) -> tuple[Migration, ...]:
        """The migrations of the project's own apps, in the order of their names."""
        matches = ((path, _MIGRATION.search(path)) for path in self.sources.own)
        found = [
            Migration(match["app"], match["name"], self.python(path))
            for path, match in matches
            if match and match["name"] != "__init__" and not places.TESTS.search(path)
        ]
        return linked([each for each in found if each.body is not None])

    # --- other texts ------------------------------------------------------------------------

    @cached_property
    def dockerfiles(self) -> tuple[Dockerfile, ...]:
        """The Dockerfiles that production's Python images are built from, the user's own."""
        found = (dockerfile(self.text(p), p) for p in places.dockerfiles(self.files))
        return tuple(each for each in found if each.runs_python)

    @cached_property
    def compose_files(self) -> tuple[ComposeFile, ...]:
        """Compose files that are not named for development."""
        read = {p: yaml(self.text(p), p) for p in places.compose_files(self.files)}
        return tuple(ComposeFile(path, found) for path, found in read.items() if found)

    @cached_property
    def serving(self) -> tuple[ComposeFile, ...]:
        """Compose files that production may be run with, as far as they can be told apart."""
        return tuple(each for each in self.compose_files if each.serves)

    @cached_property
    def workflows(self) -> tuple[Yaml, ...]:
        """GitHub workflows and GitLab pipelines."""
        read = (yaml(self.text(p), p) for p in places.workflows(self.files))
        return tuple(found for found in read if found)

    @cached_property
    def scripts(self) -> tuple[Lines, ...]:
        """Shell scripts."""
        return tuple(Lines(p, self.text(p)) for p in places.scripts(self.files))

    @cached_property
    def processes(self) -> tuple[ProcessEntry, ...]:
        """What the nearest Procfile starts."""
        path = self.near("Procfile")
        return procfile(self.text(path), path) if path else ()

    @cached_property
    def commands(self) -> tuple[tuple[str, Location], ...]:
        """Whatever is run when a container starts or is released, with its place."""
        return commands(self.processes, self.dockerfiles, self.compose_files, self.scripts)

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """Every process that images, compose files and the Procfile start, scripts followed."""
        names = {**self.edited.by_name, **self.tree.by_name}
        reader = Starting(self.text, names, renamed(self.dockerfiles))
        return reader.all(self.dockerfiles, self.compose_files, self.processes)

    @cached_property
    def servers(self) -> tuple[ServerCommand, ...]:
        """The web servers that those commands start."""
        return tuple(each for text, place in self.commands for each in server_commands(text, place))

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the requirements files of production ask for, as written, with their lines."""
        files = [f for f in self.project.dependencies.files if f.endswith((".txt", ".in", ".pip"))]
        read = (requirements.read(self.tree, path).requirements for path in files)
        return tuple(each for found in read for each in found)

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that is judged: the project's own, and what was edited of the generated."""
        return (*self.tree.files, *self.edited.files)

    def text(self, path: str) -> str:
        """A file's text; empty where there is none."""
        return self.tree.read(path) or self.edited.read(path) or ""

    def lines(self, path: str) -> Lines:
        """A file by its lines, comments with ``#`` left out."""
        return Lines(path, self.text(path))

    def near(self, *names: str) -> str | None:
        """The first of these files in the project's folder or one above it."""
        for folder in ancestors(self.project.manage_dir.value):
            for name in names:
                if joined(folder, name) in self.tree:
                    return joined(folder, name)
        return None

    def find(self, path: str, pattern: str) -> Location | None:
        """Where a regular expression is first found in a file."""
        for number, line in enumerate(self.text(path).splitlines(), 1):
            match = re.search(pattern, line)
            if match:
                return Location(path, number, match.start() + 1)
        return None

    # --- packages ---------------------------------------------------------------------------

    def has(self, *packages: str) -> bool:
        """Whether production installs one of these, by normalised name."""
        return any(name in self.project.dependencies.packages for name in packages)

    def package_at(self, name: str) -> Location:
        """Where a package is asked for; else the file that asks for packages."""
        found = self.project.dependencies.locations.get(name)
        files = self.project.dependencies.files
        return found or Location(files[0] if files else self.settings.path, 1)

    @cached_property
    def django(self) -> tuple[int, int] | None:
        """Major and minor of Django as it is pinned or locked; None where only a range is known."""
        written = self.project.django.value if self.project.django else ""
        exact = re.match(r"(?:={2,3}\s*|~=\s*(?=\d+\.\d+\.))?(\d+)\.(\d+)", written)
        return (int(exact[1]), int(exact[2])) if exact else None
