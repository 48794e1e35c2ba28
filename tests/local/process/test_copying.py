from __future__ import annotations

import os
from pathlib import Path

from nuages.local.process import copying


def test_only_changes_are_copied_and_what_a_build_made_stays(tmp_path: Path) -> None:
    root, copy = tmp_path / "root", tmp_path / ".nuages" / "build"
    (root / "app").mkdir(parents=True)
    for name in ("manage.py", "app/models.py", "app/old.py"):
        (root / name).write_text("one")
    assert copying.update(root, copy, ["manage.py", "app/models.py", "app/old.py"]) == (3, 0)
    (copy / "node_modules").mkdir()
    (copy / "app" / "db.sqlite3").write_text("data")
    (root / "app/models.py").write_text("two two")
    (root / "app/old.py").unlink()
    assert copying.update(root, copy, ["manage.py", "app/models.py"]) == (1, 1)
    assert (copy / "app/models.py").read_text() == "two two"
    assert not (copy / "app/old.py").exists()
    assert (copy / "node_modules").is_dir()
    assert (copy / "app/db.sqlite3").read_text() == "data"
    assert copying.update(root, copy, ["manage.py", "app/models.py"]) == (0, 0)


def test_a_file_of_the_same_size_and_a_new_time_is_copied(tmp_path: Path) -> None:
    root, copy = tmp_path / "root", tmp_path / "copy"
    root.mkdir()
    (root / "a").write_text("1")
    copying.update(root, copy, ["a"])
    (root / "a").write_text("2")
    os.utime(root / "a", ns=(1, 1))
    assert copying.update(root, copy, ["a"]) == (1, 0)
    assert (copy / "a").read_text() == "2"


def test_links_that_lead_nowhere_and_environment_files_stay_behind(tmp_path: Path) -> None:
    root, copy = tmp_path / "root", tmp_path / "copy"
    root.mkdir()
    (root / "broken").symlink_to("gone")
    (root / ".env").write_text("SECRET=1")
    (root / ".env.example").write_text("SECRET=")
    copying.update(root, copy, ["broken", ".env", ".env.example"])
    assert sorted(path.name for path in copy.iterdir()) == [".env.example"]


def test_uploads_of_the_project_are_there_and_those_of_a_run_stay(tmp_path: Path) -> None:
    root, copy, media = tmp_path / "root", tmp_path / "build", tmp_path / "media"
    names = ["site/media/default.jpg", "site/media/a/b.png", "site/app.py"]
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("committed")
    media.mkdir()
    (media / "default.jpg").write_text("uploaded")
    copying.update(root, copy, names)
    for setting in (None, "/srv/media", "{root}", "{root}/site"):
        copying.uploads(copy, setting, media)
    assert [path.name for path in media.iterdir()] == ["default.jpg"]
    copying.uploads(copy, "{root}/site/media", media)
    assert (media / "default.jpg").read_text() == "uploaded"
    assert (media / "a/b.png").read_text() == "committed"
