"""Secrets that nuages.yaml gives, or that stand behind a variable as its default."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.given import in_config
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.secret_text import LOCAL, is_unset, keeps_secret, login, tokens
from nuages.checks.topics.security import SECRETS, SETTINGS
from nuages.text import looks_secret


@rule(
    "SEC010",
    severity="error",
    title="A secret stands in nuages.yaml",
    why="The file is committed, and `env_vars` go as plain text into generated files, the "
    "console of the cloud and every log of a deployment.",
    symptom="A key that a scanner of public repositories uses within minutes.",
    fix="Move the name under `secrets`, and give the value with `nuages secrets set`.",
    url=SECRETS,
    mistake={
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  STRIPE_SECRET_KEY: k39fj2lw0\n"
    },
    fixed={"nuages.yaml": "domain: shop.example.com\nsecrets: [STRIPE_SECRET_KEY]\n"},
)
def in_manifest(production: Production) -> Faults:
    # What flows into SECRET_KEY or a password is one, whatever its name.
    flows = {v.name for v in production.project.contract if v.secret and not looks_secret(v.name)}
    for one in in_config(production):
        value = one.value or ""
        if value.isdigit():
            continue
        url = login(value)
        secret = (keeps_secret(one.name) or one.name in flows) and bool(value)
        if secret or (url and url.host not in LOCAL) or any(tokens(value)):
            yield Fault(f"{one.name} is a secret, and its value stands here", one.location)


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
        plain = plain and _letters(value) != _letters(variable.name)
        if remote or (
            plain and not url and not _is_name(value) and not _is_local(production, variable.name)
        ):
            message = f"Without {variable.name} the secret is the one in the code"
            yield Fault(message, variable.reads[0])


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


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
