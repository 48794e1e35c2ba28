"""What reading a project finds, frozen, each answer with its evidence.

``None`` always means "not found" or "cannot be said": a wrong answer is worse than none.
All paths are relative to the project's root and use ``/``; the root itself is ``"."``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from nuages.project.tools import ManagementStep, Tooling
from nuages.text import Location

T = TypeVar("T")


@dataclass(frozen=True)
class Evidence:
    """Where something was read, and what stood there."""

    location: Location
    note: str


@dataclass(frozen=True)
class Fact(Generic[T]):
    """An answer and the evidence for it, the strongest first."""

    value: T
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Something that could not be read, or that contradicts something else."""

    location: Location
    message: str


# --- settings -------------------------------------------------------------------------------

State = Literal["known", "environment", "unknown"]


@dataclass(frozen=True)
class Setting:
    """One setting as the static evaluation sees it.

    ``known``: ``value`` is what Python would compute, whatever the environment.
    ``environment``: ``value`` is what it is in the environment that was assumed, and
    ``variables`` steer it. ``unknown``: ``value`` is None and ``reason`` says why.
    A ``Path`` comes out as its text, with the project root as ``{root}``. An element of a
    container that is unknown comes out as ``{"unknown": reason}`` and makes the whole
    ``partial``.
    """

    name: str
    state: State
    value: Any
    location: Location
    variables: tuple[str, ...] = ()
    partial: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Variable:
    """An environment variable that the project reads: one line of the settings contract."""

    name: str
    reads: tuple[Location, ...]
    required: bool
    default: str | None
    """The default as text, as it would stand in a .env file; None when there is none."""
    cast: str | None
    """``bool``, ``int``, ``float``, ``list``, ``json``, ``url:database``, ``url:cache``,
    ``url:email``, or the name of the user's own function; None for plain text."""
    secret: bool
    build_time: bool
    """Whether ``collectstatic`` cannot run without it."""
    steers: tuple[str, ...] = ()
    """The settings whose values depend on it."""


@dataclass(frozen=True)
class EvaluatedSettings:
    """A settings module evaluated under one assumed environment."""

    module: str
    path: str
    environ: Mapping[str, str]
    settings: Mapping[str, Setting]
    variables: tuple[Variable, ...]
    files: tuple[str, ...]
    """Every user file that took part, in the order of evaluation."""
    problems: tuple[Problem, ...] = ()
    raises: Problem | None = None
    """The error that importing the module would certainly end with, if there is one."""


@dataclass(frozen=True)
class SettingsCandidate:
    """A settings module that production might use, and why or why not."""

    module: str
    path: str
    score: int
    reasons: tuple[str, ...]
    exists: bool = True


SettingsKind = Literal["module", "configurations", "dynaconf"]


@dataclass(frozen=True)
class EntryPoint:
    """A WSGI or ASGI application: ``module:attribute``."""

    module: str
    attribute: str
    path: str
    assigns_settings: bool = False
    """``os.environ["DJANGO_SETTINGS_MODULE"] = …`` instead of ``setdefault``."""
    settings_module: str | None = None

    @property
    def target(self) -> str:
        return f"{self.module}:{self.attribute}"


Manager = Literal["pip", "uv", "poetry", "pdm", "pipenv", "setuptools"]


@dataclass(frozen=True)
class Dependencies:
    """How the project declares what it needs, and what that is."""

    manager: Manager
    directory: str
    """The folder in which the manager's command runs."""
    files: tuple[str, ...]
    """What to install from, for production (requirements/production.txt, pyproject.toml…)."""
    lock: str | None
    groups: tuple[str, ...] = ()
    """PEP 735 or poetry groups that production needs."""
    extras: tuple[str, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)
    """Normalised name (PEP 503) → specifier or locked version (``==5.2.1``, ``>=4``, ``""``)."""
    locations: Mapping[str, Location] = field(default_factory=dict)
    git: tuple[str, ...] = ()
    """Requirements that come from a repository and need git to install."""
    installs_project: bool = False
    """Whether the project itself is a package that must be installed."""
    only_groups: bool = False
    """``pyproject.toml`` describes no project, so that ``-r pyproject.toml`` is refused."""
    included: tuple[str, ...] = ()
    """Every file that an installer reads, ``-r`` and ``-c`` followed, local paths included."""
    plain_pip: str = ""  # the line that uv refuses and pip takes
    unversioned: str = ""  # its name, where its version is worked out from git's history


@dataclass(frozen=True)
class Frontend:
    """A build of JavaScript or CSS that the pages need."""

    tool: Literal["npm", "yarn", "pnpm", "bun"]
    directory: str
    lock: str | None
    command: str
    """A script, ``build``; a program, ``gulp build``; empty where installing is the build."""
    output: str | None
    """Where the settings expect its output."""
    integration: str | None = None
    """django-vite, webpack-loader, compressor, tailwind…"""
    node: str | None = None
    """Version asked for by ``engines`` or ``.nvmrc``."""
    required: bool = False
    """Whether pages fail, not only look bare, without the output."""
    yarn: str | None = None  # its major version, where it is not the first
    old_hashes: bool = False  # its bundler is of Node 16's time, and asks OpenSSL for MD4
    programs: tuple[str, ...] = ()
    """npm packages that the build calls although package.json does not ask for them."""


@dataclass(frozen=True)
class DatabaseFact:
    """One entry of DATABASES."""

    alias: str
    engine: Literal["postgresql", "mysql", "sqlite", "oracle", "other"] | None
    backend: str | None
    """The dotted back end (``django.contrib.gis.db.backends.postgis``)."""
    variables: tuple[str, ...] = ()
    tls: bool = False
    """Whether the settings let nothing but an encrypted connection be made."""


@dataclass(frozen=True)
class CeleryApp:
    """A Celery application and whether anything is scheduled."""

    target: str
    """What goes after ``celery -A``."""
    beat: bool
    scheduler: str | None = None
    broker_variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaticFacts:
    """How static files are found, collected and served."""

    url: str | None
    root: str | None
    dirs: tuple[str, ...]
    whitenoise: bool
    manifest: bool
    backend: str | None
    compressor: bool = False
    committed_root: bool = False  # STATIC_ROOT is in version control already
    sources_in_root: bool = False  # STATIC_ROOT holds files that nothing collects
    hidden: bool = False  # files that begin with a dot, as vite's manifest, are collected too
    precompiled: bool = False  # templates hold what django-compressor has to compile


@dataclass(frozen=True)
class SystemPackages:
    """Debian packages that the project's dependencies need."""

    build: tuple[str, ...] = ()
    runtime: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Debian package → the Python package that needs it."""


@dataclass(frozen=True)
class Project:
    """Everything that reading the tree found."""

    name: str
    manage_dir: Fact[str]
    """The folder that holds manage.py and is on ``sys.path``."""
    manage_py: Fact[str] | None
    settings_module: Fact[str]
    settings_kind: SettingsKind
    configuration: Fact[str] | None
    """The class to use, where settings are django-configurations classes."""
    settings_candidates: tuple[SettingsCandidate, ...]
    settings: EvaluatedSettings
    wsgi: Fact[EntryPoint] | None
    asgi: Fact[EntryPoint] | None
    needs_asgi: Fact[bool]
    python: Fact[str]
    """The minor version to run, ``3.12``."""
    python_requires: Fact[str] | None
    django: Fact[str] | None
    """A version (``5.2.1``) when locked or pinned, else the specifier (``>=4.2,<5``)."""
    dependencies: Dependencies
    frontend: Fact[Frontend] | None
    databases: tuple[Fact[DatabaseFact], ...]
    cache_backend: Fact[str] | None
    """The dotted back end of CACHES["default"]."""
    celery: Fact[CeleryApp] | None
    task_queues: tuple[Fact[str], ...]
    """Others: ``huey``, ``django-rq``, ``django-q``, ``dramatiq``."""
    rest_framework: Fact[bool]
    custom_user: Fact[str] | None
    media_fields: tuple[Evidence, ...]
    static: Fact[StaticFacts]
    health_endpoints: tuple[Fact[str], ...]
    """URL paths such as ``/healthz``."""
    urls: tuple[Fact[str], ...]
    """Literal paths of the root URLconf, the first page first: ``/``, ``/admin/``."""
    system_packages: SystemPackages
    management_steps: tuple[Fact[ManagementStep], ...]
    servers: tuple[str, ...]
    """Production servers among the dependencies: gunicorn, uvicorn, daphne, uwsgi, granian."""
    syntax: Fact[str] | None  # the oldest Python that parses every file read, when newer than 3.8
    problems: tuple[Problem, ...] = ()
    elsewhere: tuple[Variable, ...] = ()
    """Variables that only entry points read, in as far as their text shows."""
    django_below: Fact[str] | None = None
    """The Django whose removals the code does not survive, where no requirement keeps it away."""
    early_use: Evidence | None = None  # a package around the settings asks for them: ``early``
    tooling: Tooling = field(default_factory=Tooling)
    telemetry: Evidence | None = None
    """Where the project starts OpenTelemetry itself."""
    absent_folders: tuple[str, ...] = ()  # that the settings take to be there
    undeclared: tuple[Fact[str], ...] = ()  # what the code imports and no requirement brings
    uploads: str = ""  # the folder of MEDIA_ROOT, where files in it are under version control
    development: str | None = None
    """The settings that manage.py takes by itself, where they are not production's."""

    @property
    def contract(self) -> tuple[Variable, ...]:
        """The settings contract: every environment variable that the settings read."""
        return self.settings.variables
