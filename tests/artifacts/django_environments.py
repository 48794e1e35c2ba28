"""Environments with one Django each, made once by uv, and settings imported in them."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uv

from nuages.artifacts import Artifact
from nuages.local.process import interpreter

VERSIONS = {"2.0": "3.7", "3.2": "3.9", "4.2": "3.11", "5.2": "3.12", "6.0": "3.13"}
"""Django → a Python that it runs on."""
_PACKAGES = (
    "dj-database-url",
    "whitenoise",
    "redis",
    "django-redis",
    "django-storages",
    "boto3",
    "google-cloud-storage",
)
_HOME = Path(os.environ.get("NUAGES_TEST_CACHE") or Path(tempfile.gettempdir()) / "nuages-django")
_ASK = """
import importlib, json, os, sys
from django.conf import settings
names = json.loads(sys.argv[1])
print("ANSWER " + json.dumps({n: getattr(settings, n, None) for n in names}, default=str))
"""


@dataclass(frozen=True)
class Django:
    """An environment: its Python, its Django, and the folder that holds the project."""

    version: str
    python: Path

    def run(
        self, folder: Path, script: str, *words: str, environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        path = f"{folder / '.nuages/overlay'}:{folder}"
        given = {"PYTHONPATH": path, "PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
        given |= {"DJANGO_SETTINGS_MODULE": "settings_cloud", **(environ or {})}
        return subprocess.run(
            [str(self.python), "-c", script, *words],
            env=given, cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def settings(self, folder: Path, names: Iterable[str], **environ: str) -> dict[str, Any]:
        """What the settings say under these variables."""
        done = self.run(folder, _ASK, json.dumps(list(names)), environ=environ)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.rpartition("ANSWER ")[2])
        return found


def django(version: str, *packages: str) -> Django:
    """The environment of that Django, made on first use; skips where its Python is not here."""
    name = "-".join([version, *sorted(package.partition("=")[0] for package in packages)])
    home = _HOME / name
    _HOME.mkdir(parents=True, exist_ok=True)
    with (_HOME / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "complete").exists():
            _make(home, version, packages)
    return Django(version, home / "bin/python")


def _make(home: Path, version: str, packages: tuple[str, ...]) -> None:
    program = uv.find_uv_bin()
    wanted = VERSIONS[version]
    here = {i.minor: i.path for i in interpreter.installed(program, os.environ)}
    if wanted not in here:
        pytest.skip(f"NO PYTHON {wanted} HERE: Django {version} is not tested")
    python = home / "bin/python"
    subprocess.run([str(here[wanted]), "-m", "venv", "--clear", "--without-pip", home], check=True)
    command = [program, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*command, f"django~={version}.0", *_PACKAGES, *packages], check=True)
    (home / "complete").touch()


def written(folder: Path, artifacts: Iterable[Artifact], **files: str) -> Path:
    """The artifacts and a project's files, in a folder; ``__`` in a name stands for ``/``."""
    texts = {artifact.path: artifact.text for artifact in artifacts}
    texts |= {name.replace("__", "/") + ".py": text for name, text in files.items()}
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
