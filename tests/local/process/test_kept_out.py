from __future__ import annotations

from pathlib import Path

import pytest

from nuages.local.process import kept_out

DYNAMIC = """Traceback (most recent call last):
  File "/x/netbox/settings.py", line 60, in <module>
ModuleNotFoundError: No module named 'site.configuration'

During handling of the above exception, another exception occurred:
django.core.exceptions.ImproperlyConfigured: Specified configuration module not found.
"""


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    root, copy = tmp_path / "root", tmp_path / "root/.nuages/build"
    for folder in (root / "app/site", copy / "app/site"):
        folder.mkdir(parents=True)
        (folder / "settings.py").write_text("")
    return root, copy


def test_a_module_that_git_ignores_comes_along_where_it_is_asked_for(
    places: tuple[Path, Path],
) -> None:
    root, copy = places
    assert kept_out.asked_for(DYNAMIC, root, copy, ("app", ".")) == ()
    (root / "app/site/configuration.py").write_text("A = 1")
    found = kept_out.asked_for(DYNAMIC, root, copy, ("app", "."))
    assert found == ("app/site/configuration.py",)
    record = root / ".nuages/kept-out.json"
    assert kept_out.listed(record) == ()
    kept_out.bring(root, copy, record, found)
    assert (copy / "app/site/configuration.py").read_text() == "A = 1"
    assert kept_out.listed(record) == found
    assert kept_out.asked_for(DYNAMIC, root, copy, ("app", ".")) == ()


def test_a_package_comes_whole_and_without_bytecode(places: tuple[Path, Path]) -> None:
    root, copy = places
    for name in ("local/__init__.py", "local/keys.json", "local/__pycache__/x.pyc"):
        path = root / "app" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    log = "ModuleNotFoundError: No module named 'local'"
    found = kept_out.asked_for(log, root, copy, ("app",))
    assert found == ("app/local/__init__.py", "app/local/keys.json")


def test_a_file_that_is_opened_comes_along_and_an_environment_file_does_not(
    places: tuple[Path, Path],
) -> None:
    root, copy = places
    for name in ("secrets.json", ".env"):
        (root / name).write_text("{}")
    said = "FileNotFoundError: [Errno 2] No such file or directory: '{}/{}'"
    assert kept_out.asked_for(said.format(copy, "secrets.json"), root, copy, (".",)) == (
        "secrets.json",
    )
    assert kept_out.asked_for(said.format(copy, ".env"), root, copy, (".",)) == ()
    assert kept_out.asked_for(said.format(copy, "../secrets.json"), root, copy, (".",)) == ()
    assert kept_out.asked_for(said.format("/etc", "passwd"), root, copy, (".",)) == ()


@pytest.mark.parametrize("text", ["", "{", "{}", "3"])
def test_a_record_that_cannot_be_read_names_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "record").write_text(text)
    assert kept_out.listed(tmp_path / "record") == ()
