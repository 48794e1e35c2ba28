"""The program of django-tailwind-cli out of npm's packages."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from nuages.effects import files
from nuages.local.process.node import Wheels
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.tailwind import WANTED, Tailwind, packages
from nuages.local.process.workspace import Workspace

UV = str(Path(sys.executable).with_name("uv"))
REFUSED = (
    "CommandError: Automatic download of Tailwind CSS CLI is deactivated. "
    "Please download the Tailwind CSS CLI manually.\n"
)


class Heard:
    """What was told, and nothing shown."""

    def __init__(self) -> None:
        self.notices: list[str] = []

    def step(self, title: str) -> AbstractContextManager[None]:
        return nullcontext()

    def line(self, text: str) -> None:
        """Progress is of no interest here."""

    def notice(self, code: str, text: str) -> None:
        self.notices.append(code)


SETTINGS = """\
from pathlib import Path
SECRET_KEY = "x"
BASE_DIR = Path(__file__).parent
INSTALLED_APPS = ["django_tailwind_cli", "tailwind"]
STATICFILES_DIRS = [BASE_DIR / "assets"]
TAILWIND_CLI_VERSION = "4.1.14"
TAILWIND_CLI_AUTOMATIC_DOWNLOAD = False
TAILWIND_CLI_SRC_CSS = "site.css"
"""


def test_a_download_that_is_forbidden_or_fails() -> None:
    assert WANTED.search(REFUSED)
    assert WANTED.search("CommandError: Failed to download Tailwind CSS CLI: Connection error\n")
    assert not WANTED.search("CommandError: `@tailwind` is not known in tailwind.config.js\n")


def test_the_packages_of_each_generation() -> None:
    assert packages("4.1.14", daisy=False)[:2] == ("@tailwindcss/cli@4.1.14", "tailwindcss@4.1.14")
    assert packages("3.4.1", daisy=False)[:2] == (
        "tailwindcss@3.4.1",
        "@tailwindcss/forms",
    )
    assert "daisyui" in packages("4.1.14", daisy=True)


@pytest.mark.slow
def test_the_project_builds_with_it(tmp_path: Path) -> None:
    code, venv = tmp_path / "code", tmp_path / "venv"
    files.write(code / "settings.py", SETTINGS)
    files.write(tmp_path / "lib/tailwind/__init__.py", "")  # called as one of our scripts is
    files.write(code / "site.css", '@import "tailwindcss";\n@plugin "@tailwindcss/typography";\n')
    files.write(code / "templates/page.html", '<p class="underline">\n')
    subprocess.run((UV, "venv", "-q", venv), check=True)
    wanted = ("django~=5.2.0", "django-tailwind-cli~=4.0")
    argv = (UV, "pip", "install", "-q", "--python", str(venv / "bin/python"), *wanted)
    subprocess.run(argv, check=True)
    path = f"{code}:{tmp_path / 'lib'}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": path}
    site = Site(venv / "bin/python", code, environment, tmp_path, print)
    heard = Heard()
    record = Record(Workspace(tmp_path), heard, "http://localhost")
    wheels = Wheels(UV, tmp_path, dict(os.environ), tmp_path / "node.log")
    program = Tailwind(tmp_path / "cache", wheels, lambda: site, record, dict(os.environ))

    refused = site.manage("tailwind", "build")
    assert not refused.ok
    assert program.bring(refused.text)
    assert site.manage("tailwind", "build").ok
    assert ".underline" in (code / "assets/css/tailwind.css").read_text("utf-8")
    assert not program.bring(refused.text), "once is enough"
    assert heard.notices == ["tailwind"]
