"""Places in a text, names, quantities, and what must not be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file of the user's; line and column count from 1, 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.path]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


def slug(name: str, limit: int = 40) -> str:
    """Return ``name`` as a DNS label: lower-case letters, digits and single hyphens.

    The result starts with a letter, has at most ``limit`` characters (RFC 1035 allows 63) and
    is ``app`` when nothing of the name survives.
    """
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    words = re.sub(r"^[^a-z]+", "", words)
    return words[:limit].rstrip("-") or "app"


_SECRET_WORDS = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASS|TOKEN|PRIVATE|CREDENTIALS?|SALT|DSN|APIKEY"
    r"|(?:API|SECRET|ACCESS|SIGNING|ENCRYPTION|AUTH|MASTER|LICENSE|FERNET)_?KEY|KEY)(?:_|$)",
    re.IGNORECASE,
)
_PUBLIC_WORDS = re.compile(
    r"PUBLIC|PUBLISHABLE|KEY_PREFIX|CACHE_KEY|_KEY_NAME|KEY_ID$", re.IGNORECASE
)


def looks_secret(name: str) -> bool:
    """Tell whether an environment variable of this name usually holds a secret."""
    if _PUBLIC_WORDS.search(name):
        return False
    return bool(_SECRET_WORDS.search(name)) or name.upper() in _SECRET_URLS


_SECRET_URLS = frozenset({"DATABASE_URL", "EMAIL_URL", "BROKER_URL", "CELERY_BROKER_URL"})
_URL_PASSWORD = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+@", re.IGNORECASE)
_ASSIGNED = re.compile(
    r"(?P<name>\b[A-Z][A-Z0-9_]{2,})(?P<sep>[ \t]*[=:][ \t]*)(?P<value>[^\s,;]+)"
)


def redacted(text: str) -> str:
    """Return ``text`` with passwords in URLs and values of secret-looking names masked."""
    text = _URL_PASSWORD.sub(r"\g<head>***@", text)
    return _ASSIGNED.sub(
        lambda m: f"{m['name']}{m['sep']}***" if looks_secret(m["name"]) else m[0], text
    )


def texts(value: object) -> Iterator[str]:
    """Every text in a value, at any depth of mappings, lists and tuples; keys are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in texts(item))
