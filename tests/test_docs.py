"""Documentation is part of the change: nothing a user can meet is undocumented."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from nuages.cli.app import VERBS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    """Mend it with ``python docs/reference.py``."""
    folder = DOCS / "reference"
    present = {page.relative_to(folder).as_posix(): page for page in folder.rglob("*.md")}
    wanted: dict[str, str] = _script("reference").pages()
    assert sorted(present) == sorted(wanted)
    outdated = [name for name, text in wanted.items() if present[name].read_text("utf-8") != text]
    assert outdated == []


def test_the_bill_is_what_the_prices_say() -> None:
    """Mend it with ``python docs/cost.py``."""
    assert (DOCS / "explanation/cost.md").read_text("utf-8") == _script("cost").page()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert f"nuages {verb}" in (ROOT / "README.md").read_text("utf-8")


def test_every_page_is_reachable_and_exists() -> None:
    listed = set(re.findall(r":?\s([\w/.-]+\.md)\s*$", (ROOT / "mkdocs.yml").read_text(), re.M))
    present = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    rules = {page for page in present if re.fullmatch(r"reference/rules/[A-Z]+\d+\.md", page)}
    assert listed == present - rules  # the index, which is generated, links to each of them


def test_every_reason_of_up_is_explained() -> None:
    text = (DOCS / "how-to" / "troubleshooting.md").read_text("utf-8")
    reasons = set()
    for path in (ROOT / "src").rglob("*.py"):
        reasons |= set(re.findall(r'reason="([a-z-]+)"', path.read_text("utf-8")))
    missing = sorted(reason for reason in reasons if f"`{reason}`" not in text)
    assert missing == []


def test_no_link_inside_the_docs_is_dead() -> None:
    dead = []
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)} -> {target}")
    assert dead == []
