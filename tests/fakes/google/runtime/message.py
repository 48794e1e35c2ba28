"""Heads of HTTP/1.1 messages, as the front rewrites them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
}
_FRONT_END = {
    "host",
    "x-forwarded-for",
    "x-forwarded-proto",
    "forwarded",
    "x-serverless-authorization",
}


class Malformed(Exception):
    """Not a head of HTTP/1."""


@dataclass(frozen=True, slots=True)
class Head:
    """`start` is the request's or the status line."""

    start: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, raw: bytes) -> Head:
        """
        Raises:
            Malformed: it is none.
        """
        start, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        if len(start.split(" ")) < 2 or any(not colon for _, colon, _ in pairs):
            raise Malformed(start)
        return cls(start, tuple((name, value.strip()) for name, _, value in pairs))

    def get(self, name: str) -> str:
        """All values of a header, joined as HTTP allows; empty without."""
        return ", ".join(value for key, value in self.headers if key.lower() == name)

    @property
    def method(self) -> str:
        return self.start.split(" ")[0]

    @property
    def target(self) -> str:
        return self.start.split(" ")[1]

    @property
    def status(self) -> int:
        return int(self.start.split(" ")[1])

    @property
    def upgrades(self) -> bool:
        return "upgrade" in self.get("connection").lower()

    def encode(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def forwarded(head: Head, host: str, client: str, trace: str) -> Head:
    """The request as the instance gets it; `host` is the name under which the service was called.

    https://cloud.google.com/functions/docs/reference/headers
    """
    kept = [
        (name, value)
        for name, value in head.headers
        if name.lower() not in _HOP_BY_HOP | _FRONT_END and not name.lower().startswith("x-google-")
    ]
    route = ", ".join(part for part in (head.get("x-forwarded-for"), client) if part)
    return Head(
        head.start,
        (
            ("Host", host),
            *kept,
            ("X-Forwarded-For", route),
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", f'for="{client}";proto=https'),
            ("X-Cloud-Trace-Context", f"{trace};o=1"),
            ("Connection", "Upgrade" if head.upgrades else "close"),
        ),
    )


def returned(head: Head) -> Head:
    """The response as the client gets it: this front keeps no connection open."""
    if head.status == 101:
        return head
    kept = [(name, value) for name, value in head.headers if name.lower() not in _HOP_BY_HOP]
    return Head(head.start, (*kept, ("Connection", "close")))
