from __future__ import annotations

from pathlib import Path

import pytest

from nuages.project.tree import LARGEST, Tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        ".gitignore": "*.log\n/media/\nlocal.py\n!kept.log\nbuild/\n# a comment\n[broken\n",
        "manage.py": "",
        "a.log": "",
        "kept.log": "",
        "media/cat.png": "",
        "shop/media/logo.svg": "",
        "shop/local.py": "",
        "shop/build/out.js": "",
        "shop/.gitignore": "*.tmp\n!important.log\n",
        "shop/important.log": "",
        "shop/x.tmp": "",
        "node_modules/left/pad.js": "",
        "venv/lib/thing.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_what_git_ignores_is_not_in_the_tree(folder: Path) -> None:
    assert Tree.open(folder).files == (
        ".gitignore",
        "kept.log",
        "manage.py",
        "shop/.gitignore",
        "shop/important.log",
        "shop/media/logo.svg",
    )


def test_a_file_that_is_not_text_reads_as_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.py").write_text("x" * (LARGEST + 1))
    (tmp_path / "c.py").write_text("\ufeffx = 1\n", encoding="utf-8")
    tree = Tree.open(tmp_path)
    assert [tree.read(name) for name in ("a.py", "b.py", "c.py", "d.py")] == [
        None,
        None,
        "x = 1\n",
        None,
    ]


def test_a_link_to_a_folder_above_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert Tree.open(tmp_path).files == ("a.py",)


def test_a_virtual_environment_is_not_source(tmp_path: Path) -> None:
    (tmp_path / "my").mkdir()
    (tmp_path / "my" / "pyvenv.cfg").write_text("")
    (tmp_path / "my" / "a.py").write_text("")
    assert Tree.open(tmp_path).files == ()


def test_folders_and_names() -> None:
    tree = Tree.of({"a/b/models.py": "", "models.py": "", "a/c.txt": ""})
    assert tree.folders == {".", "a", "a/b"}
    assert tree.named("models.py", "c.txt") == ("models.py", "a/c.txt", "a/b/models.py")


def test_generated_files_are_not_the_users(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text("DEBUG = False\n")
    (tmp_path / "settings_cloud.py").write_text("from settings import *\n")
    (tmp_path / "nuages.lock").write_text('{"version": 1, "generated": {"settings_cloud.py": "x"}}')
    assert Tree.open(tmp_path).files == ("nuages.lock", "settings.py")
    (tmp_path / "nuages.lock").write_text("no JSON")
    assert "settings_cloud.py" in Tree.open(tmp_path).files


def test_a_folder_whose_content_is_ignored_may_keep_some_of_it(tmp_path: Path) -> None:
    rules = "**/migrations/**\n!**/migrations\n!**/migrations/__init__.py\n"
    (tmp_path / ".gitignore").write_text(rules)
    inside = tmp_path / "shop" / "migrations"
    (inside / "old").mkdir(parents=True)
    for name in ("__init__.py", "0001_initial.py", "old/0000_first.py"):
        (inside / name).write_text("")
    assert Tree.open(tmp_path).files == (".gitignore", "shop/migrations/__init__.py")


def test_source_in_another_encoding_is_read_as_python_reads_it(tmp_path: Path) -> None:
    said = "#!/usr/bin/env python\r\n# -*- coding: latin-1 -*-\r\nx = 'caf\xe9'\r\n"
    (tmp_path / "a.py").write_bytes(said.encode("latin-1"))
    (tmp_path / "b.py").write_bytes(b"# coding: klingon\nx = 1\n")
    tree = Tree.open(tmp_path)
    assert tree.read("a.py") == said.replace("\r\n", "\n")
    assert tree.read("b.py") is None
