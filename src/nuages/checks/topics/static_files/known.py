"""Where static files and uploads are kept, as the settings of this Django say it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nuages.checks.production import Production
from nuages.checks.sources.python_file import PythonFile
from nuages.text import Location

HOWTO = "https://docs.djangoproject.com/en/stable/howto/static-files"
SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"
STORAGES = "https://django-storages.readthedocs.io/en/latest/backends"
WHITENOISE = "https://whitenoise.readthedocs.io/en/stable/django.html"
APP = "django.contrib.staticfiles"

Alias = Literal["default", "staticfiles"]
_OLD = {"default": "DEFAULT_FILE_STORAGE", "staticfiles": "STATICFILES_STORAGE"}
_USUAL = {
    "default": "django.core.files.storage.FileSystemStorage",
    "staticfiles": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
_STORAGES_SINCE, _OLD_UNTIL = (4, 2), (5, 1)
_PROXY = re.compile(r"(?:^|/)(?:[^/]*nginx[^/]*|[^/]*\.conf(?:\.[a-z0-9]+)*|Caddyfile[^/]*)$")


@dataclass(frozen=True)
class Store:
    """One storage."""

    backend: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def on_disk(self) -> bool:
        """Whether it writes to the disk of the container."""
        return self.backend.startswith(("django.core.files.", APP, "whitenoise.", "servestatic."))


def store(production: Production, alias: Alias) -> Store | None:
    """Where ``alias`` is kept; None where that cannot be told.

    STORAGES since Django 4.2, the older names until 5.1 ignores them.
    https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1
    """
    settings, django = production.settings, production.django
    if settings.torn and "STORAGES" not in settings:
        return None
    if "STORAGES" in settings and (django is None or django >= _STORAGES_SINCE):
        backend = settings.get("STORAGES", alias, "BACKEND")
        options = settings.get("STORAGES", alias, "OPTIONS", default={})
        known = isinstance(backend, str) and isinstance(options, dict)
        return Store(backend, options) if known else None
    if django is not None and django >= _OLD_UNTIL:
        return Store(_USUAL[alias])
    backend = settings.get(_OLD[alias], default=_USUAL[alias])
    told = settings.complete(_OLD[alias])
    return Store(backend) if isinstance(backend, str) and told else None


def collects(production: Production) -> bool:
    """Whether static files are the project's to collect onto a disk."""
    settings = production.settings
    if any(
        settings.get(name) is True for name in ("WHITENOISE_USE_FINDERS", "WHITENOISE_AUTOREFRESH")
    ):
        return False  # WhiteNoise reads them where they lie
    found = store(production, "staticfiles")
    return settings.has_app(APP) and found is not None and found.on_disk


def store_at(production: Production, alias: Alias) -> Location:
    """Where ``alias`` is set, or belongs."""
    settings = production.settings
    if "STORAGES" in settings:
        return settings.at("STORAGES", alias)
    return settings.at(_OLD[alias])


def assigned(file: PythonFile, *names: str) -> Iterator[tuple[str, ast.expr]]:
    """What is assigned to these names in a file, on every branch."""
    for node in file.nodes(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id in names:
                yield target.id, node.value


def proxies(production: Production) -> Iterator[tuple[str, str]]:
    """Path and text of each configuration of a proxy in the tree."""
    for path in production.files:
        if _PROXY.search(path):
            text = production.text(path)
            if re.search(r"\b(?:server|location|root|alias|file_server|proxy_pass)\b", text):
                yield path, text


def volumes(production: Production) -> Iterator[tuple[str, str, Location]]:
    """Service, path inside and place of each volume of what runs the project under compose."""
    for compose in production.compose_files:
        for service in compose.own:
            found = service.yaml.get("volumes")
            for item in found.list() if found else ():
                target = item.get("target")
                parts = item.text.split(":")
                inside = target.text if target else parts[1 if len(parts) > 1 else 0]
                yield service.name, inside.rstrip("/"), item.location
