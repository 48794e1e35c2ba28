"""Files of ``NAME=value`` lines, as Docker and dotenv read them."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
