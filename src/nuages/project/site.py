"""What every topic of the detection reads from: the tree, the project's place, its settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nuages.project.facts import Dependencies, EvaluatedSettings, Evidence, Setting
from nuages.project.python_source import Sources, ancestors, joined
from nuages.project.tree import Tree
from nuages.text import Location


@dataclass(frozen=True)
class Site:
    """A Django project whose settings and dependencies have been read."""

    tree: Tree
    sources: Sources
    manage_dir: str
    settings: EvaluatedSettings
    dependencies: Dependencies

    def setting(self, name: str) -> Setting | None:
        """A setting whose value is known, in the assumed environment at least."""
        found = self.settings.settings.get(name)
        return found if found is not None and found.state != "unknown" else None

    def value(self, name: str) -> Any:
        """A setting's value; None when it is absent or unknown."""
        found = self.setting(name)
        return found.value if found else None

    def text(self, name: str) -> str | None:
        """A setting's value where it is a text."""
        value = self.value(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in a setting that is a list or a tuple; what is unknown is left out."""
        value = self.value(name)
        items = value if isinstance(value, list | tuple) else ()
        return tuple(item for item in items if isinstance(item, str))

    @property
    def apps(self) -> tuple[str, ...]:
        """INSTALLED_APPS, an ``apps.FooConfig`` as its package."""
        names = self.texts("INSTALLED_APPS")
        return tuple(name.partition(".apps.")[0] for name in names)

    def at(self, name: str) -> Evidence:
        """Where a setting stands."""
        found = self.settings.settings.get(name)
        where = found.location if found else Location(self.settings.path)
        return Evidence(where, name)

    def has(self, *packages: str) -> Evidence | None:
        """Evidence that one of these packages is installed in production."""
        for name in packages:
            if name in self.dependencies.packages:
                where = self.dependencies.locations.get(name, Location(""))
                return Evidence(where, f"{name}{self.dependencies.packages[name]}")
        return None

    def path(self, value: str | None) -> str | None:
        """A path in a setting as a path of the tree; None when it leads out of it."""
        if not value:
            return None
        if value.startswith("{root}"):
            return value.removeprefix("{root}").strip("/") or "."
        return None if value.startswith("/") else joined(self.manage_dir, value.strip("./"))

    def near(self, *names: str) -> Iterator[tuple[str, str]]:
        """Files with these names in the project's folder and those above, with their texts."""
        for folder in ancestors(self.manage_dir):
            for name in names:
                path = joined(folder, name)
                text = self.tree.read(path)
                if text is not None:
                    yield path, text
