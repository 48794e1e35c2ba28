"""Files of ``NAME=value`` lines, as Docker and dotenv read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nuages.errors import UsageError
from nuages.text import Location

_LINE = re.compile(r"^(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(?P<value>.*)$")


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
