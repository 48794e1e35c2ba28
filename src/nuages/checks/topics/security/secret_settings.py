"""Passwords and keys that are written into the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.secret_text import LOCAL, Login, is_form, keeps_secret, login, tokens
from nuages.checks.topics.security import SECRETS
from nuages.text import Location

_LOWER = frozenset({"password", "secret", "secret_key", "api_key", "token", "client_secret"})


@rule(
    "SEC036",
    severity="error",
    title="A password or a key is in the settings",
    why="It goes wherever the code goes: every laptop, the CI, the image, perhaps the internet. "
    "It stays in git's history when it is deleted.",
    symptom="A bill for servers that somebody else started; mail that you did not send.",
    fix='Take a new one, read it with `os.environ["…"]`, and list it under `secrets`.',
    url=SECRETS,
    mistake={"settings.py": "EMAIL_HOST_PASSWORD = 'hunter2-and-more'"},
    fixed={"settings.py": "EMAIL_HOST_PASSWORD = env.str('EMAIL_HOST_PASSWORD')"},
)
def in_settings(production: Production) -> Faults:
    settings = production.settings
    for name in settings.evaluated.settings:
        if name in {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
            continue
        for keys, key, value in _texts(settings.get(name), (), name):
            url = login(value)
            remote = url is not None and url.host not in LOCAL
            if not remote and not (keeps_secret(key) and _is_value(key, value)):
                continue
            if not (settings.fixed(name) or _is_written(production, key, value)):
                continue
            where = settings.at(name, *keys[-1:])
            if url is not None and remote:
                yield _of_url(".".join((name, *keys)), url, where)
            elif key != "PASSWORD" or not _is_local(production, name):
                yield Fault(f"{'.'.join((name, *keys))} is a text in the code", where)


def _is_written(production: Production, key: str, value: str) -> bool:
    """Whether a text stands beside its key, in a setting of which other parts are read."""
    pattern = rf"[\"']?\b{re.escape(key)}[\"']?\s*[:=]\s*[\"']{re.escape(value)}[\"']"
    files = (file for file in production.settings_files if value in file.text)
    return any(re.search(pattern, file.text) for file in files)


def _of_url(name: str, url: Login, where: Location) -> Fault:
    # A service of the same compose file is reached by nobody else.
    near = "." not in url.host
    message = f"{name} holds the password for {url.user or 'everybody'} at {url.host}"
    return Fault(message, where, severity="warning" if near else None)


def _texts(
    value: Any, keys: tuple[str, ...], key: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every text in a value, with the keys above it and the nearest name."""
    if isinstance(value, str):
        yield keys, key, value
    elif isinstance(value, dict) and len(keys) < 5:
        for inner, part in value.items():
            if isinstance(inner, str) and inner != "unknown":
                yield from _texts(part, (*keys, inner), inner)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part, keys, key)


def _is_value(key: str, value: str) -> bool:
    """Whether a text under such a name is the secret itself, and of something worth it."""
    password = "PASS" in key.upper() or "PWD" in key.upper()
    if not key.isupper() and key not in _LOWER:
        return False
    if is_form(value) or any(tokens(value)) or not value.strip() or (" " in value and not password):
        return False
    if re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|/.*|https?://.*|[A-Z_]+", value):
        return False  # a dotted name, an address, the name of a variable
    # A word is the name of a header or of a lock.
    return password or (len(value) >= 8 and bool(re.search(r"\d", value)))


def _is_local(production: Production, name: str) -> bool:
    """Whether the code itself, and no stand-in for a variable, says that the host is this one."""
    usual = [v for _, k, v in _texts(production.settings.get(name), (), "") if k == "HOST"]
    alone = [v for _, k, v in _texts(production.settings_alone.get(name), (), "") if k == "HOST"]
    return bool(usual) and all(
        host in LOCAL and (host in alone or _is_written(production, "HOST", host)) for host in usual
    )
