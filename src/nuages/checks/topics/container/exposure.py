"""Compose files that open the host, the code or the database to whoever gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.compose import ComposeService
from nuages.checks.sources.secret_text import is_form, keeps_secret, login

_SERVICES = "services:\n  web:\n    build: .\n    env_file: .env\n{}"
_WEB = "    restart: unless-stopped\n    mem_limit: 1g\n"
_SOCKET = re.compile(r"^(?:/var)?/run/docker\.sock:")


def _services(production: Production) -> Iterator[ComposeService]:
    return (service for compose in production.serving for service in compose.services)


@rule(
    "IMG034",
    severity="error",
    title="A container may do anything to the host",
    why="A privileged container sees every device and can load code into the kernel: who breaks "
    "into the site has the machine, and everything else that runs on it.",
    symptom="A miner that comes back after the container was deleted.",
    fix="Remove `privileged`; add the one capability that is needed with `cap_add`.",
    url="https://docs.docker.com/reference/compose-file/services/#privileged",
    mistake={"compose.yaml": _SERVICES.format(f"{_WEB}    privileged: true\n")},
    fixed={"compose.yaml": _SERVICES.format(_WEB)},
)
def privileged(production: Production) -> Faults:
    for service in _services(production):
        said = service.yaml.get("privileged")
        if said and said.value is True:
            yield Fault(f"{service.name} is privileged", service.at("privileged"))
        for key in ("network_mode", "pid", "ipc"):
            shared = service.yaml.get(key)
            if shared and shared.text == "host":
                what = f"{service.name} shares the host's {key.removesuffix('_mode')}"
                yield Fault(what, service.at(key), severity="warning")
        for text, where in service.texts("cap_add"):
            if text.upper().removeprefix("CAP_") in {"ALL", "SYS_ADMIN"}:
                yield Fault(f"{service.name} has the capability {text}", where)


@rule(
    "IMG035",
    severity="error",
    title="The site may command Docker",
    why="Whoever can write to Docker's socket can start a container with the host's disk in it: "
    "the socket is root's password of the machine.",
    symptom="A break-in into the site that becomes one into the machine.",
    fix="Remove the mount; a proxy that needs it gets a read-only socket proxy of its own.",
    url="https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    mistake={
        "compose.yaml": _SERVICES.format(
            f"{_WEB}    volumes: ['/var/run/docker.sock:/var/run/docker.sock']\n"
        )
    },
    fixed={"compose.yaml": _SERVICES.format(_WEB)},
)
def socket(production: Production) -> Faults:
    for compose in production.serving:
        own = {service.name for service in compose.own}
        for service in compose.services:
            for text, where in service.texts("volumes"):
                if _SOCKET.match(text):
                    grave = service.name in own
                    said = f"{service.name} is given Docker's socket"
                    yield Fault(said, where, severity=None if grave else "info")


@rule(
    "IMG038",
    severity="warning",
    title="A password is written in the compose file",
    why="Everybody who can read the repository knows it, it is the same in staging, and it cannot "
    "be changed without a commit. One from a tutorial is the first that is tried.",
    symptom="A database named READ_ME_TO_RECOVER_YOUR_DATA.",
    fix="Read it from a file that is not committed: "
    "`POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}`.",
    url="https://docs.docker.com/compose/how-tos/environment-variables/best-practices/",
    mistake={
        "compose.yaml": _SERVICES.format(f"{_WEB}    environment:\n      DB_PASSWORD: postgres\n")
    },
    fixed={
        "compose.yaml": _SERVICES.format(
            f"{_WEB}    environment:\n      DB_PASSWORD: ${{DB_PASSWORD:?}}\n"
        )
    },
)
def password(production: Production) -> Faults:
    for service in _services(production):
        written = [
            (said, where)
            for name, (value, where) in service.environment.items()
            if (said := _written(name, value or ""))
        ]
        if written:
            names = ", ".join(said for said, _ in written)
            yield Fault(f"Written out in {service.name}: {names}", written[0][1])


def _written(name: str, value: str) -> str:
    """What is written out in a variable; empty where nothing secret is."""
    known = login(value)
    if known and not is_form(known.password):
        return f"the password in {name}"
    default = re.fullmatch(r"\$\{\w+:?-([^}]*)\}", value)
    said = default[1] if default else value
    secret = keeps_secret(name) and not re.search(r"_FILE$|RANDOM", name)
    if secret and said and not said.startswith("$") and not is_form(said):
        return f"the default of {name}" if default else name
    return ""


@rule(
    "IMG050",
    severity="error",
    title="The container is told to develop",
    why="A variable of the image or of the compose file has the last word over the defaults of the "
    "settings: every visitor sees tracebacks with the settings, or the site runs with the "
    "settings of somebody's desk.",
    symptom="A yellow page with the traceback, for everybody.",
    fix="Remove the variable, or set production's value.",
    url="https://docs.djangoproject.com/en/stable/howto/deployment/checklist/#debug",
    mistake={
        "Dockerfile": "FROM python:3.13-slim\nRUN pip list\nENV DEBUG=True\nUSER 2000\n"
        'CMD ["gunicorn", "shop.wsgi"]\n',
        "settings.py": "DEBUG = env.bool('DEBUG', default=False)",
    },
    fixed={
        "Dockerfile": "FROM python:3.13-slim\nRUN pip list\nENV DEBUG=False\nUSER 2000\n"
        'CMD ["gunicorn", "shop.wsgi"]\n',
        "settings.py": "DEBUG = env.bool('DEBUG', default=False)",
    },
)
def told_to_develop(production: Production) -> Faults:
    steering = set(production.settings.variables("DEBUG"))
    for dockerfile in production.dockerfiles:
        for each in (i for i in dockerfile.final if i.keyword == "ENV"):
            for name, value in each.pairs:
                if _develops(name, value or "", steering):
                    yield Fault(f"ENV {name} is {value}", each.location)
    for compose in production.compose_files:
        for service in (s for s in compose.own if s.yaml.get("restart") and not s.is_draft):
            for name, (value, where) in service.environment.items():
                if _develops(name, value or "", steering):
                    yield Fault(f"{name} of {service.name} is {value}", where)


def _develops(name: str, value: str, steering: set[str]) -> bool:
    if name == "DJANGO_SETTINGS_MODULE":
        return bool(re.search(r"\.(?:dev|devel|development|local|debug|tests?)$", value))
    return name in steering and value.lower() in {"1", "true", "yes", "on"}


@rule(
    "IMG040",
    severity="error",
    title="The code of the host lies over the image's",
    why="What runs is whatever is in that folder of the machine, not what was built and tested: "
    "collected static files are hidden, a `git pull` changes a running site, a rollback of the "
    "image changes nothing.",
    symptom="A release that changes nothing; missing staticfiles manifest.",
    fix="Remove the mount; the code is in the image.",
    url="https://docs.docker.com/compose/how-tos/production/",
    mistake={
        "compose.yaml": None,
        "compose.production.yaml": _SERVICES.format(f"{_WEB}    volumes: ['.:/app']\n"),
    },
    fixed={
        "compose.yaml": None,
        "compose.production.yaml": _SERVICES.format(f"{_WEB}    volumes: ['media:/app/media']\n"),
    },
)
def source_mounted(production: Production) -> Faults:
    for compose in production.compose_files:
        for service in compose.own if compose.serves or not compose.develops else ():
            for text, where in service.texts("volumes"):
                if re.match(r"(?:\.|\./|\$\{?PWD\}?):/", text):
                    runs = "runserver" in service.command
                    if not runs and (compose.serves or "gunicorn" in service.command):
                        yield Fault(f"{service.name} runs the code of the host", where)
