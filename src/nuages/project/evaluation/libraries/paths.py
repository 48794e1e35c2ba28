"""``os.path``, ``pathlib`` and files of the tree."""

# a registered handler takes what every handler takes; a method takes what its protocol says
# ruff: noqa: ARG001, ARG002

from __future__ import annotations

import fnmatch
import glob
import json
import posixpath
from pathlib import PurePosixPath
from typing import Any

from nuages.project.evaluation.calls import constructor
from nuages.project.evaluation.compute import compute, compute_call, pure, union
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.methods import METHODS
from nuages.project.evaluation.state import ROOT
from nuages.project.evaluation.values import NONE, Model, Native, Value, lift, unknown

for _name in ("join", "dirname", "basename", "split", "splitext", "normpath", "normcase", "isabs",
              "commonprefix", "commonpath"):  # fmt: skip
    LIBRARY[f"os.path.{_name}"] = Value(Native(f"os.path.{_name}", pure(getattr(posixpath, _name))))
LIBRARY["os.path.sep"] = Value("/")
LIBRARY["os.fspath"] = Value(Native("os.fspath", pure(str)))
LIBRARY["os.path.pardir"] = LIBRARY["os.pardir"] = Value("..")
LIBRARY["os.path.curdir"] = LIBRARY["os.curdir"] = Value(".")


def working_directory(machine: Machine) -> str:
    """Return the folder in which the project's processes run: that of manage.py."""
    first = machine.sources[0] if machine.sources else "."
    return ROOT if first in (".", "") else f"{ROOT}/{first}"


def absolute(machine: Machine, path: Any) -> str:
    """Return the absolute, normal form of a path."""
    return posixpath.normpath(posixpath.join(working_directory(machine), str(path)))


def inside(machine: Machine, path: Any) -> str | None:
    """Return a path as the tree names it, None outside the tree."""
    full = absolute(machine, path)
    if full == ROOT:
        return "."
    return full[len(ROOT) + 1 :] if full.startswith(f"{ROOT}/") else None


def is_file(machine: Machine, path: Any) -> bool:
    inner = inside(machine, path)
    return inner is not None and inner in machine.tree


def is_folder(machine: Machine, path: Any) -> bool:
    inner = inside(machine, path)
    return inner is not None and (inner in machine.tree.folders or inner == ".")


def read_text(machine: Machine, path: Any) -> str:
    """Return a file's text; raise FileNotFoundError where the tree does not have it."""
    inner = inside(machine, path)
    text = machine.tree.read(inner) if inner is not None else None
    if text is None:
        raise FileNotFoundError(2, "No such file or directory", _shown(path))
    return text


def _shown(path: Any) -> str:
    return str(path).replace(ROOT, "{root}")


def matching(machine: Machine, pattern: Any) -> list[str]:
    """Return the absolute paths of the files that a glob names, sorted."""
    full = absolute(machine, pattern)
    if not glob.has_magic(full):
        return [full] if is_file(machine, full) or is_folder(machine, full) else []
    depth = full.count("/")
    names = [f"{ROOT}/{name}" for name in machine.tree.files]
    return [
        n for n in names if fnmatch.fnmatchcase(n, full) and ("**" in full or n.count("/") == depth)
    ]


def _on_machine(name: str, function: Any) -> None:
    def model(call: Call) -> Value:
        return compute_call(
            call.machine, lambda *a: function(call.machine, *a), call.arguments[:1], {}
        )

    LIBRARY[name] = Value(Native(name, model))


_on_machine("os.path.abspath", absolute)
_on_machine("os.path.realpath", absolute)
_on_machine("os.path.isfile", is_file)
_on_machine("os.path.isdir", is_folder)
_on_machine("os.path.exists", lambda m, p: is_file(m, p) or is_folder(m, p))
_on_machine("os.path.lexists", lambda m, p: is_file(m, p) or is_folder(m, p))
_on_machine("os.access", lambda m, p: is_file(m, p) or is_folder(m, p))
_on_machine("glob.glob", matching)


@library("os.path.expanduser")
def expanduser(call: Call) -> Value:
    path = call.argument(0, "path", NONE)
    if isinstance(path.data, str) and path.data.startswith("~"):
        return unknown("the process's own HOME", call.taint)
    return path


@library("os.path.relpath")
def relpath(call: Call) -> Value:
    machine = call.machine

    def relative(path: Any, start: Any = ".") -> str:
        return posixpath.relpath(absolute(machine, path), absolute(machine, start))

    return compute_call(machine, relative, call.arguments, call.keywords)


@library("os.getcwd")
def getcwd(call: Call) -> Value:
    return Value(working_directory(call.machine))


@library("os.listdir")
def listdir(call: Call) -> Value:
    def listed(path: Any = ".") -> list[str]:
        inner = inside(call.machine, path)
        if inner is None or not is_folder(call.machine, path):
            raise FileNotFoundError(2, "No such file or directory", _shown(path))
        prefix = "" if inner == "." else f"{inner}/"
        below = [f[len(prefix) :] for f in call.machine.tree.files if f.startswith(prefix)]
        return sorted({name.partition("/")[0] for name in below})

    return compute_call(call.machine, listed, call.arguments, call.keywords)


# --- pathlib --------------------------------------------------------------------------------

Path = PurePosixPath
for _name in ("Path", "PurePath", "PosixPath", "PurePosixPath"):
    LIBRARY[f"pathlib.{_name}"] = Value(Path)


@constructor(Path)
def path_(call: Call) -> Value:
    arguments = [
        value.data.text()
        if isinstance(value.data, Model) and hasattr(value.data, "text")
        else value
        for value in call.arguments
    ]
    return compute(call.machine, Path, *arguments)


def _method(name: str, function: Any) -> None:
    """Register a method of Path as a plain function of the machine and the path."""

    def model(call: Call, owner: Value) -> Value:
        return compute_call(
            call.machine,
            lambda *args, **kwargs: function(call.machine, *args, **kwargs),
            [owner, *call.arguments],
            call.keywords,
        )

    METHODS["PurePosixPath", name] = model


_method("resolve", lambda m, path, **_: Path(absolute(m, path)))
_method("absolute", lambda m, path: Path(absolute(m, path)))
_method("exists", lambda m, path, **_: is_file(m, path) or is_folder(m, path))
_method("is_file", is_file)
_method("is_dir", is_folder)
_method("read_text", lambda m, path, *_, **__: read_text(m, path))
_method("read_bytes", lambda m, path: read_text(m, path).encode())
_method("glob", lambda m, path, pattern: [Path(p) for p in matching(m, path / pattern)])
_method("mkdir", lambda *_, **__: None)
_method("touch", lambda *_, **__: None)
_method("write_text", lambda *_, **__: 0)
for _name in ("cwd", "home"):
    LIBRARY[f"builtins.PurePosixPath.{_name}"] = Value(Native(
        f"pathlib.Path.{_name}",
        (lambda c: Value(Path(working_directory(c.machine)))) if _name == "cwd"
        else (lambda _: unknown("the process's own HOME"))))  # fmt: skip


def _expanded(call: Call, owner: Value) -> Value:
    if str(owner.data).startswith("~"):
        return unknown("the process's own HOME", owner.taint)
    return owner


METHODS["PurePosixPath", "expanduser"] = _expanded


class File(Model):
    """An open file of the tree, or a text that is read like one."""

    def __init__(self, content: Any):
        self.content = content
        self.name = "file"

    def attribute(self, name: str) -> Value | None:
        results = {"read": self.content, "getvalue": self.content, "close": None, "write": None}
        if name in results:
            return Value(Native(f"file.{name}", lambda _: lift(results[name])))
        if name in ("readlines", "readline"):
            lines = self.content.splitlines(keepends=True)
            found = lines if name == "readlines" else (lines or [""])[0]
            return Value(Native(f"file.{name}", lambda _: lift(found)))
        return None

    def iterate(self) -> list[Value]:
        return [lift(line) for line in self.content.splitlines(keepends=True)]

    def enter(self, machine: Machine) -> Value:
        return Value(self)

    def leave(self, machine: Machine) -> None:
        """Close the file."""


@library("builtins.open")
def open_(call: Call) -> Value:
    path, mode = call.argument(0, "file", NONE), call.argument(1, "mode", Value("r"))
    return _opened(call, path, mode)


def _opened(call: Call, path: Value, mode: Value) -> Value:
    if isinstance(mode.data, str) and any(letter in mode.data for letter in "wax+"):
        return Value(File(""))
    content = compute(call.machine, lambda p: read_text(call.machine, p), path)
    if content.unknown:
        return content
    data = content.data.encode() if "b" in str(mode.data) else content.data
    return Value(File(data), content.taint)


LIBRARY["io.open"] = LIBRARY["codecs.open"] = LIBRARY["builtins.open"]
METHODS["PurePosixPath", "open"] = lambda call, owner: _opened(
    call, owner, call.argument(0, "mode", Value("r"))
)


@library("io.StringIO")
def string_io(call: Call) -> Value:
    value = call.argument(0, "initial_value", Value(""))
    if value.unknown:
        return unknown(value.data.reason, union(value))
    return Value(File(value.data or ""), value.taint)


for _name in ("json", "tomllib", "yaml", "tomli"):

    def _load(call: Call, library: str = _name) -> Value:
        file: Any = call.argument(0, "fp", NONE).data
        if not isinstance(file, File) or library != "json":
            return unknown(f"{library}.load of a file", call.taint)
        return call.machine.call(LIBRARY_JSON, [lift(file.content, call.taint)])

    LIBRARY[f"{_name}.load"] = Value(Native(f"{_name}.load", _load))


LIBRARY_JSON = Value(Native("json.loads", pure(json.loads)))


def _on_path(position: int) -> Any:
    """``sys.path.insert`` and ``append``: a folder of the tree holds modules from now on."""

    def model(call: Call) -> Value:
        folder = compute(call.machine, str, call.argument(position, "path", NONE))
        inner = inside(call.machine, folder.data) if isinstance(folder.data, str) else None
        if inner is not None and inner not in call.machine.sources:
            call.machine.sources = (*call.machine.sources, inner)
        return NONE

    return model


for _name, _position in (("insert", 1), ("append", 0)):
    LIBRARY[f"sys.path.{_name}"] = Value(Native(f"sys.path.{_name}", _on_path(_position)))
