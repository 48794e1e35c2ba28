"""nginx's configuration: its directives with their lines. Blocks are not followed.

The format: https://nginx.org/en/docs/beginners_guide.html#conf_structure
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.text import Location

_DIRECTIVE = re.compile(r"(?:^|[{;])\s*(?P<name>[a-z_]+)\s+(?P<value>[^;{}\s][^;{}]*?)\s*(?=[;{])")
_PORT = re.compile(r"(?:\S*:)?(\d+)\b")
_NAMES = re.compile(r"nginx|(?:^|/)(?:conf\.d|sites-(?:available|enabled))/|\.conf(?:\.\w+)*$")
_HELD = re.compile(r"\b(?:proxy_pass|uwsgi_pass|fastcgi_pass|server_name|listen)\b[^;{}]*;")


@dataclass(frozen=True)
class Directive:
    """``proxy_set_header Host $host;``"""

    name: str
    value: str
    """All after the name, as it is written."""
    location: Location


@dataclass(frozen=True)
class NginxServer:
    """One ``server`` block, with all that is in it."""

    directives: tuple[Directive, ...]

    def each(self, name: str) -> tuple[Directive, ...]:
        """Every directive of a name."""
        return tuple(each for each in self.directives if each.name == name)

    @property
    def tls_ports(self) -> frozenset[str]:
        """The ports on which it listens with TLS."""
        return frozenset(
            found[1]
            for each in self.each("listen")
            if "ssl" in each.value.split() and (found := _PORT.match(each.value))
        )

    @property
    def refuses(self) -> frozenset[str]:
        """The ports on which it takes what no other server does, and hands nothing on."""
        first = any("default" in each.value for each in self.each("listen"))
        return self.tls_ports if first and not self.each("proxy_pass") else frozenset()


@dataclass(frozen=True)
class NginxFile:
    """One file."""

    path: str
    text: str

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The directives in their order, on whichever level."""
        return tuple(self._directives())

    def _directives(self) -> Iterator[Directive]:
        for number, line in enumerate(self.text.splitlines(), 1):
            code = line.split("#", 1)[0]
            for found in _DIRECTIVE.finditer(code):
                place = Location(self.path, number, found.start("name") + 1)
                yield Directive(found["name"], found["value"], place)

    @cached_property
    def servers(self) -> tuple[NginxServer, ...]:
        """The ``server`` blocks, told by their braces."""
        spans, depth, start = [], 0, 0
        for number, line in enumerate(self.text.splitlines(), 1):
            code = line.split("#", 1)[0]
            if not start and re.match(r"\s*server\s*\{", code):
                start, depth = number, 0
            depth += code.count("{") - code.count("}")
            if start and depth <= 0:
                spans.append((start, number))
                start = 0
        return tuple(
            NginxServer(tuple(d for d in self.directives if a <= d.location.line <= b))
            for a, b in spans
        )

    def each(self, name: str) -> tuple[Directive, ...]:
        """Every directive of a name."""
        return tuple(each for each in self.directives if each.name == name)

    def header(self, name: str) -> Directive | None:
        """The ``proxy_set_header`` of a header; names count without their case."""
        for each in self.each("proxy_set_header"):
            if each.value.lower().startswith(f"{name.lower()} "):
                return each
        return None

    @property
    def ends_tls(self) -> bool:
        """Whether a server of it listens with TLS."""
        return any(re.search(r"\bssl\b|\b443\b", each.value) for each in self.each("listen"))

    @property
    def includes_headers(self) -> bool:
        """Whether the headers may stand in another file."""
        return any("param" in each.value or "proxy" in each.value for each in self.each("include"))


def nginx_file(text: str, path: str) -> NginxFile | None:
    """Read a file; None for one that is not nginx's."""
    return NginxFile(path, text) if _NAMES.search(path) and _HELD.search(text) else None
