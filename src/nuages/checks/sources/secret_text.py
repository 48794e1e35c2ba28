"""Texts that are secrets, by their names and by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "host.docker.internal"})  # noqa: S104
"""Hosts that are the machine itself."""
_NAMES = re.compile(
    r"(?:^|_)(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|SECRET_?KEY|API_?KEY|ACCESS_?KEY"
    r"|PRIVATE_?KEY|AUTH_?KEY|ACCOUNT_?KEY|LICENSE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|FERNET_?KEY)$",
    re.IGNORECASE,
)
_PUBLIC = re.compile(r"PUBLIC|PUBLISHABLE|SITE_?KEY|CSRF|TEST|DUMMY|EXAMPLE", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/@:]*:[^\s/@]+@", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"change[-_ ]?(?:me|this|it)\w*|.*\bchange[-_]me\b.*|your[-_ ].*|<.*>|\$\{?.*|x{3,}|\*{3,}"
    r"|\.{3}|todo|replace[-_ ]?(?:me|this)?.*|insert.*|put[-_ ].*|none|null|example|dummy\w*"
    r"|placeholder|secret|password|passwd|pass|postgres|root|admin|test(?:ing)?|123456?7?8?"
    r"|my[-_ ]?(?:secret|password).*|.*\bchangeme\b.*|s3cr3t|qwerty|letmein|!!!set.*|foobar",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"<.*>|\$\{?.*|\{\{?.*|your[-_ ].*|x{3,}|\*{3,}|\.{3}|insert.*|put[-_ ].*|replace[-_ ].*", re.I
)
_UNSET = re.compile(
    r"none|null|not[-_ ]?set|unset|disabled|(?:demo|dummy|fake|test|example)\w*|n/?a|placeholder"
    r"|build\w*|not[-_ ]?(?:used|a[-_ ]secret|needed)",
    re.IGNORECASE,
)
_OWNERS: tuple[tuple[str, str, str], ...] = (
    ("AKIA", r"\bAKIA[0-9A-Z]{16}\b", "an access key of Amazon"),
    ("ASIA", r"\bASIA[0-9A-Z]{16}\b", "an access key of Amazon"),
    ("_live_", r"\b[sr]k_live_[0-9A-Za-z]{16,}", "a live key of Stripe"),
    ("gh", r"\bgh[pousr]_[0-9A-Za-z]{36,}", "a token of GitHub"),
    ("github_pat_", r"\bgithub_pat_[0-9A-Za-z_]{50,}", "a token of GitHub"),
    ("glpat-", r"\bglpat-[0-9A-Za-z_-]{20,}", "a token of GitLab"),
    ("xox", r"\bxox[abprs]-[0-9A-Za-z-]{20,}", "a token of Slack"),
    ("SG.", r"\bSG\.[\w-]{16,}\.[\w-]{30,}", "a key of SendGrid"),
    ("AIza", r"\bAIza[0-9A-Za-z_-]{35}\b", "a key of Google's API"),
    ("dop_v1_", r"\bdop_v1_[0-9a-f]{64}\b", "a token of DigitalOcean"),
    ("sk-ant-", r"\bsk-ant-[\w-]{30,}", "a key of Anthropic"),
    ("sk-proj-", r"\bsk-proj-[\w-]{30,}", "a key of OpenAI"),
    ("key-", r"[\"']key-[0-9a-f]{32}[\"']", "a key of Mailgun"),
    ("PRIVATE KEY", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[\\\w+/]", "a private key"),
)
"""A word to look for first, the form, and whose it is; after the vendors' documentation, see
https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"""


@dataclass(frozen=True)
class Token:
    """A secret that is known by its form."""

    owner: str
    shown: str
    """Its first characters."""
    start: int
    public: bool = False
    """Browsers may have it, within limits that are set where it was made."""


@dataclass(frozen=True)
class Login:
    """User, password and host of a URL."""

    user: str
    password: str
    host: str


def keeps_secret(name: str) -> bool:
    """Whether what has this name is itself a secret: no file of one, no length, no prefix."""
    return bool(_NAMES.search(name)) and not _PUBLIC.search(name)


def is_placeholder(value: str) -> bool:
    """Whether a value only says that one belongs here: ``changeme``, ``<password>``, ``${X}``."""
    return bool(_PLACEHOLDER.fullmatch(value.strip()))


def is_form(value: str) -> bool:
    """Whether a value is a form to fill in, which nothing accepts: ``<your key>``."""
    return bool(_FORM.fullmatch(value.strip()))


def is_unset(value: str) -> bool:
    """Whether a value says that there is none: ``NOTSET``, ``dummy``, ``DEMO_KEY``."""
    return is_form(value) or bool(_UNSET.fullmatch(value.strip()))


def login(value: str) -> Login | None:
    """The login in a URL, where it has a password that is written out."""
    match = _URL.match(value)
    if not match or re.search(r"[${}<>%(]", match[0]):
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return None
    return Login(parts.username or "", parts.password or "", host) if parts.password else None


def tokens(text: str) -> Iterator[Token]:
    """Every key that is known by its form; examples of the vendors' documentation are none."""
    for word, pattern, owner in _OWNERS:
        for match in re.finditer(pattern, text) if word in text else ():
            if "EXAMPLE" not in match[0] and "XXXX" not in match[0].upper():
                shown = match[0].strip("\"'")[:8] + "…"
                yield Token(owner, shown, match.start(), word == "AIza")
