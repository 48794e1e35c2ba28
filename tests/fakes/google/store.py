"""What exists. What Terraform makes too lies in fakecloud's folder, its JSON beside it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.google.discovery import api
from fakes.google.terraform import Json, Kind, body_of, overlaid, snake


@dataclass(frozen=True)
class Change:
    """What Terraform did to one object since it was last looked at."""

    kind: Kind
    name: str
    before: Json | None
    after: Json | None
    file: str


def merged(kind: Kind, kept: Json, given: Json, attributes: Json) -> Json:
    """The API's JSON once Terraform wrote: what Terraform knows is its own, the rest stays."""
    properties = api(kind.api).schemas[kind.schema]["properties"]

    def stays(name: str) -> bool:
        attribute = kind.renames.get(name) or snake(name)
        return properties.get(name, {}).get("readOnly", False) or attribute not in attributes

    return {name: value for name, value in kept.items() if stays(name)} | given


class Store:
    """Objects by kind and full name. Every method may be called from any thread."""

    def __init__(self, terraform: Path, own: Path, project: str) -> None:
        self.terraform, self.own, self.project = terraform, own, project
        self.lock = threading.RLock()

    # -- kinds that only the APIs know, and the APIs' side of the others
    def _path(self, kind: Kind | str, name: str) -> Path:
        folder = kind if isinstance(kind, str) else kind.type
        quoted = re.sub(r"[^\w.@-]", "~", name)[:120]
        return self.own / folder / f"{quoted}-{_digest(name)[:12]}.json"

    def get(self, kind: Kind | str, name: str) -> Json | None:
        with self.lock:
            found = _read(self._path(kind, name))
            if found is None or (isinstance(kind, Kind) and not self._file(kind, name).exists()):
                return None
            return found["body"]

    def put(self, kind: Kind | str, name: str, body: Json) -> None:
        with self.lock:
            if isinstance(kind, Kind):
                path = self._file(kind, name)
                attributes = {**self._blank(kind, name), **(_read(path) or {})}
                seen = _write(path, {**overlaid(kind, body, attributes), **kind.parts(name)})
                file = path.name
            else:
                seen = file = ""
            entry = {"name": name, "body": body, "seen": seen, "file": file}
            _write(self._path(kind, name), entry)

    def delete(self, kind: Kind | str, name: str) -> None:
        with self.lock:
            if isinstance(kind, Kind):
                self._file(kind, name).unlink(missing_ok=True)
            self._path(kind, name).unlink(missing_ok=True)

    def names(self, kind: Kind | str, prefix: str = "") -> list[str]:
        with self.lock:
            # "projects/p/locations/-/services/" means every location.
            begins = re.compile(re.escape(prefix).replace(r"/\-/", "/[^/]+/"))
            known = (entry["name"] for entry in self._entries(kind))
            return sorted(name for name in known if begins.match(name))

    def list(self, kind: Kind | str, prefix: str = "") -> list[Json]:
        bodies = (self.get(kind, name) for name in self.names(kind, prefix))
        return [body for body in bodies if body is not None]

    def _entries(self, kind: Kind | str) -> Iterator[Json]:
        folder = self.own / (kind if isinstance(kind, str) else kind.type)
        for path in folder.glob("*.json"):
            if (found := _read(path)) is not None:
                yield found

    # -- what Terraform did meanwhile
    def _file(self, kind: Kind, name: str) -> Path:
        entry = _read(self._path(kind, name))
        file = entry["file"] if entry else kind.file_name(name, self.project)
        return self.terraform / kind.type / file

    def changes(self, kind: Kind) -> list[Change]:
        """Takes over what Terraform wrote since the last call, and says what it was."""
        with self.lock:
            found = []
            for entry in list(self._entries(kind)):
                if not self._file(kind, entry["name"]).exists():
                    found.append(Change(kind, entry["name"], entry["body"], None, entry["file"]))
                    self._path(kind, entry["name"]).unlink()
            for path in sorted((self.terraform / kind.type).glob("*.json")):
                if (change := self._taken_over(kind, path)) is not None:
                    found.append(change)
            return found

    def _taken_over(self, kind: Kind, path: Path) -> Change | None:
        text = whole(path)
        if text is None:
            return None
        attributes = json.loads(text)
        name = kind.full_name(attributes)
        entry = _read(self._path(kind, name))
        if entry is not None and entry["seen"] == _digest(text):
            return None
        given = {**body_of(kind, attributes), "name": name}
        before = entry["body"] if entry else None
        after = merged(kind, before, given, attributes) if before else given
        new = {"name": name, "body": after, "seen": _digest(text), "file": path.name}
        _write(self._path(kind, name), new)
        return Change(kind, name, before, after, path.name)

    def _blank(self, kind: Kind, name: str) -> Json:
        return {"id": kind.ident(name, self.project), "project": self.project}

    def amend(self, kind: Kind, name: str, attributes: Json) -> None:
        """Writes what only the running thing knows into Terraform's side of an object."""
        with self.lock:
            entry, path = _read(self._path(kind, name)), self._file(kind, name)
            entry["seen"] = _write(path, {**(_read(path) or {}), **attributes})
            _write(self._path(kind, name), entry)

    def attributes(self, kind: Kind, name: str) -> Json:
        """Terraform's side of an object."""
        return _read(self._file(kind, name)) or {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def whole(path: Path) -> str | None:
    """What a file of the store holds; None while fakecloud is still at writing it."""
    try:
        text = path.read_text("utf-8")
        json.loads(text)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return text


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None


def _write(path: Path, content: Json) -> str:
    """Whole or not at all: Terraform may read at any moment. Returns the text's digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content)
    fresh = path.with_name(f".{path.name}.{threading.get_ident()}")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
    return _digest(text)
