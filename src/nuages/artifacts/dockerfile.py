"""The Dockerfile: front end, builder, and the image that runs."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from nuages.artifacts import Artifact, servers
from nuages.artifacts.installation import UV, extra_command, installation, project_command
from nuages.artifacts.layout import APP, MEDIA, USER, VENV, Layout, joined
from nuages.artifacts.render import render
from nuages.model import Deployment, Frontend, Image, Probe

_LIVE = Probe("/health/live", interval=30, timeout=5, failure_threshold=3, start_period=30)
_FRONTEND = {
    "npm": ("npm ci", "npm install", "npm run", "/root/.npm"),
    "yarn": (
        "yarn install --frozen-lockfile",
        "yarn install",
        "yarn run",
        "/usr/local/share/.cache",
    ),
    "pnpm": (
        "pnpm install --frozen-lockfile",
        "pnpm install",
        "pnpm run",
        "/root/.local/share/pnpm",
    ),
    "bun": ("bun install --frozen-lockfile", "bun install", "bun run", "/root/.bun/install/cache"),
}
"""Tool → install with a lock, install without, run a script, where it keeps its cache."""


def dockerfile(deployment: Deployment, layout: Layout) -> Artifact:
    """How the project becomes an image."""
    image = deployment.image
    server = servers.server_of(deployment)
    context = {
        "name": deployment.name,
        "file": layout.dockerfile,
        "python": image.python,
        "uv": UV,
        "app": APP,
        "venv": VENV,
        "user": USER,
        "media": MEDIA,
        "frontend": _frontend(image.frontend),
        **_builder(image, layout),
        "runtime_packages": _sorted(image.runtime_packages),
        "project": project_command(image) if image.installs_project else None,
        "workdir": joined(APP, image.manage_dir),
        "environment": _environment(deployment),
        "finish": _finish(image),
        "entrypoint": f"{APP}/{layout.entrypoint}",
        "command": list(servers.command(deployment, layout)),
        "probe": deployment.web.liveness or _LIVE,
        "server": server,
    }
    return Artifact(layout.dockerfile, render("docker/Dockerfile.j2", **context))


def _builder(image: Image, layout: Layout) -> dict[str, Any]:
    steps = installation(image)
    wanted = (*image.install_files, *image.requirements, *filter(None, [image.lock]))
    files = [joined(image.install_dir, name) for name in wanted]
    return {
        "installs": list(steps.commands),
        "cache": steps.cache,
        "uses_uv": steps.uses_uv,
        "is_sync": image.installer == "uv-sync",
        "install_dir": joined(APP, image.install_dir),
        "install_files": list(dict.fromkeys(files)),
        "build_packages": _sorted((*image.build_packages, *(["git"] if image.needs_git else []))),
        "extra": extra_command(image, layout.requirements) if image.extra_requirements else None,
        "requirements": layout.requirements,
    }


def _frontend(frontend: Frontend | None) -> dict[str, Any] | None:
    if frontend is None:
        return None
    locked, unlocked, run, cache = _FRONTEND[frontend.tool]
    folder = joined(APP, frontend.directory)
    return {
        "image": "oven/bun:1" if frontend.tool == "bun" else f"node:{frontend.node}-slim",
        "corepack": frontend.tool in ("pnpm", "yarn"),
        "folder": folder,
        "modules": f"{folder}/node_modules",
        "sources": " ".join(
            joined(frontend.directory, name) for name in ("package.json", _lock_name(frontend))
        ).strip(),
        "install": locked if frontend.lock else unlocked,
        "build": f"{run} {frontend.command}",
        "cache": cache,
    }


def _lock_name(frontend: Frontend) -> str:
    return (frontend.lock or "package.json").rpartition("/")[2]


def _environment(deployment: Deployment) -> Mapping[str, str]:
    """What the image always sets; anything of it can be overridden where it runs."""
    image, overlay = deployment.image, deployment.overlay
    folders = [joined(APP, image.manage_dir)]
    if overlay.path.startswith(".nuages/"):
        folders.insert(0, joined(APP, overlay.path.rpartition("/")[0]))
    own = {
        "PATH": f"{VENV}/bin:$PATH",
        "PYTHONPATH": ":".join(folders),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": deployment.settings_module,
        "PORT": "8000",
    }
    if overlay.storages:
        own["MEDIA_ROOT"] = MEDIA
    return own | dict(servers.environment(servers.server_of(deployment)))


def _finish(image: Image) -> list[str]:
    """What is done to the code in the image; placeholders of the build live in this shell only."""
    placeholders = [
        f"{name}={shlex.quote(value)}" for name, value in sorted(image.build_environment.items())
    ]
    commands = [*image.build_commands]
    if image.collectstatic:
        commands.append(("collectstatic", "--noinput", "--verbosity", "0"))
    return [
        f"find {APP} ! -perm -go+r -exec chmod go+rX {{}} +",
        *(["export " + " ".join(placeholders)] if placeholders and commands else []),
        *(f"python -m django {shlex.join(command)}" for command in commands),
        f"install --directory --owner django --group django {MEDIA}",
        f"(python -m compileall -q -j 0 {APP} || true)",
    ]


def _sorted(packages: Iterable[str]) -> list[str]:
    return sorted(set(packages))
