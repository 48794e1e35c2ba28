"""How the image's process starts, and whether it hears that it is to stop."""

from __future__ import annotations

import re
import shlex

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.server_command import SERVERS, ServerCommand
from nuages.checks.sources.shell import Command, commands
from nuages.checks.sources.starting import Start, by_default

_REFERENCE = "https://docs.docker.com/reference/dockerfile"
_IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nRUN pip list\nUSER 2000\n"
_SHELL_WORD = re.compile(r"\$\{?[A-Za-z_]\w*")
_SHELL = re.compile(r"(?:^|/)(?:ba|da|a)?sh$")
_LOCAL = re.compile(r"^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$")
_BIND = r"^bind\s*=\s*\[?f?[\"'](?:127\.0\.0\.1|localhost)\b"
_PORT = re.compile(r":(\d{2,5})$|^(\d{2,5})$")
_GIVEN = 8080
"""What the platforms that give a port give unless they are told another."""
_LASTING = (*SERVERS, "celery")


@rule(
    "IMG009",
    severity="warning",
    title="The server is started through a shell, which keeps the signal to itself",
    why="The shell form runs `/bin/sh -c`, and the shell is process 1: SIGTERM reaches it and not "
    "the server. Each release waits until everything is killed, with requests open. As an "
    "ENTRYPOINT it ignores CMD too.",
    symptom="docker stop takes ten seconds; exit code 137; 502 at each release.",
    fix='Write a list, `CMD ["gunicorn", "mysite.wsgi"]`, or `exec` before the command.',
    url=f"{_REFERENCE}/#shell-and-exec-form",
    mistake={"Dockerfile": f"{_IMAGE}CMD gunicorn shop.wsgi --bind 0.0.0.0:8000\n"},
    fixed={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]\n'},
)
def shell_form(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each in (dockerfile.last("ENTRYPOINT"), dockerfile.last("CMD")):
            if each and _keeps_the_shell(dockerfile, each):
                yield Fault(
                    f"{each.keyword} {_short(each.command)} runs below a shell", each.location
                )


def _keeps_the_shell(dockerfile: Dockerfile, each: Instruction) -> bool:
    if each.keyword == "CMD" and dockerfile.last("ENTRYPOINT"):
        return False  # the entry point decides
    argv = each.argv
    if argv is None:
        text, shell = each.text, dockerfile.last("SHELL")
        if shell and "bash" in shell.text and "&&" not in text:
            return False  # bash becomes a single command
    elif len(argv) > 2 and _SHELL.search(argv[0]) and re.fullmatch(r"-\w*c", argv[1]):
        text = argv[2]
        if _SHELL.search(argv[0]) and "bash" in argv[0]:
            return False
    else:
        return False
    found = list(commands([(text, each.location)]))
    return bool(found) and not found[-1].replaces and found[-1].program != "$@"


def _short(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:47]}…"


@rule(
    "IMG010",
    severity="warning",
    title="A start script does not become the server",
    why="Without `exec` the script waits as process 1 while the server runs below it. SIGTERM "
    "reaches the script only: the server is killed with requests open.",
    symptom="docker stop takes ten seconds; exit code 137; 502 at each release.",
    fix='Write `exec` before the last command: `exec gunicorn …`, `exec "$@"`.',
    url=f"{_REFERENCE}/#exec-form-entrypoint-example",
    mistake={
        "Dockerfile": f'{_IMAGE}CMD ["./start.sh"]\n',
        "start.sh": "#!/bin/sh\nset -e\ngunicorn shop.wsgi\n",
    },
    fixed={
        "Dockerfile": f'{_IMAGE}CMD ["./start.sh"]\n',
        "start.sh": "#!/bin/sh\nset -e\nexec gunicorn shop.wsgi\n",
    },
)
def no_exec(production: Production) -> Faults:
    for start in production.starts:
        for command in start.commands:
            scripted = command.location.path.endswith((".sh", ".bash")) or _in_script(
                start, command
            )
            server = command.program in _LASTING or command.text in {'"$@"', "$@", "${@}", '"${@}"'}
            if scripted and server and not command.replaces and _goes_on(command):
                yield Fault(f"{_short(command.text)} runs below the script", command.location)


def _in_script(start: Start, command: Command) -> bool:
    path = command.location.path
    return path != start.location.path and not path.endswith((".yml", ".yaml", "Procfile"))


def _goes_on(command: Command) -> bool:
    """Whether it is the command that the container lives by; not ``celery … status``."""
    asks = {"inspect", "status", "purge", "control", "upgrade", "report", "--check-config", "help"}
    return not asks & set(command.words) and "--version" not in command.words


@rule(
    "IMG012",
    severity="error",
    title="Django's development server serves the site",
    why="runserver handles no load, was never checked for security, reloads when a file changes, "
    "and with DEBUG shows the settings to visitors.",
    symptom="WARNING: This is a development server. Do not use it in a production setting.",
    fix="Start a server: `gunicorn mysite.wsgi` or `uvicorn mysite.asgi:application`.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver",
    mistake={"Dockerfile": f'{_IMAGE}CMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]\n'},
    fixed={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "shop.wsgi"]\n'},
)
def runserver(production: Production) -> Faults:
    served = any(c.program in SERVERS for start in production.starts for c in start.commands)
    services = (service for compose in production.compose_files for service in compose.own)
    mounts = {service.name for service in services if service.mounts_source}
    for start in production.starts:
        for command in start.commands:
            if command.management not in {"runserver", "runserver_plus"}:
                continue
            said = f"{start.name} runs {_short(command.text)}"
            if by_default(command) and start.name not in mounts:
                yield Fault(said, command.location)
            elif by_default(command) and not served:
                said = f"{said}, and nothing else here serves the site"
                yield Fault(said, command.location, severity="warning")


@rule(
    "IMG013",
    severity="error",
    title="A variable in a list that no shell reads",
    why="The list form runs the program itself, and nobody replaces `$PORT`: the server is given "
    "these five characters.",
    symptom="Error: '$PORT' is not a valid port number; invalid literal for int().",
    fix='Let a shell replace it, and become the server: `CMD ["sh", "-c", "exec gunicorn '
    '--bind 0.0.0.0:$PORT mysite.wsgi"]`; gunicorn reads PORT by itself too.',
    url=f"{_REFERENCE}/#exec-form",
    mistake={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "--bind", "0.0.0.0:$PORT", "shop.wsgi"]\n'},
    fixed={
        "Dockerfile": f'{_IMAGE}CMD ["sh", "-c", "exec gunicorn --bind 0.0.0.0:$PORT shop.wsgi"]\n'
    },
)
def unread_variable(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        entry, command = dockerfile.last("ENTRYPOINT"), dockerfile.last("CMD")
        script = bool(entry and entry.argv and not _is_server(entry))
        for each in (e for e in (entry, command) if e and e.argv):
            words = each.argv or ()
            shell = any(_SHELL.search(word) or word in {"-c", "-lc", "-ec"} for word in words)
            found = next((w for w in words if _SHELL_WORD.search(w)), None)
            found = found if _is_server(each) else None
            if found and not shell and not (script and each is command):
                yield Fault(f"{found} reaches the program as it stands", each.location)


def _is_server(each: Instruction) -> bool:
    """Whether it starts a program of which it is known that it replaces nothing."""
    programs = {
        command.program for command in commands([(shlex.join(each.argv or ()), each.location)])
    }
    return bool(programs & {*SERVERS, "celery", "manage.py"})


@rule(
    "IMG014",
    severity="error",
    title="The server listens to its own container only",
    why="127.0.0.1 is the container itself. The load balancer, the proxy and the published port "
    "come from outside it, and find nobody.",
    symptom="Connection refused; 502 Bad Gateway; the container failed to listen on its port.",
    fix="Listen on every address: `--bind 0.0.0.0:8000`.",
    url="https://docs.gunicorn.org/en/stable/settings.html#bind",
    mistake={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "--bind", "127.0.0.1:8000", "shop.wsgi"]\n'},
    fixed={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]\n'},
)
def loopback(production: Production) -> Faults:
    for start in _in_containers(production):
        if any(command.program == "nginx" for command in start.commands):
            continue  # a proxy in the same container
        for command in start.commands:
            for address in _addresses(command):
                if _LOCAL.match(address):
                    said = f"{command.program} listens on {address}"
                    yield Fault(said, command.location)
            if command.program == "gunicorn" and not _addresses(command):
                yield from _configured(production)
                yield from _silent(production, command)


def _configured(production: Production) -> Faults:
    """What gunicorn's own file says."""
    path = production.near("gunicorn.conf.py")
    for line, _ in production.lines(path).matching(_BIND) if path else ():
        yield Fault("gunicorn listens on the loopback address", line.location)


def _silent(production: Production, command: Command) -> Faults:
    """gunicorn's default is 127.0.0.1:8000, unless PORT or a configuration file says another."""
    told = {"-c", "--config"} & set(command.words) or any("=" in w for w in command.words[:1])
    sets = re.compile(r"\b(?:PORT|GUNICORN_CMD_ARGS)\b")
    files = [production.text(file.path) for file in production.dockerfiles]
    files += [production.text(compose.path) for compose in production.compose_files]
    has_file = any(p.endswith(("gunicorn.conf.py", "gunicorn_conf.py")) for p in production.files)
    if not told and not has_file and not any(sets.search(text) for text in files):
        yield Fault("gunicorn is told no address, and takes 127.0.0.1:8000", command.location)


def _in_containers(production: Production) -> list[Start]:
    processes = {entry.location for entry in production.processes}
    return [start for start in production.starts if start.location not in processes]


def _addresses(command: Command) -> list[str]:
    """What a server is told to listen on."""
    if command.program not in SERVERS:
        return []
    names = {
        "gunicorn": ("b", "bind"), "uvicorn": ("host",), "daphne": ("b", "bind"),
        "granian": ("host",), "hypercorn": ("b", "bind"), "waitress-serve": ("listen", "host"),
        "uwsgi": ("http", "http-socket", "socket", "s"),
    }[command.program]  # fmt: skip
    server = ServerCommand(command.program, command.argv[1:], command.location)
    return [server.options[name] for name in names if name in server.options]


@rule(
    "IMG044",
    severity="error",
    title="The server watches its files and starts anew",
    why="`--reload` is for whoever writes code: it polls every file, runs one process only, and "
    "drops requests whenever a file changes, an upload in the code's folder for instance.",
    symptom="A processor that is never idle; connections that are reset now and then.",
    fix="Leave `--reload` out of what production starts.",
    url="https://www.uvicorn.org/settings/#reloading-without-watchfiles",
    mistake={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "--reload", "shop.wsgi"]\n'},
    fixed={"Dockerfile": f'{_IMAGE}CMD ["gunicorn", "shop.wsgi"]\n'},
)
def watches(production: Production) -> Faults:
    mounted = {s.name for c in production.compose_files for s in c.own if s.is_draft}
    for start in (each for each in production.starts if each.name not in mounted):
        for command in start.commands:
            told = {"--reload", "--py-autoreload", "--autoreload"} & set(command.words)
            if command.program in _LASTING and told and by_default(command):
                yield Fault(f"{command.program} {min(told)}", command.location)


@rule(
    "IMG015",
    severity="warning",
    title="The port is written out, though the platform gives one",
    why="The platform says in PORT where it will look. A server that listens elsewhere is never "
    "found, and the release fails or the process is killed.",
    symptom="Error R10 (Boot timeout); the container failed to start and listen on the port "
    "defined provided by the PORT=8080 environment variable.",
    fix="Listen on it: `gunicorn --bind 0.0.0.0:$PORT …`.",
    url="https://devcenter.heroku.com/articles/runtime-principles#web-servers",
    mistake={"Procfile": "web: gunicorn shop.wsgi --bind 0.0.0.0:8000\n"},
    fixed={"Procfile": "web: gunicorn shop.wsgi --bind 0.0.0.0:$PORT\n"},
)
def written_port(production: Production) -> Faults:
    processes = {entry.location for entry in production.processes if entry.name == "web"}
    images = {file.path for file in production.dockerfiles if _is_given(production)}
    for start in production.starts:
        for command in start.commands:
            if start.location not in processes and start.name not in images:
                continue
            if "PORT" not in command.text and any(map(_fixed_port, _addresses(command))):
                said = f"{command.program} listens on {_addresses(command)[0]}, whatever PORT says"
                yield Fault(said, command.location)
            elif command.program == "gunicorn" and not _addresses(command):
                yield from _fixed_bind(production)


def _fixed_bind(production: Production) -> Faults:
    path = production.near("gunicorn.conf.py")
    for line, _ in production.lines(path).matching(r"^bind\s*=.*:\d{2,5}[\"']") if path else ():
        if not line.text.rstrip("]\"'").endswith(f":{_GIVEN}") and "environ" not in line.text:
            yield Fault("gunicorn listens on this port, whatever PORT says", line.location)


def _fixed_port(address: str) -> bool:
    return bool(_PORT.search(address)) and not address.endswith(f":{_GIVEN}")


def _is_given(production: Production) -> bool:
    """Whether the platform says the port in PORT, and takes no other."""
    return production.deployment.provider == "cloud_run"
