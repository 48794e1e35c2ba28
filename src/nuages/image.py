"""What a container image, or an environment, is built from: frozen and neutral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Hold:
    """A requirement that is put over what an installer chose, or beside it, and why."""

    line: str
    why: str
    bound: str = ""
    """What its source is built with: ``setuptools<58``."""


@dataclass(frozen=True)
class Frontend:
    tool: Literal["npm", "yarn", "pnpm", "bun"]
    directory: str
    lock: str | None
    command: str
    node: str
    yarn: str | None = None  # its major version from the second on, which has other options
    required: bool = False  # pages fail without its output, so that the image is not built
    programs: tuple[str, ...] = ()  # npm packages that the build calls and nobody asks for
    old_hashes: bool = False  # its bundler asks OpenSSL for MD4, as those of Node 16's time do


@dataclass(frozen=True)
class Image:
    """What the container image is built from; paths are relative to the build context."""

    python: str
    manage_dir: str
    installer: Literal["uv-sync", "uv-pip", "pip", "poetry", "pdm", "pipenv"]
    install_dir: str
    install_files: tuple[str, ...]
    """Files that an installer reads: copied before the code, so that the layer is cached."""
    requirements: tuple[str, ...]
    groups: tuple[str, ...]
    extras: tuple[str, ...]
    lock: str | None
    needs_git: bool
    installs_project: bool
    build_packages: tuple[str, ...]
    runtime_packages: tuple[str, ...]
    extra_requirements: tuple[str, ...]
    """Pinned requirements that the generated settings and the server need."""
    frontend: Frontend | None
    build_environment: Mapping[str, str]
    """Placeholders for ``collectstatic``; never a real secret."""
    build_commands: tuple[tuple[str, ...], ...]
    """argv lists after ``python -m django``, run in the image after the code is in."""
    collectstatic: tuple[str, ...]  # the command; empty where nothing is to be collected
    exact_python: str | None = None
    """``3.13.13``, where the project admits no other patch release."""
    unlocked: tuple[str, ...] = ()
    """Requirements of a project whose manager has no lock and writes no requirements file."""
    bounds: tuple[str, ...] = ()  # django<4.0: what no file says, and the code needs
    unversioned: str = ""  # the project's name, if its version is in git's history alone
    folders: tuple[str, ...] = ()  # that the settings take to be there, and git does not keep
    undeclared: tuple[Hold, ...] = ()  # what the code imports and no requirement asks for
    build_bounds: tuple[Hold, ...] = ()  # requirements whose source older build tools alone build
    holds: tuple[Hold, ...] = ()  # releases that what the project pins cannot work with
    overrides: tuple[Hold, ...] = ()  # requirements that win over pins that cannot be met
    collected: str = ""  # STATIC_ROOT, where what was collected is under version control
    uploads: str = ""  # the folder of uploads that are under version control, if there is one
