"""nuages.yaml: text to checked data. Every error has a line, a column and a way out."""

from __future__ import annotations

from collections.abc import Collection

from nuages.config import environments, validation
from nuages.config.document import Entries, Node, parse
from nuages.config.problems import Problem, config_error
from nuages.config.schema.config import PRODUCTION, Config
from nuages.config.schema.manifest import Manifest
from nuages.errors import ConfigError
from nuages.text import Location

NAMES = ("nuages.yaml", "nuages.yml", "infera.yaml")


def load(text: str | bytes, path: str) -> Config:
    """Return what ``text`` says, checked for production and for every environment.

    ``path`` is for messages only. Raises ``ConfigError`` with everything that is wrong; its
    location is the first place, in the order of the file.
    """
    root = parse(text, path)
    if not isinstance(root, Entries):
        problem = Problem(root.location, "should be a mapping of keys", "as in 'provider: docker'")
        raise config_error([problem])
    overlays, problems = environments.overlays(root)
    nodes: dict[str, Node] = {PRODUCTION: root, **overlays}
    manifests: dict[str, Manifest] = {}
    for name, node in nodes.items():
        manifest, found = validation.manifest(node)
        problems += found
        if manifest is not None:
            manifests[name] = manifest
    if problems:
        raise config_error(problems)
    return Config(path, manifests, nodes)


def find(names: Collection[str]) -> str | None:
    """Return which of the listed files is the configuration; None when none is.

    Raises ``ConfigError`` when there are several: nobody could say which one holds.
    """
    found = [name for name in NAMES if name in names]
    if len(found) > 1:
        raise ConfigError(
            f"{' and '.join(found)} are both here",
            hint=f"keep {found[0]} and remove the other",
            location=Location(found[1]),
            reason="config-ambiguous",
        )
    return found[0] if found else None
