"""The commands that put a project's packages into the image's environment."""

from __future__ import annotations

from dataclasses import dataclass

from nuages.artifacts.layout import APP, VENV, joined
from nuages.model import Image

UV = "ghcr.io/astral-sh/uv:0.13.8"
"""Pinned: a build of next month installs as today's. Raised with a release of Nuages."""
_EXPORTED = f"{VENV}/requirements.txt"
_UVX = "uvx --python /usr/local/bin/python"


@dataclass(frozen=True)
class Installation:
    """How the builder stage installs: its commands, and the cache that they keep."""

    commands: tuple[str, ...]
    cache: str
    uses_uv: bool


def installation(image: Image) -> Installation:
    """The commands for the project's own manager; what only pip takes is given to pip."""
    if image.installer == "pip":
        return Installation(_pip(image), "/root/.cache/pip", uses_uv=False)
    if image.installer == "uv-sync":
        return Installation((_uv_sync(image),), "/root/.cache/uv", uses_uv=True)
    if image.installer == "uv-pip":
        return Installation((_uv_pip(image),), "/root/.cache/uv", uses_uv=True)
    install = f"uv pip install --requirement {_EXPORTED}"
    return Installation((_export(image), install), "/root/.cache/uv", uses_uv=True)


def extra_command(image: Image, requirements: str) -> str:
    """Installs what the generated files need beside the project's own packages."""
    if image.installer == "pip":
        return f"pip --python {VENV}/bin/python install --requirement {APP}/{requirements}"
    return f"uv pip install --requirement {APP}/{requirements}"


def project_command(image: Image) -> str:
    """Makes the project itself importable and lets it keep its entry points."""
    folder = joined(APP, image.install_dir)
    if image.installer == "pip":
        return f"pip --python {VENV}/bin/python install --no-deps --editable {folder}"
    return f"uv pip install --no-deps --editable {folder}"


def _uv_sync(image: Image) -> str:
    words = ["uv sync", "--frozen" if image.lock else "", "--no-dev", "--no-install-project"]
    words += [f"--group {group}" for group in image.groups]
    words += [f"--extra {extra}" for extra in image.extras]
    return " ".join(word for word in words if word)


def _uv_pip(image: Image) -> str:
    files = [f"--requirement {name}" for name in image.requirements]
    extras = [f"--extra {extra}" for extra in image.extras]
    groups = [f"--group {group}" for group in image.groups]
    return " ".join(["uv pip install", *files, *extras, *groups])


def _pip(image: Image) -> tuple[str, ...]:
    files = " ".join(f"--requirement {name}" for name in image.requirements)
    return (f"pip --python {VENV}/bin/python install {files}",)


def _export(image: Image) -> str:
    groups = ",".join(("main", *image.groups))
    extras = "".join(f" --extras {extra}" for extra in image.extras)
    pdm = "".join(f" --group {name}" for name in (*image.groups, *image.extras))
    poetry = f'{_UVX} --from "poetry>=2,<3" --with poetry-plugin-export poetry export'
    return {
        "poetry": f"{poetry} --only {groups}{extras} --output {_EXPORTED}",
        "pdm": f'{_UVX} "pdm>=2,<3" export --prod{pdm} --format requirements --output {_EXPORTED}',
        "pipenv": f'{_UVX} --from "pipenv>=2024" pipenv requirements --hash > {_EXPORTED}',
    }[image.installer]
