"""How the project is proved before a release, whoever runs it: by its own manager and tools."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from nuages.config.inputs import Inputs
from nuages.config.schema.config import PRODUCTION, Config
from nuages.config.stores import default_database
from nuages.image import Image
from nuages.model import Deployment
from nuages.project.facts import Project
from nuages.project.tools import Run

Kind = Literal["github-actions", "cloud-build"]
_MANAGERS = {"poetry": "poetry>=2.1,<3", "pdm": "pdm>=2.20,<3", "pipenv": "pipenv"}
_ALONE = frozenset({"tox", "pre-commit"})
"""Tools that make environments of their own."""


@dataclass(frozen=True)
class Pipeline:
    """Shell lines, each run at the project's root; the first that fails ends it."""

    kinds: tuple[Kind, ...]
    """Who is asked to run it."""
    python: str
    packages: tuple[str, ...]
    """Debian packages that installing or running it takes."""
    install: tuple[str, ...]
    lint: tuple[str, ...]
    test: tuple[str, ...]
    environment: Mapping[str, str]
    """What the settings demand, made up."""
    database: bool
    """Whether the tests want a database server."""
    cache: bool


def pipeline(
    project: Project, config: Config | None, deployment: Deployment, kinds: tuple[Kind, ...] = ()
) -> Pipeline:
    """Return how this project is proved; ``kinds`` are added to those of nuages.yaml.

    Raises ``ConfigError`` for a kind that does not release to this provider.
    """
    said = config or Config.empty()
    inputs = Inputs(project, said, deployment.environment or PRODUCTION, private=False)
    image = deployment.image
    return Pipeline(
        kinds=_kinds(inputs, kinds),
        python=image.python,
        packages=tuple(sorted({*image.build_packages, *image.runtime_packages})),
        install=tuple(_install(inputs, image)),
        lint=tuple(_lines(image, (*project.tooling.linters, *_migrations(project)))),
        test=tuple(_lines(image, (*_collecting(project, image), project.tooling.tests))),
        environment=image.build_environment,
        database=_wants_database(inputs, deployment),
        cache=deployment.cache is not None and _is_wired(deployment, "cache."),
    )


def _kinds(inputs: Inputs, asked: tuple[Kind, ...]) -> tuple[Kind, ...]:
    wanted = tuple(dict.fromkeys((*(inputs.manifest.ci or ()), *asked)))
    for kind in wanted:
        if kind not in inputs.provider.pipelines:
            message = f"{kind} does not release to {inputs.provider.name}"
            hint = f"it can be {' or '.join(inputs.provider.pipelines)}"
            raise inputs.error(("ci",), message, hint)
    return wanted


def _wants_database(inputs: Inputs, deployment: Deployment) -> bool:
    """Where the project's own settings can reach one: others are tested with what they have."""
    if deployment.database is None or deployment.database.engine == "sqlite":
        return False
    fact = default_database(inputs)
    return _is_wired(deployment, "database.") or (fact is not None and fact.engine != "sqlite")


def _is_wired(deployment: Deployment, part: str) -> bool:
    return any(each.startswith(part) for each in deployment.wiring.values())


# --- lines ----------------------------------------------------------------------------------


def _install(inputs: Inputs, image: Image) -> Iterator[str]:
    """The project with its tools: of a lock exactly what it says."""
    own, tools = inputs.project.dependencies, inputs.project.tooling
    groups = tuple(dict.fromkeys((*own.groups, *tools.groups)))
    extras = tuple(dict.fromkeys((*own.extras, *tools.extras)))
    python, manager = f"--python={image.python}", _manager(image)
    if image.installer == "uv-sync":
        lines = [
            ("uv", "sync", "--frozen", python, *_each("--group", groups), *_each("--extra", extras))
        ]
    elif image.installer == "poetry":
        named = [*_each("--with", groups), *_each("--extras", extras)]
        named += [] if own.installs_project else ["--no-root"]
        lines = [(*manager, "install", "--no-interaction", *named)]
    elif image.installer == "pdm":
        lines = [
            (
                *_MANAGERS["pdm"],
                "sync" if image.lock else "install",
                *_each("--group", (*groups, *extras)),
            )
        ]
    elif image.installer == "pipenv":
        lines = [(*manager, "sync" if image.lock else "install", "--dev")]
    else:
        sources = _sources(inputs, image, groups, extras)
        lines = [("uv", "venv", "--allow-existing", python), ("uv", "pip", "install", *sources)]
    return (_line(argv, own.directory) for argv in lines)


def _sources(
    inputs: Inputs, image: Image, groups: tuple[str, ...], extras: tuple[str, ...]
) -> list[str]:
    """What pip would be given: files, or the project itself, which may be a package."""
    own, tools = inputs.project.dependencies, inputs.project.tooling
    files = [_below(path, own.directory) for path in (*image.requirements, *tools.files)]
    found = [*_each("-r", tuple(files)), *image.unlocked, *image.bounds]
    if not files and not image.unlocked:
        found += ["-e", f".[{','.join(extras)}]" if extras else "."]
    elif any(path.endswith("pyproject.toml") for path in files):
        found += [*_each("--extra", extras)]
    return found + _each("--group", groups)


def _lines(image: Image, runs: tuple[Run | None, ...]) -> Iterator[str]:
    for run in runs:
        if run is not None:
            prefix = (
                ("uvx", f"--python={image.python}") if run.argv[0] in _ALONE else _inside(image)
            )
            yield _line((*prefix, *run.argv), run.directory)


def _inside(image: Image) -> tuple[str, ...]:
    """What starts a program in the environment that was made."""
    if image.installer in _MANAGERS:
        return (*_manager(image), "run")
    return ("uv", "run", "--no-sync" if image.installer == "uv-sync" else "--no-project")


def _manager(image: Image) -> tuple[str, ...]:
    """The project's manager, on the Python that it makes the environment with."""
    source = _MANAGERS.get(image.installer, "")
    return ("uvx", f"--python={image.python}", f"--from={source}", image.installer)


def _collecting(project: Project, image: Image) -> tuple[Run, ...]:
    """Names with a hash in them are looked up in what was collected, in tests of pages too.

    Source: https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage
    """
    run = project.tooling.tests
    if run is None or run.argv[:2] != ("python", "manage.py"):
        return ()  # with settings of its own for the tests
    wanted = project.static.value.manifest and image.collectstatic
    collects = (*run.argv[:2], "collectstatic", "--noinput")
    return (Run(collects, run.directory, run.found),) if wanted else ()


def _migrations(project: Project) -> tuple[Run, ...]:
    """A changed model without its migration passes every test."""
    if project.manage_py is None:
        return ()
    argv = ("python", "manage.py", "makemigrations", "--check", "--dry-run")
    return (Run(argv, project.manage_dir.value, project.manage_dir.evidence[0].location),)


def _line(argv: tuple[str, ...], directory: str) -> str:
    line = shlex.join(argv)
    return line if directory == "." else f"cd {shlex.quote(directory)} && {line}"


def _each(flag: str, values: tuple[str, ...]) -> list[str]:
    return [word for value in values for word in (flag, value)]


def _below(path: str, folder: str) -> str:
    return path if folder == "." else path.removeprefix(f"{folder}/")
