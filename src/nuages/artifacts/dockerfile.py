"""The Dockerfile: what is decided here is laid out by ``templates/docker/Dockerfile.j2``."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Mapping
from typing import Any

from nuages.artifacts import Artifact
from nuages.artifacts.frontend import (
    OLD_OPENSSL,
    UNNEEDED,
    build_argvs,
    later_yarn,
    later_yarn_argv,
    programs_argv,
)
from nuages.artifacts.installing import installing, lines
from nuages.artifacts.layout import (
    APP,
    DATA,
    MEDIA_ROOT,
    PORT,
    STATIC_ROOT,
    UID,
    Layout,
    in_image,
    python_path,
    static_root_variables,
)
from nuages.artifacts.render import render
from nuages.artifacts.requirements import NAME as REQUIREMENTS
from nuages.artifacts.server import command, health_paths, web_server
from nuages.image import Frontend, Image
from nuages.model import Deployment

UV = "0.13.8"
"""Pinned: what is built next month is installed as today. Raised with a release of Nuages."""


def dockerfile(deployment: Deployment, layout: Layout) -> Artifact:
    """The image of every service and job of the deployment."""
    image = deployment.image
    text = render(
        "docker/Dockerfile.j2",
        name=deployment.name,
        private=layout.private,
        folder=layout.folder,
        env_example=f"{layout.root}.env" if layout.private else ".env.example",
        python_tag=python_tag(image.exact_python or image.python),
        uv=UV,
        uid=UID,
        port=PORT,
        workers=web_server(deployment).workers,
        build_packages=_together(image.build_packages, image.runtime_packages),
        runtime_packages=list(image.runtime_packages),
        frontend=_frontend(image.frontend) if image.frontend else None,
        cloud_requirements=layout.path(REQUIREMENTS) if image.extra_requirements else None,
        writable=_writable(deployment),
        uploads=_uploads(deployment),
        folders=" ".join(shlex.quote(in_image(folder)) for folder in image.folders),
        undeclared=lines(image.undeclared),
        held=lines(image.holds),
        overrides=lines(image.overrides),
        environment=_environment(deployment),
        library=_library(image),
        server_modules=_IMPORTS.get(web_server(deployment).kind),
        workdir=in_image(image.manage_dir),
        build_environment=_quoted(image.build_environment),
        build_steps=_build_steps(deployment),
        healthcheck=json.dumps(_probe(health_paths(deployment)[0])),
        command=json.dumps(command(deployment, layout)),
        **installing(image, layout),
    )
    return Artifact(f"{layout.root}Dockerfile", text)


def python_tag(version: str, *, slim: bool = True) -> str:
    """The system packages are named as Debian 13 names them; older Pythons end with Debian 12."""
    minor = int(version.split(".")[1])
    return f"{version}-{'slim-' if slim else ''}{'trixie' if minor >= 9 else 'bookworm'}"


def _writable(deployment: Deployment) -> list[str]:
    """All that the site may write, besides /tmp."""
    mount = deployment.storage.mount if deployment.storage else None
    sqlite = deployment.database is not None and deployment.database.engine == "sqlite"
    return [mount or MEDIA_ROOT, *([DATA] if sqlite else [])]


def _uploads(deployment: Deployment) -> tuple[str, str] | None:
    """Where the uploads that git has are in the image, and where the site looks for them."""
    local = deployment.overlay.media or deployment.overlay.storages
    source, target = in_image(deployment.image.uploads), _writable(deployment)[0]
    return (source, target) if deployment.image.uploads and local and source != target else None


def _together(build: tuple[str, ...], runtime: tuple[str, ...]) -> list[str]:
    """What the builder has: the site is imported in it, so it needs the libraries as well."""
    return sorted({*build, *runtime})


def _environment(deployment: Deployment) -> list[tuple[str, str]]:
    """Where everything is, while the site is built and while it runs."""
    found = [
        ("PYTHONPATH", ":".join(python_path(deployment))),
        ("DJANGO_SETTINGS_MODULE", deployment.settings_module),
    ]
    collected = deployment.image.collected
    folder = in_image(collected) if collected else STATIC_ROOT
    found += [(name, folder) for name in static_root_variables(deployment)]
    if deployment.overlay.storages or deployment.overlay.media:
        found.append(("MEDIA_ROOT", _writable(deployment)[0]))
    if deployment.overlay.configuration and deployment.overlay.kind == "configurations":
        found.append(("DJANGO_CONFIGURATION", deployment.overlay.configuration))
    return found


def _quoted(values: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, shlex.quote(value)) for name, value in sorted(values.items())]


def _probe(path: str) -> str:
    """No curl: the image has Python."""
    return (
        "import os, http.client as h; c = h.HTTPConnection('127.0.0.1', os.environ['PORT'], "
        f"timeout=4); c.request('GET', '{path}'); raise SystemExit(c.getresponse().status != 200)"
    )


# --- the front end --------------------------------------------------------------------------

_INSTALL = {
    "npm": ("npm ci", "npm install", "/root/.npm"),
    "yarn": ("yarn install --frozen-lockfile", "yarn install", "/usr/local/share/.cache/yarn"),
    "pnpm": ("pnpm install --frozen-lockfile", "pnpm install", "/root/.local/share/pnpm/store"),
    "bun": (
        "npx --yes bun install --frozen-lockfile",
        "npx --yes bun install",
        "/root/.bun/install",
    ),
}


def _frontend(frontend: Frontend) -> dict[str, Any]:
    locked, unlocked, cache = _INSTALL[frontend.tool]
    if frontend.yarn:
        locked, unlocked = (shlex.join(later_yarn_argv(locked=lock)) for lock in (True, False))
    names = ["package.json", *([posixpath.basename(frontend.lock)] if frontend.lock else [])]
    commands = (shlex.join(argv) for argv in build_argvs(frontend))
    build = " && ".join(re.sub(r"^bun ", "npx --yes bun ", command) for command in commands)
    install = f"{locked} || {unlocked}" if frontend.lock else unlocked
    return {
        "node": frontend.node.split(".")[0],
        "workdir": in_image(frontend.directory),
        "files": " ".join(posixpath.normpath(f"{frontend.directory}/{name}") for name in names),
        "corepack": frontend.tool in {"yarn", "pnpm"} and not frontend.yarn,
        "yarn": later_yarn(frontend),
        "unneeded": UNNEEDED,
        "old_openssl": OLD_OPENSSL if frontend.old_hashes else None,
        "programs": shlex.join(programs_argv(frontend)) if frontend.programs else None,
        "cache": cache,
        "install": install if frontend.required else _forgiven(install, _UNBUILT),
        "build": build if frontend.required or not build else _forgiven(build, _UNBUILT),
    }


SAID = "nuages: "
"""How a step of the build begins what the user is to be told of it."""
_UNBUILT = "the front end was not built, so what is committed of it is served"


def _forgiven(command: str, text: str) -> str:
    """A step without which the site serves its pages all the same: its failure is told."""
    return f"{command} || echo {shlex.quote(SAID + text)}"


# --- the last step of the build -------------------------------------------------------------

_IMPORTS = {
    "gunicorn": "gunicorn.app.wsgiapp, gunicorn.workers.gthread, http.client",
    "uvicorn": "uvicorn, http.client",
    "granian": "granian, http.client",
}


def _build_steps(deployment: Deployment) -> list[str]:
    """Modes that let the site read its code, what the project builds, static files, bytecode."""
    image = deployment.image
    readable = r"find . \( ! -perm -o=r -o -type d ! -perm -o=x \) -exec chmod o+rX {} +"
    steps = [f"cd {APP} && {readable} && cd -" if image.manage_dir != "." else readable]
    commands = list(image.build_commands)
    if image.collectstatic:
        commands.append(image.collectstatic)
    steps += _django(commands)
    steps += [f"rm -rf {path}" for path in _writable(deployment) if path in _made(image)]
    if image.frontend:
        steps.append(f"rm -rf {in_image(image.frontend.directory)}/node_modules")
    found = 'find . -name "*.pyc" ! -path "./site-packages/*" -exec cp --parents -t /bytecode {} +'
    steps.append(f"{{ python -m compileall -qq {APP} || true; }}")
    return [*steps, f"mkdir /bytecode && cd {_library(image)} && {found}"]


def _made(image: Image) -> set[str]:
    """Folders made for the build: what is a volume of the running site begins as it is mounted."""
    return {in_image(folder) for folder in image.folders}


def _django(commands: list[tuple[str, ...]]) -> list[str]:
    """Each command after the other; translations, which nothing here reads, beside the last."""
    reads = any(command[0] == "compilejsi18n" for command in commands)
    messages = [command for command in commands[:-1] if command[0] == "compilemessages"]
    beside = [] if reads else messages
    lines = [_command(command) for command in commands if command not in beside]
    if beside:
        first = f"python -m django {shlex.join(beside[0])}"
        waiting = _failing("wait $messages", beside[0])
        lines[-1] = f"{{ {first} & messages=$!; {lines[-1]} && {waiting}; }}"
    return lines


def _command(command: tuple[str, ...]) -> str:
    line = f"python -m django {shlex.join(command)}"
    return line if command[0] == "collectstatic" else _failing(line, command)


def _failing(line: str, command: tuple[str, ...]) -> str:
    return f"{{ {_forgiven(line, f'`{shlex.join(command)}` failed')}; }}"


def _library(image: Image) -> str:
    return f"/usr/local/lib/python{image.python}"
