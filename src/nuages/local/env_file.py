"""Files of ``NAME=value`` lines, as Docker and dotenv read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nuages.errors import UsageError
from nuages.text import Location

_LINE = re.compile(r"^(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(?P<value>.*)$")


def read(path: Path) -> dict[str, str]:
    """The values in a file that somebody has named. Raises UsageError where it cannot be read."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        why, hint = "is not there", "Name a file of NAME=value lines"
        there = sorted(near.name for near in path.parent.glob(".env*") if near.is_file())
        hint += f"; beside it there is {', '.join(there)}." if there else "."
        raise _unreadable(path, why, hint) from error
    except IsADirectoryError as error:
        raise _unreadable(path, "is a folder", "Name the file in it.") from error
    except PermissionError as error:
        raise _unreadable(path, "may not be read", f"`ls -l {path}` shows by whom.") from error
    except (OSError, UnicodeDecodeError) as error:
        hint = "It should be a text file, in UTF-8, of NAME=value lines."
        raise _unreadable(path, "cannot be read as text", hint) from error


def _unreadable(path: Path, why: str, hint: str) -> UsageError:
    return UsageError(
        f"the file {why}", location=Location(str(path)), hint=hint, reason="no-env-file"
    )


def parse(text: str, path: str) -> dict[str, str]:
    """The values in a file; a line that is none of them is an error that names it."""
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise UsageError(
                f"{path}:{number} is not NAME=value",
                location=Location(path, number),
                hint="Write one variable on each line; # begins a comment.",
            )
        values[match["name"]] = _value(match["value"].strip())
    return values


NAME = re.compile(r"(^|/)(\.env(\.\w+)?|[\w-]*\.env)$")
"""What such a file is called: ``.env``, ``.env.prod``, ``production.env``."""


def asked_for(log: str, folder: str) -> str:
    """The file of variables, below ``folder``, that a log ends for want of; else nothing.

    django-dotenv is given its folder, and opens that where the file is not there:
    https://github.com/jpadilla/django-dotenv/blob/master/dotenv.py
    """
    place = re.escape(folder)
    found = re.findall(rf"No such file or directory: '{place}/([^']+)'", log)
    if found and NAME.search(found[-1]):
        return str(found[-1])
    opened = re.findall(
        rf"dotenv\.py\", line[\s\S]*IsADirectoryError: [^\n]*: '{place}/?([^']*)'", log
    )
    return f"{opened[-1]}/.env".removeprefix("/") if opened else ""


EXAMPLE = re.compile(
    r"^(\.?env[._-](example|sample|template|tmpl|dist|default)s?|(example|sample)[._-]env)(\.\w+)?$"
)


def lenient(path: Path) -> dict[str, str]:
    """The values in a file that may be absent, or be of another kind."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError, UsageError):
        return {}


def examples(folder: Path) -> dict[str, str]:
    """What a project writes down, beside its code, as a pattern of such a file."""
    found: dict[str, str] = {}
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in (path for path in paths if EXAMPLE.match(path.name)):
        found |= lenient(path)
    return {name: value for name, value in found.items() if value and not PLACEHOLDER.search(value)}


PLACEHOLDER = re.compile(r"(?i)^<.*>$|^\$\{|change.?me|your[-_ ]|^x{3,}$|^\.{3}|replace|^todo$")
"""What stands in such a file for what somebody has to fill in."""


def _value(text: str) -> str:
    quoted = re.match(r"""^(['"])(.*)\1\s*(?:#.*)?$""", text)
    if quoted and quoted[1] == '"':
        return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), quoted[2])
    if quoted:
        return quoted[2]
    return re.sub(r"(?:^|\s+)#.*$", "", text)


def text(values: Mapping[str, str]) -> str:
    """The file that ``parse`` reads back as ``values``."""
    lines = (f'{name}="{_escaped(value)}"' for name, value in sorted(values.items()))
    return "".join(f"{line}\n" for line in lines)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
