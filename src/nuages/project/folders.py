"""Folders that the settings take to be there, and that git does not keep."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.project.facts import StaticFacts
from nuages.project.site import Site
from nuages.text import texts

_SQLITE = (".sqlite3", ".sqlite", ".db")


def absent_folders(site: Site, static: StaticFacts, built: str = "") -> tuple[str, ...]:
    """Those below the root, from there, that hold no file: git keeps no empty one.

    Sources of static files, on which old Django insists, and where SQLite's files are, at any
    depth of any setting: nobody else makes these. ``built`` is what the front end's build makes.
    """
    named = (*static.dirs, *_beside_databases(site))
    inside = (path.removeprefix("{root}/") for path in named if path.startswith("{root}/"))
    return tuple(
        dict.fromkeys(
            folder
            for folder in inside
            if folder
            and ".." not in folder.split("/")
            and folder not in site.tree.folders
            and not f"{built}/".startswith(f"{folder}/")
        )
    )


def _beside_databases(site: Site) -> Iterator[str]:
    known = (each.value for each in site.settings.settings.values() if each.state == "known")
    for text in texts(list(known)):
        if text.endswith(_SQLITE):
            yield text.rpartition("/")[0]
