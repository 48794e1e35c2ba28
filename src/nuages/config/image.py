"""What the container image is built from."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Literal

from packaging.utils import canonicalize_name

from nuages.config import age, pins
from nuages.config.build_values import build_environment
from nuages.config.inputs import Inputs
from nuages.config.stores import known_value
from nuages.image import Frontend, Hold, Image
from nuages.model import Database, ServerProcess, Storage
from nuages.overlay import SettingsOverlay
from nuages.project.facts import Dependencies

Installer = Literal["uv-sync", "uv-pip", "pip", "poetry", "pdm", "pipenv"]
NODE = "22"
"""Node.js in long-term support until April 2027: https://github.com/nodejs/release#release-schedule"""
LAST_WITH_MD4 = 16
"""Node 17 came with OpenSSL 3: https://nodejs.org/en/blog/release/v17.0.0"""
_OURS = frozenset({"migrate", "collectstatic", "createsuperuser"})


def image(
    inputs: Inputs,
    overlay: SettingsOverlay,
    server: ServerProcess,
    database: Database | None,
    storage: Storage | None,
) -> Image:
    """The image, for any builder: installed by the project's own manager and its lock."""
    project = inputs.project
    dependencies = project.dependencies
    installer = _installer(dependencies)
    extra = pins.extra_requirements(inputs, overlay, server, database, storage)
    compiled = pins.system_packages(extra)
    return Image(
        python=inputs.python,
        manage_dir=project.manage_dir.value,
        installer=installer,
        install_dir=dependencies.directory,
        install_files=_install_files(dependencies),
        requirements=_requirements(dependencies) if installer in ("uv-pip", "pip") else (),
        groups=dependencies.groups,
        extras=dependencies.extras,
        lock=dependencies.lock,
        needs_git=bool(dependencies.git),
        installs_project=dependencies.installs_project,
        build_packages=_merged(project.system_packages.build, compiled.build),
        runtime_packages=_merged(project.system_packages.runtime, compiled.runtime),
        extra_requirements=extra,
        frontend=_frontend(inputs),
        build_environment=build_environment(inputs),
        build_commands=_build_commands(inputs),
        collectstatic=_collectstatic(inputs),
        unlocked=_unlocked(dependencies) or _undeclared(inputs),
        exact_python=_exact_python(inputs),
        bounds=(f"django<{project.django_below.value}",) if project.django_below else (),
        folders=project.absent_folders,
        build_bounds=age.aged(dependencies.packages),
        undeclared=_imported(inputs, extra),
        holds=age.foreseen(dependencies.packages, inputs.python_version),
        overrides=age.replaced(dependencies.packages, inputs.python_version),
        collected=_collected(inputs),
        uploads=project.uploads,
        unversioned=dependencies.unversioned if dependencies.installs_project else "",
    )


def _exact_python(inputs: Inputs) -> str | None:
    """The patch release that installers insist on: with another they install nothing."""
    required = inputs.project.python_requires
    pinned = re.fullmatch(r"={2,3}\s*(\d+\.\d+\.\d+)", required.value.strip()) if required else None
    return pinned[1] if pinned and pinned[1].startswith(f"{inputs.python}.") else None


def _installer(dependencies: Dependencies) -> Installer:
    if dependencies.manager == "uv":
        return "uv-sync" if dependencies.lock else "uv-pip"
    if dependencies.manager in ("poetry", "pdm", "pipenv"):
        return dependencies.manager
    return "pip" if dependencies.plain_pip else "uv-pip"


def _install_files(dependencies: Dependencies) -> tuple[str, ...]:
    lock = (dependencies.lock,) if dependencies.lock else ()
    return tuple(dict.fromkeys((*dependencies.files, *dependencies.included, *lock)))


def _requirements(dependencies: Dependencies) -> tuple[str, ...]:
    """Files that ``pip install -r`` reads, pyproject.toml among them since uv does."""
    return tuple(
        file
        for file in dependencies.files
        if PurePosixPath(file).suffix in (".txt", ".in", ".pip")
        or (file.endswith("pyproject.toml") and not dependencies.only_groups)
    )


def _unlocked(dependencies: Dependencies) -> tuple[str, ...]:
    """Requirement lines of a manager of its own, where there is no lock to install from.

    Of setup.py and setup.cfg too: what they ask for can be told without the code beside them.
    """
    own = dependencies.manager in ("poetry", "pdm", "pipenv")
    built = bool(dependencies.files) and all(
        PurePosixPath(file).name in ("setup.py", "setup.cfg") for file in dependencies.files
    )
    if dependencies.lock or not (own or built):
        return ()
    named = dependencies.packages.items()
    return tuple(f"{name}{specifier}" for name, specifier in named if name != "python")


def _undeclared(inputs: Inputs) -> tuple[str, ...]:
    """Django alone, for a project that declares nothing at all."""
    found = inputs.project.dependencies
    declares = found.files or found.packages or found.groups or found.installs_project
    return () if declares else (f"django~={inputs.django}.0",)


def _imported(inputs: Inputs, extra: tuple[str, ...]) -> tuple[Hold, ...]:
    """What the code imports, besides what the server and the generated settings bring along."""
    brought = {_name(line) for line in extra}
    found = (fact for fact in inputs.project.undeclared if _name(fact.value) not in brought)
    return tuple(
        Hold(
            f"django~={inputs.django}.0" if fact.value == "django" else fact.value,
            f"{fact.evidence[0].location}: {fact.evidence[0].note}",
        )
        for fact in found
    )


def _name(line: str) -> str:
    return canonicalize_name(re.split(r"[=<>~!\[ ;]", line, maxsplit=1)[0])


def _merged(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))


def _frontend(inputs: Inputs) -> Frontend | None:
    fact = inputs.project.frontend
    if fact is None:
        return None
    found = fact.value
    return Frontend(
        tool=found.tool,
        directory=found.directory,
        lock=found.lock,
        command=found.command,
        node=node_major(found.node),
        yarn=found.yarn,
        required=found.required,
        programs=found.programs,
        old_hashes=found.old_hashes and int(node_major(found.node)) > LAST_WITH_MD4,
    )


def node_major(asked: str | None) -> str:
    """The major version of Node.js: ours where it is admitted, else the newest one named."""
    text = asked or ""
    majors = [int(number) for number in re.findall(r"(?<![\d.])v?(\d{1,2})(?=[.\s|x*-]|$)", text)]
    if not majors:
        return NODE
    open_ended = re.search(r">=?", text) and "<" not in text
    return str(max(int(NODE), *majors)) if open_ended else str(max(majors))


def _build_commands(inputs: Inputs) -> tuple[tuple[str, ...], ...]:
    steps = (fact.value for fact in inputs.project.management_steps)
    return tuple(s.command for s in steps if s.when == "build" and s.command[0] not in _OURS)


def _collectstatic(inputs: Inputs) -> tuple[str, ...]:
    hidden = ("--no-default-ignore",) if inputs.project.static.value.hidden else ()
    # It compares with a bucket, which is not where an image keeps its static files.
    # https://github.com/antonagestam/collectfast#usage
    apps = known_value(inputs, "INSTALLED_APPS")
    fast = isinstance(apps, list | tuple) and "collectfast" in apps
    plain = ("--disable-collectfast",) if fast else ()
    return ("collectstatic", "--noinput", *hidden, *plain) if _collects(inputs) else ()


def _collected(inputs: Inputs) -> str:
    """The folder of STATIC_ROOT that is served as it is committed."""
    static = inputs.project.static.value
    root = static.root or ""
    inside = static.committed_root and root.startswith("{root}/")
    return normpath(root.removeprefix("{root}/")) if inside else ""


def _collects(inputs: Inputs) -> bool:
    """Not over a collection that is under version control, nor without the app."""
    if inputs.project.static.value.committed_root:
        return False
    setting = inputs.settings.get("INSTALLED_APPS")
    apps = known_value(inputs, "INSTALLED_APPS")
    if setting is None or setting.partial or not isinstance(apps, list | tuple):
        return True
    return any(str(app).startswith("django.contrib.staticfiles") for app in apps)
