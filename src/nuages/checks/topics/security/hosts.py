"""ALLOWED_HOSTS: which names the site answers to."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import SETTINGS

URL = f"{SETTINGS}/#allowed-hosts"
_LOCAL = re.compile(
    r"localhost|127\.[\d.]+|\[?::1?\]?|0\.0\.0\.0|\.localhost|host\.docker\.internal"
)
_PLATFORM = re.compile(
    r"^(RENDER|FLY|HEROKU|RAILWAY|VERCEL|KOYEB|DIGITALOCEAN|CODESPACE|GITPOD|REPL|WEBSITE|DYNO"
    r"|PYTHONANYWHERE|CLOUDRUN|K_SERVICE|GAE|APP_ENGINE)"
)


@rule(
    "SEC011",
    severity="warning",
    title="Every host name is accepted",
    why="The Host header is the visitor's word. Password-reset mails and absolute links carry "
    "it, so a victim's reset link leads to the attacker's server; caches keep the answer.",
    symptom="A password-reset mail with a foreign domain in it.",
    fix="Name the hosts: `ALLOWED_HOSTS = ['www.example.com']`, or read them from the environment.",
    url=URL,
    mistake={"settings.py": "ALLOWED_HOSTS = ['*']"},
    fixed={"settings.py": "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')"},
    repaired_by="hosts",
)
def wildcard(production: Production) -> Faults:
    settings, alone = production.settings, production.settings_alone
    where = settings.at("ALLOWED_HOSTS")
    if "*" in hosts_of(settings.get("ALLOWED_HOSTS")):
        names = settings.variables("ALLOWED_HOSTS")
        values = production.deployment.environment_variables
        given = [name for name in names if "*" in values.get(name, "")]
        at = production.config_at("env_vars", given[0]) if given else where
        yield Fault("ALLOWED_HOSTS has '*' in it: any Host header is believed", at)
    elif "*" in hosts_of(alone.get("ALLOWED_HOSTS")):
        names = alone.variables("ALLOWED_HOSTS")
        if not any(v.required for v in production.project.contract if v.name in names):
            yield Fault(
                f"Any Host header is believed wherever {' or '.join(names)} is not set",
                alone.at("ALLOWED_HOSTS"),
            )


def hosts_of(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    found = value if isinstance(value, list | tuple | set | frozenset) else ()
    return tuple(item for item in found if isinstance(item, str))


@rule(
    "SEC012",
    severity="error",
    title="No host of production is allowed",
    why="With DEBUG off Django answers 400 to every request whose Host is not in ALLOWED_HOSTS, "
    "and an empty list has none. With DEBUG on it admits local names alone.",
    symptom="Bad Request (400); Invalid HTTP_HOST header: 'shop.example.com'. You may need to add "
    "'shop.example.com' to ALLOWED_HOSTS.",
    fix="Read them from the environment: `ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')`.",
    url=URL,
    mistake={"settings.py": "ALLOWED_HOSTS = ['localhost', '127.0.0.1']"},
    fixed={"settings.py": "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')"},
    repaired_by="hosts",
)
def none_allowed(production: Production) -> Faults:
    settings = production.settings
    hosts = settings.get("ALLOWED_HOSTS", default=[])
    if not isinstance(hosts, list | tuple) or not settings.complete("ALLOWED_HOSTS"):
        return
    names = settings.variables("ALLOWED_HOSTS")
    outside = [host for host in hosts_of(hosts) if host and not _LOCAL.fullmatch(host)]
    where = settings.at("ALLOWED_HOSTS")
    platform = [name for name in names if _PLATFORM.match(name)]
    if names and all(_PLATFORM.match(name) for name in names) and _is_platforms(outside):
        message = f"ALLOWED_HOSTS has no host where {' and '.join(platform)} is not set"
        yield Fault(message, where, severity="warning")
    elif not outside and "ALLOWED_HOSTS" not in settings:
        yield Fault("ALLOWED_HOSTS is not set: every request is answered with 400", where)
    elif not outside and not _steered(production):
        what = f"only {', '.join(hosts_of(hosts))}" if hosts_of(hosts) else "nothing"
        unset = f" where {' and '.join(names)} is not set" if names else ""
        yield Fault(
            f"ALLOWED_HOSTS holds {what}{unset}: every request of a visitor is answered with 400",
            where,
            severity="warning" if names else None,
        )


def _is_platforms(outside: list[str]) -> bool:
    """Whether no host is allowed but what the platform's variables name."""
    return all("None" in host or _LOCAL.fullmatch(host) for host in outside)


def _steered(production: Production) -> bool:
    """Whether a variable that nobody has given yet, and that is no platform's, names the hosts."""
    names = production.settings.variables("ALLOWED_HOSTS")
    given = production.deployment.environment_variables
    switches = production.project.settings.environ
    own = [name for name in names if name not in switches and name not in given]
    return any("HOST" in n.upper() or "DOMAIN" in n.upper() for n in own if not _PLATFORM.match(n))
