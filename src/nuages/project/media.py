"""Fields that keep uploaded files, and the user model."""

from __future__ import annotations

import re

from nuages.project.facts import Evidence, Fact
from nuages.project.python_source import at
from nuages.project.site import Site

_WORDS = ("File", "Image", "Photo", "Thumbnailer", "Video", "Resized", "Attachment")
_FIELD = re.compile(
    r"^[ \t]+(?P<name>\w+)[ \t]*(?::[^=\n]+)?=[ \t\\\n]*(?:\w+\.)*"
    rf"(?P<type>\w*(?:{'|'.join(_WORDS)})\w*Field)\(",
    re.MULTILINE,
)
_NOT = frozenset(
    {"FilePathField", "FilerImageField", "FilerFileField", "ImageFieldFile", "ImageSpecField"}
)
_SKIPPED = re.compile(r"(?:^|/)(?:tests?|testing|docs?|migrations|node_modules|examples?)/")


def media_fields(site: Site) -> tuple[Evidence, ...]:
    """``FileField`` and its like in models, read as text: the files may be newer than we are."""
    found = []
    for path in _models(site):
        text = site.tree.read(path) or ""
        if "Field(" not in text or not any(word in text for word in _WORDS):
            continue
        for match in _FIELD.finditer(text):
            before = text[: match.start()].rstrip()
            argument = before.endswith(("(", ","))  # of a call that spans lines
            if match["type"] not in _NOT and not argument:
                note = f"{match['name']} is a {match['type']}"
                found.append(at(path, text, match.start("name"), note))
    return tuple(found)


def uploads(site: Site) -> str:
    """MEDIA_ROOT's folder where git has files of it, as the picture of whoever has none.

    A folder with code is no folder of uploads.
    """
    root = site.path(site.text("MEDIA_ROOT"))
    if not root or root == ".":
        return ""
    found = [path for path in site.tree.files if path.startswith(f"{root}/")]
    return root if found and not any(path.endswith(".py") for path in found) else ""


def _models(site: Site) -> list[str]:
    """models.py, models_*.py and what is in a folder named models, below the project."""
    names = []
    for path in site.sources.own:
        folder, _, name = path.rpartition("/")
        modelled = name == "models.py" or folder.endswith("/models") or folder == "models"
        if (modelled or name.startswith("models_")) and not _SKIPPED.search(path):
            names.append(path)
    return names


def custom_user(site: Site) -> Fact[str] | None:
    """AUTH_USER_MODEL, where it is not Django's own."""
    model = site.text("AUTH_USER_MODEL")
    if model is None or model == "auth.User":
        return None
    return Fact(model, (site.at("AUTH_USER_MODEL"),))


def rest_framework(site: Site) -> Fact[bool]:
    """Whether Django REST framework is installed as an application."""
    if "rest_framework" in site.apps:
        return Fact(True, (Evidence(site.at("INSTALLED_APPS").location, "rest_framework"),))
    return Fact(False, ())
