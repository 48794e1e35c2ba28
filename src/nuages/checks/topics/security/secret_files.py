"""Files with secrets in them that are committed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.secret_text import LOCAL, is_placeholder, keeps_secret, login
from nuages.checks.topics.security import SECRETS
from nuages.text import Location

_ENV_FILE = re.compile(
    r"(?:^|/)(?:\.env(?:[._-](?:prod|production|live|staging|deploy))?"
    r"|(?:prod|production|live|staging)\.env|\.envs/\.?(?:prod|production|live|staging)/[^/]+)$"
)
_KEY_FILE = re.compile(
    r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.(?:pem|key|p12|pfx)"
    r"|[^/]*(?:service[-_]?account|credentials|keyfile|gcp|firebase)[^/]*\.json)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"(?:^|/)(?:tests?|testing|docs?|fixtures|examples?|demo)(?:/|$)")
_PRIVATE = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\"private_key\"\s*:\s*\"-----BEGIN")
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*?)\s*$")


@rule(
    "SEC038",
    severity="error",
    title="A file of variables with secrets is committed",
    why="What .gitignore does not hold goes into the repository, and with `COPY . .` into the "
    "image, where everybody who pulls it finds it.",
    symptom="A database that somebody else logs into.",
    fix="Add it to .gitignore and .dockerignore, `git rm --cached` it, and take new secrets; "
    "commit a .env.example without values.",
    url=SECRETS,
    mistake={".env": "DB_PASSWORD=8fj2kd02kfj\n", ".gitignore": None},
    fixed={".env": "DEBUG=False\n"},
)
def env_file(production: Production) -> Faults:
    for path in production.tree.files:
        if not _ENV_FILE.search(path) or _ELSEWHERE.search(path):
            continue
        names = [name for name, value in _assigned(production.text(path)) if _is_real(name, value)]
        if names:
            shown = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
            first = production.find(path, rf"^\s*(?:export\s+)?{names[0]}\s*=")
            yield Fault(
                f"{path} is not ignored by git, and holds {shown}", first or Location(path, 1)
            )


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _LINE.match(line)
        if match:
            yield match["name"], match["value"].split(" #")[0].strip().strip("\"'")


def _is_real(name: str, value: str) -> bool:
    url = login(value)
    if url:
        return url.host not in LOCAL and "." in url.host and not is_placeholder(url.password)
    return keeps_secret(name) and len(value) >= 6 and not is_placeholder(value)


@rule(
    "SEC039",
    severity="error",
    title="A private key is committed",
    why="A key file opens what it was made for to everybody who has the repository or the image.",
    symptom="A server that logs in somebody else; a service account that mines.",
    fix="Withdraw the key, remove the file from git, and mount the new one as a secret.",
    url=SECRETS,
    mistake={"deploy/id_ed25519": "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNza\n"},
    fixed={"deploy/id_ed25519.pub": "ssh-ed25519 AAAAC3Nza shop\n"},
)
def key_file(production: Production) -> Faults:
    for path in production.tree.files:
        if _KEY_FILE.search(path) and not _ELSEWHERE.search(path):
            where = production.find(path, _PRIVATE.pattern)
            if where:
                yield Fault(f"{path} holds a private key", where)
