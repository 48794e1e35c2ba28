"""``.env`` files, as each library reads them, and python-dotenv itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from nuages.project.evaluation.libraries.paths import File, inside, read_text
from nuages.project.evaluation.machine import Call, Machine, library
from nuages.project.evaluation.values import Model, NotPlain, Value, lift, plain
from nuages.text import Location

Parser = Callable[[str], dict[str, str]]


def environ_lines(text: str) -> dict[str, str]:
    """Parse as django-environ does."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = re.match(r"\A(?:export )?([A-Za-z_0-9]+)=(.*)\Z", line)
        if not match:
            continue
        key, value = match.groups()
        if re.match(r"\A'(.*)'\Z", value):
            value = value[1:-1]
        if re.match(r'\A"(.*)"\Z', value):
            value = re.sub(r"\\([^rnt])", r"\1", value[1:-1])
        found[key] = value
    return found


def decouple_lines(text: str) -> dict[str, str]:
    """Parse as python-decouple does."""
    found: dict[str, str] = {}
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#") or "=" not in line:
            continue
        key, value = (part.strip() for part in line.split("=", 1))
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[key] = value
    return found


def dotenv_lines(text: str) -> dict[str, str]:
    """Parse as python-dotenv does, apart from values over several lines."""
    found: dict[str, str] = {}
    pattern = (
        r"""^\s*(?:export\s+)?'?([^=#\s']+)'?\s*=[^\S\n]*('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\n]*)"""
    )
    for key, value in re.findall(pattern, text, re.MULTILINE):
        if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
            inner = value[1:-1]
            found[key] = (
                inner.replace("\\n", "\n").replace('\\"', '"') if value[0] == '"' else inner
            )
        else:
            found[key] = re.sub(r"\s+#.*", "", value).rstrip()
    return found


def load(machine: Machine, path: Any, parser: Parser, override: bool = False) -> dict[str, str]:
    """Set the variables of a .env file of the tree; nothing where it is not there.

    In production the file is usually absent, so that a committed one is worth a note.
    """
    try:
        text = path.content if isinstance(path, File) else read_text(machine, path)
    except FileNotFoundError:
        return {}
    found = parser(text if isinstance(text, str) else text.decode(errors="replace"))
    where = None if isinstance(path, File) else inside(machine, path)
    if where:
        machine.files[where] = None
        machine.problem("is committed, and the settings read it", Location(where))
    for name, value in found.items():
        if override or name not in machine.environ:
            machine.environ[name] = Value(value, frozenset({name}) | machine.pc)
    return found


def caller_folder(call: Call) -> str:
    """Return the folder of the file that calls."""
    return posixpath.dirname(call.scope.module.file)


def walked(machine: Machine, folder: str, name: str = ".env") -> str | None:
    """Return the nearest file of a name in a folder or above it, None outside the tree."""
    while inside(machine, folder) is not None:
        path = posixpath.join(folder, name)
        inner = inside(machine, path)
        if inner is not None and inner in machine.tree:
            return path
        folder = posixpath.dirname(folder)
    return None


def path_argument(call: Call, position: int, name: str) -> Any:
    """Return a path or an open file that is given; None when there is none."""
    value = call.argument(position, name)
    if value is None or value.data is None:
        return None
    if isinstance(value.data, File):
        return value.data
    if isinstance(value.data, Model) and hasattr(value.data, "text"):
        value = value.data.text()
    return plain(value)


@library("dotenv.load_dotenv")
def load_dotenv(call: Call) -> Value:
    try:
        path = path_argument(call, 0, "dotenv_path") or path_argument(call, 1, "stream")
    except NotPlain:
        call.machine.problem("reads a .env file whose place cannot be told")
        return Value(True)
    override = call.argument(3, "override", Value(False)).data is True
    path = path or walked(call.machine, caller_folder(call))
    return Value(bool(path and load(call.machine, path, dotenv_lines, override)))


@library("dotenv.find_dotenv")
def find_dotenv(call: Call) -> Value:
    name = call.argument(0, "filename", Value("")).data or ".env"
    return Value(walked(call.machine, caller_folder(call), str(name)) or "")


@library("dotenv.dotenv_values")
def dotenv_values(call: Call) -> Value:
    try:
        path = path_argument(call, 0, "dotenv_path") or walked(call.machine, caller_folder(call))
        text = read_text(call.machine, path) if path else ""
    except NotPlain:
        text = ""
    except FileNotFoundError:
        text = ""
    return lift(dotenv_lines(text))


@library("dotenv.read_dotenv")
def read_dotenv(call: Call) -> Value:
    """django-dotenv."""
    return load_dotenv(call)
