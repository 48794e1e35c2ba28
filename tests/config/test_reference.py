"""reference.yaml, the page that people read: it is valid, and no key is missing from it."""

from importlib.resources import files

from nuages.config.document import Entries, Items, Node, parse
from nuages.config.load import load
from nuages.config.validation import known_keys

TEXT = files("nuages.config").joinpath("reference.yaml").read_text("utf-8")
_CHOSEN = ("services", "schedules", "secrets", "env_vars", "environments")


def _keys(node: Node, prefix: str = "") -> set[str]:
    """Paths of keys, with ``*`` for names that a user chooses."""
    if isinstance(node, Items):
        return set().union(*(_keys(item, prefix) for item in node.nodes))
    if not isinstance(node, Entries):
        return set()
    found = set()
    for name, entry in node.entries.items():
        chosen = prefix.removesuffix("/") in _CHOSEN
        path = f"{prefix}{'*' if chosen else name}"
        found |= {path} | _keys(entry.node, f"{path}/")
    return found


def test_it_loads() -> None:
    config = load(TEXT, "reference.yaml")
    assert set(config.manifests) == {"production", "staging"}
    assert config.manifest("staging").profile == "small"


def test_it_has_every_key() -> None:
    assert set(known_keys()) - _keys(parse(TEXT, "reference.yaml")) == set()


def test_every_section_is_explained() -> None:
    lines = TEXT.splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line[:1].isalpha() and not before.startswith("#") and not before[:1].isalpha()
    ]
    assert bare == ["framework:", "database:", "cache:", "observability:"]
