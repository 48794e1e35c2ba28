"""Making a project out of the starter: one token renamed, one secret made up."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pathspec

from nuages.effects import files
from nuages.effects.generated import LOCK
from nuages.errors import StepFailed, UsageError
from nuages.project.tree import hashed
from nuages.starter import names
from nuages.text import slug

TOKEN = "mysite"  # noqa: S105 -- the name that the starter goes by
_TEXT = re.compile(rf"(?<![A-Za-z0-9]){TOKEN}(?![A-Za-z0-9])")
_SECRETS = ".env"
_DEVELOPMENT = """\
# Of this machine alone: git ignores it, and .env.example says what else it may hold.
DJANGO_SECRET_KEY={key}
DATABASE_PASSWORD={password}
"""


@dataclass(frozen=True)
class Created:
    """A new project: where it is, and its files."""

    root: Path
    files: tuple[str, ...]


def create(name: str, root: Path) -> Created:
    """Write a new project of that name to ``root``, wholly or not at all.

    Raises ``UsageError`` for a name that is taken or a folder that is not empty, and
    ``StepFailed`` where it cannot be written.
    """
    _check_name(name)
    contents = _contents(slug(name))
    try:
        _check_folder(root)
        with files.appearing(root) as folder:
            for path, content in contents.items():
                files.write(folder / path, content, _mode(content))
            files.write_secret(folder / _SECRETS, _made_up())
    except OSError as error:
        raise StepFailed(
            f"{root} cannot be written: {error.strerror or error}",
            hint="Nothing was left behind. Make room or choose another folder with --path.",
            reason="cannot-write",
        ) from error
    return Created(root, tuple(sorted((*contents, _SECRETS))))


def starter_files() -> tuple[str, ...]:
    """Every file of the starter, less what its own .gitignore leaves out."""
    source = _source()
    ignored = pathspec.GitIgnoreSpec.from_lines((source / ".gitignore").read_text().splitlines())
    paths = (p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file())
    return tuple(sorted(path for path in paths if not ignored.match_file(path)))


def _source() -> Path:
    return Path(str(resources.files("nuages.starter"))) / "project"


def _contents(name: str) -> dict[str, bytes]:
    source = _source()
    found = {_renamed(p, name): _content(source / p, name) for p in starter_files()}
    if LOCK in found:
        found[LOCK] = _relocked(found)
    return found


def _content(path: Path, name: str) -> bytes:
    content = path.read_bytes()
    try:
        return _renamed(content.decode("utf-8"), name).encode()
    except UnicodeDecodeError:
        return content  # a picture or a font


def _renamed(text: str, name: str) -> str:
    return _TEXT.sub(name, text)


def _relocked(contents: dict[str, bytes]) -> bytes:
    """nuages.lock with the hashes of the files under their new name."""
    document = json.loads(contents[LOCK])
    generated = document["generated"]
    document["generated"] = {path: hashed(contents[path].decode()) for path in generated}
    return (json.dumps(document, indent=2) + "\n").encode()


def _mode(content: bytes) -> int:
    return 0o755 if content.startswith(b"#!") else 0o644


def _made_up() -> str:
    return _DEVELOPMENT.format(key=secrets.token_urlsafe(48), password=secrets.token_hex(16))


def _check_name(name: str) -> None:
    packages = _packages()
    wrong = names.problem(name, packages)
    if wrong:
        raise UsageError(
            f"{name!r} cannot be the name of a project: {wrong}.",
            hint=f"`nuages new {names.suggestion(name, packages)}` would do.",
            reason="name-unfit",
        )


def _packages() -> frozenset[str]:
    lock = (_source() / "uv.lock").read_text("utf-8")
    return frozenset(re.findall(r'^name = "([^"]+)"', lock, re.M)) - {TOKEN}


def _check_folder(root: Path) -> None:
    if root.is_dir():
        taken = next(iter(sorted(root.iterdir())), None)
        problem = f"{root} is not empty: {taken.name} is in it." if taken else ""
    else:
        problem = f"{root} is there already, and is no folder." if files.exists(root) else ""
    if problem:
        raise UsageError(
            problem, hint="Choose another name or folder: --path.", reason="folder-not-empty"
        )
