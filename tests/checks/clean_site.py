"""Clean projects, made for production, that a test changes in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from nuages.checks.finding import Finding
from nuages.checks.production import Production
from nuages.checks.runner import Selection, report
from nuages.config.load import load
from nuages.config.schema import Config
from nuages.project.detect import detect
from nuages.project.tree import Tree

ROOT = Path(__file__).parents[2]
_FOLDERS = (*(ROOT / "tests/fixtures/clean").iterdir(), *(ROOT / "bench/checks/projects").iterdir())
CLEAN = {f"{folder.parent.name}/{folder.name}": folder for folder in sorted(_FOLDERS)}
CLEAN["starter"] = ROOT / "src/nuages/starter/project"
"""Every clean project, also the one that `nuages new` makes; those of the tests are also known
by their last name."""
SETTINGS = {"flat": "shop/settings.py", "split": "config/settings/production.py"}
_ABSENT = re.compile(r"^# no ([A-Z][A-Z_]+)$", re.M)

Files = Mapping[str, str | None]


def site(files: Files | None = None, *, base: str = "flat") -> Production:
    """The clean project ``base`` with these files over it; None removes one.

    ``settings.py`` is added to the end of its settings; a line ``# no NAME`` in it removes
    that setting first.
    """
    texts = dict(texts_of(base))
    for path, text in (files or {}).items():
        if path == "settings.py" and text is not None:
            texts[SETTINGS[base]] = _settings(texts[SETTINGS[base]], text)
        elif text is None:
            del texts[path]
        else:
            texts[path] = text
    tree = Tree.of(texts, "shop")
    config = load(texts["nuages.yaml"], "nuages.yaml") if "nuages.yaml" in texts else Config.empty()
    return Production(tree, detect(tree, settings_module=config.settings), config)


def found(rule: str, files: Files | None = None, *, base: str = "flat") -> list[Finding]:
    """What one rule finds in the changed project, judged as it is."""
    return list(report(site(files, base=base), Selection((rule,)), as_is=True).findings)


@cache
def texts_of(base: str) -> Mapping[str, str]:
    """The files of a clean project."""
    tree = Tree.open(CLEAN.get(f"clean/{base}") or CLEAN[base])
    return {path: tree.read(path) or "" for path in tree.files}


def _settings(text: str, added: str) -> str:
    removed = "".join(f"\ndel {name}" for name in _ABSENT.findall(added))
    return f"{text}{removed}\n{added}\n"
