from __future__ import annotations

from plain_project import Detected


def test_the_folders_of_sqlites_files_are_found_at_any_depth(detected: Detected) -> None:
    settings = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
HUEY = {"filename": str(BASE_DIR / "data" / "tasks.sqlite3"), "consumer": {"workers": 2}}
OTHERS = [{"NAME": str(BASE_DIR / "var" / "db.sqlite")}, str(BASE_DIR / "site.css"), None]
HERE = str(BASE_DIR / "shop" / "plain.db")
STATICFILES_DIRS = [BASE_DIR / "assets", BASE_DIR / "static"]
"""
    project = detected({"static/site.css": "a{}"}, settings)
    assert project.absent_folders == ("assets", "data", "var")
