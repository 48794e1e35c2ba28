"""Where the files of the container side lie, in the project and in the image."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from nuages.model import Deployment
from nuages.overlay import SettingsOverlay

APP = "/app"
STATIC_ROOT = f"{APP}/staticfiles"
MEDIA_ROOT = f"{APP}/media"
DATA = f"{APP}/data"
UID = 2000
PORT = 8000


@dataclass(frozen=True)
class Layout:
    """``private``: everything below ``.nuages``, and nothing elsewhere in the project."""

    private: bool = False
    tls: bool = False
    """The proxy speaks https by itself, with the certificate in ``tls``."""

    @property
    def folder(self) -> str:
        """What is not looked for at the project's root."""
        return ".nuages" if self.private else "docker"

    @property
    def root(self) -> str:
        """A prefix for what is usually looked for at the project's root."""
        return ".nuages/" if self.private else ""

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}"


def in_image(path: str) -> str:
    """A path of the project, as it is in the image."""
    return posixpath.normpath(posixpath.join(APP, path))


def overlay_folder(overlay: SettingsOverlay) -> str:
    """The folder from which the generated settings are imported."""
    depth = len(overlay.module.split("."))
    parts = overlay.path.split("/")[:-depth]
    return "/".join(parts) or "."


def python_path(deployment: Deployment) -> list[str]:
    """PYTHONPATH in the image: the overlay, its support package, and the user's own code.

    Last the folder above manage.py's, which some projects import as a package.
    """
    overlay = deployment.overlay
    support = overlay.support_path.split("/")[: -len(overlay.support_module.split("."))]
    manage = deployment.image.manage_dir
    folders = [overlay_folder(overlay), "/".join(support) or ".", manage]
    folders += [posixpath.dirname(manage) or "."] if manage != "." else []
    return list(dict.fromkeys(in_image(folder) for folder in folders))


def collects_to_static_root(deployment: Deployment) -> bool:
    """Whether the environment decides where static files are collected.

    The generated settings read it there, or the project's own do.
    """
    return bool(static_root_variables(deployment))


def static_root_variables(deployment: Deployment) -> list[str]:
    """The variables that say where static files are collected."""
    ours = deployment.overlay.whitenoise or deployment.overlay.static_root
    names = [variable.name for variable in deployment.contract]
    asked = [name for name in names if re.fullmatch(r"(?:DJANGO_)?STATIC_ROOT", name)]
    return list(dict.fromkeys([*(["STATIC_ROOT"] if ours else []), *asked]))


def url_path(url: str) -> str | None:
    """``/static/`` of a URL that this site serves itself; None when another host does."""
    path = f"/{url.strip('/')}/"
    return path if "//" not in url and path != "//" else None


def hosts(deployment: Deployment) -> tuple[str, ...]:
    """The names that this deployment answers to, as far as they are known when it is written."""
    named = (deployment.domain, *deployment.aliases, "localhost", "127.0.0.1")
    return tuple(dict.fromkeys(host for host in named if host))
