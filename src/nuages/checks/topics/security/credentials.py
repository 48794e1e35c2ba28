"""Passwords and keys that lie where everybody can read them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.secret_text import (
    LOCAL,
    Login,
    is_form,
    is_placeholder,
    is_unset,
    keeps_secret,
    login,
    tokens,
)
from nuages.checks.topics.security import SETTINGS
from nuages.text import Location

_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
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
_LOWER = frozenset({"password", "secret", "secret_key", "api_key", "token", "client_secret"})
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*?)\s*$")


@rule(
    "SEC010",
    severity="error",
    title="A secret stands in nuages.yaml",
    why="The file is committed, and `env_vars` go as plain text into generated files, the "
    "console of the cloud and every log of a deployment.",
    symptom="A key that a scanner of public repositories uses within minutes.",
    fix="Move the name under `secrets`, and give the value with `nuages secrets set`.",
    url=_OWASP,
    mistake={
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  STRIPE_SECRET_KEY: k39fj2lw0\n"
    },
    fixed={"nuages.yaml": "domain: shop.example.com\nsecrets: [STRIPE_SECRET_KEY]\n"},
)
def in_manifest(production: Production) -> Faults:
    for name, value in production.deployment.environment_variables.items():
        url = login(value)
        secret = keeps_secret(name) and bool(value) and not value.isdigit()
        if secret or (url and url.host not in LOCAL) or any(tokens(value)):
            message = f"{name} is a secret, and its value stands here"
            yield Fault(message, production.config_at("env_vars", name))


@rule(
    "SEC036",
    severity="error",
    title="A password or a key is in the settings",
    why="It goes wherever the code goes: every laptop, the CI, the image, perhaps the internet. "
    "It stays in git's history when it is deleted.",
    symptom="A bill for servers that somebody else started; mail that you did not send.",
    fix='Take a new one, read it with `os.environ["…"]`, and list it under `secrets`.',
    url=_OWASP,
    mistake={"settings.py": "EMAIL_HOST_PASSWORD = 'hunter2-and-more'"},
    fixed={"settings.py": "EMAIL_HOST_PASSWORD = env.str('EMAIL_HOST_PASSWORD')"},
)
def in_settings(production: Production) -> Faults:
    settings = production.settings
    for name in settings.evaluated.settings:
        if name in {"SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
            continue
        for keys, key, value in _texts(settings.get(name), (), name):
            if not (settings.fixed(name) or _is_written(production, key, value)):
                continue
            where = settings.at(name, *keys[-1:])
            url = login(value)
            if url and url.host not in LOCAL:
                yield _of_url(".".join((name, *keys)), url, where)
            elif keeps_secret(key) and _is_value(key, value, settings.get(name)):
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


def _is_value(key: str, value: str, around: Any) -> bool:
    """Whether a text under such a name is the secret itself, and of something worth it."""
    password = "PASS" in key.upper() or "PWD" in key.upper()
    if not key.isupper() and key not in _LOWER:
        return False
    if is_form(value) or any(tokens(value)) or not value.strip() or (" " in value and not password):
        return False
    if re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|/.*|https?://.*|[A-Z_]+", value):
        return False  # a dotted name, an address, the name of a variable
    if not password and not (len(value) >= 8 and re.search(r"\d", value)):
        return False  # a word, such as the name of a header or of a lock
    hosts = [v for _, k, v in _texts(around, (), "") if k == "HOST"]
    return not (
        key == "PASSWORD"
        and hosts
        and all(isinstance(host, str) and host in LOCAL for host in hosts)
    )


@rule(
    "SEC037",
    severity="error",
    title="A key that can be used is in the code",
    why="Its form says whose it is: Amazon, Stripe, GitHub, Slack, Google. Whoever has read the "
    "repository once can use it.",
    symptom="AWS: We have become aware that the AWS Access Key AKIA… is publicly available online.",
    fix="Withdraw it where it was made, take a new one, and read it from the environment.",
    url=_OWASP,
    mistake={
        "orders/views.py": "import stripe\n\nstripe.api_key = 'sk_"
        + "live_4eC39HqLyjWDarjtT1zdp7dc'\n"
    },
    fixed={"orders/views.py": "import os\n\nKEY = os.environ['STRIPE_KEY']\n"},
)
def in_code(production: Production) -> Faults:
    for path in production.code:
        text = production.text(path)
        for found in tokens(text):
            if _is_told(production, path, text, found.start):
                continue
            line = text.count("\n", 0, found.start) + 1
            column = found.start - text.rfind("\n", 0, found.start)
            message = f"{found.owner}: {found.shown}"
            where = Location(path, line, column)
            yield Fault(message, where, severity="warning" if found.public else None)


def _is_told(production: Production, path: str, text: str, start: int) -> bool:
    """Whether it stands in a comment or a docstring: an example, or a key that is gone."""
    line = text.count("\n", 0, start) + 1
    if text[text.rfind("\n", 0, start) + 1 : start].lstrip().startswith("#"):
        return True
    statements = (each for each in production.python(path).nodes(ast.Expr))
    return any(
        isinstance(each.value, ast.Constant) and each.lineno <= line <= (each.end_lineno or 0)
        for each in statements
    )


@rule(
    "SEC038",
    severity="error",
    title="A file of variables with secrets is committed",
    why="What .gitignore does not hold goes into the repository, and with `COPY . .` into the "
    "image, where everybody who pulls it finds it.",
    symptom="A database that somebody else logs into.",
    fix="Add it to .gitignore and .dockerignore, `git rm --cached` it, and take new secrets; "
    "commit a .env.example without values.",
    url=_OWASP,
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
    url=_OWASP,
    mistake={"deploy/id_ed25519": "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNza\n"},
    fixed={"deploy/id_ed25519.pub": "ssh-ed25519 AAAAC3Nza shop\n"},
)
def key_file(production: Production) -> Faults:
    for path in production.tree.files:
        if _KEY_FILE.search(path) and not _ELSEWHERE.search(path):
            where = production.find(path, _PRIVATE.pattern)
            if where:
                yield Fault(f"{path} holds a private key", where)


@rule(
    "SEC040",
    severity="warning",
    title="A password is the default of a variable",
    why="A variable that is misspelled or missing makes no error: the site runs with the "
    "password that stands in the code.",
    symptom="Nothing at all, until somebody tries what the code says.",
    fix="Leave the default out, so that a missing variable stops the start.",
    url=f"{SETTINGS}/#core-settings",
    mistake={"settings.py": "ADMIN_PASSWORD = env.str('ADMIN_PASSWORD', default='changeme')"},
    fixed={"settings.py": "ADMIN_PASSWORD = env.str('ADMIN_PASSWORD')"},
)
def default(production: Production) -> Faults:
    alone = production.settings_alone
    steering = {*alone.variables("SECRET_KEY"), *alone.variables("SECRET_KEY_FALLBACKS")}
    for variable in production.project.contract:
        value = variable.default or ""
        if variable.required or variable.name in steering or not variable.reads:
            continue
        url = login(value)
        remote = url is not None and "." in url.host and url.host not in LOCAL
        plain = keeps_secret(variable.name) and len(value) >= 3 and not is_unset(value)
        if remote or (
            plain and not url and not _is_name(value) and not _is_local(production, variable.name)
        ):
            message = f"Without {variable.name} the secret is the one in the code"
            yield Fault(message, variable.reads[0])


def _is_name(value: str) -> bool:
    return bool(
        re.fullmatch(r"/.*|https?://.*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|\d+|True|False", value)
    )


def _is_local(production: Production, name: str) -> bool:
    """Whether it opens a database that is on localhost wherever the variable is not set."""
    databases = production.settings_alone.get("DATABASES")
    entries = databases.values() if isinstance(databases, dict) else ()
    hosts = [entry.get("HOST") for entry in entries if isinstance(entry, dict)]
    steers = name in production.settings_alone.variables("DATABASES")
    return steers and bool(hosts) and all(isinstance(host, str) and host in LOCAL for host in hosts)
