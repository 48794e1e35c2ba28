"""Whether what runs is what the image says: ports, probes, output, signals."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile
from nuages.text import Location

_IMAGE = "FROM python:3.13-slim\nWORKDIR /app\nRUN pip list\n{}"
_PORT = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b")
_LISTENS = re.compile(r"(?:bind|-b|--host|--port|-p|--http|--http-socket|--listen)\b[= ]+(\S+)")


@rule(
    "IMG029",
    severity="info",
    title="The image does not say how it is",
    why="Without a HEALTHCHECK, Docker and compose take a container for well as long as its "
    "process is there: `--wait`, `depends_on: service_healthy` and a rolling release have nothing "
    "to go by.",
    symptom="A container that is up and answers nobody.",
    fix="Add a HEALTHCHECK that asks for a page which needs no database.",
    url="https://docs.docker.com/reference/dockerfile/#healthcheck",
    mistake={
        "Dockerfile": _IMAGE.format('USER 2000\nCMD ["gunicorn", "shop.wsgi"]\n'),
    },
    fixed={
        "Dockerfile": _IMAGE.format(
            'USER 2000\nHEALTHCHECK CMD ["true"]\nCMD ["gunicorn", "shop.wsgi"]\n'
        ),
    },
)
def no_healthcheck(production: Production) -> Faults:
    composed = production.serving
    checked = any(s.yaml.get("healthcheck") for each in composed for s in each.own)
    if production.deployment.provider != "docker_host" or not composed or checked:
        return
    for dockerfile in production.dockerfiles:
        command = dockerfile.last("CMD") or dockerfile.last("ENTRYPOINT")
        if command and not dockerfile.last("HEALTHCHECK"):
            yield Fault("Docker cannot tell whether the site answers", command.location)


@rule(
    "IMG030",
    severity="warning",
    title="A port is named on which nobody listens",
    why="EXPOSE and HEALTHCHECK tell proxies and platforms where to find the site. Where the "
    "server listens elsewhere the container is never healthy, or the proxy finds nobody.",
    symptom="502 Bad Gateway; a container that stays unhealthy while the site answers.",
    fix="Name the port that the server listens on.",
    url="https://docs.docker.com/reference/dockerfile/#expose",
    mistake={
        "Dockerfile": _IMAGE.format(
            'USER 2000\nEXPOSE 80\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]\n'
        )
    },
    fixed={
        "Dockerfile": _IMAGE.format(
            'USER 2000\nEXPOSE 8000\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]\n'
        )
    },
)
def other_port(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        ports = _listened(production, dockerfile)
        if len(ports) != 1:
            continue
        port = next(iter(ports))
        if len(production.dockerfiles) == 1:
            yield from _published(production, port)
        exposed = [each for each in dockerfile.final if each.keyword == "EXPOSE"]
        named = {word.partition("/")[0] for each in exposed for word in each.text.split()}
        if named and all(word.isdigit() for word in named) and port not in named:
            said = f"EXPOSE names {', '.join(sorted(named))}, the server listens on {port}"
            yield Fault(said, exposed[0].location)
        check = dockerfile.last("HEALTHCHECK")
        probed = _PORT.search(check.command) if check else None
        if check and probed and probed[1] != port:
            said = f"HEALTHCHECK asks port {probed[1]}, the server listens on {port}"
            yield Fault(said, check.location)


def _published(production: Production, port: str) -> Faults:
    """Ports of compose that lead to another one in the container."""
    for service in (s for compose in production.serving for s in compose.own if not s.command):
        for text, where in service.texts("ports"):
            inside = text.partition("/")[0].rpartition(":")[2]
            if inside.isdigit() and inside != port:
                yield Fault(f"{text} leads to port {inside}, the server listens on {port}", where)


def _listened(production: Production, dockerfile: Dockerfile) -> set[str]:
    """The ports that the image's server is told, where they are all written out."""
    found: set[str] = set()
    for start in (each for each in production.starts if each.name == dockerfile.path):
        for command in start.commands:
            if command.program in {"nginx", "supervisord"}:
                return set()
            for address in _LISTENS.findall(command.text):
                port = re.search(r"(?:^|:)(\d{2,5})$", address.strip("'\""))
                if "$" in address or "unix:" in address:
                    return set()
                found |= {port[1]} if port else set()
    return found


@rule(
    "IMG031",
    severity="info",
    title="Python keeps its output back",
    why="Without PYTHONUNBUFFERED, what is printed is written a block at a time: the last lines "
    "before a crash, the ones that say why, are lost.",
    symptom="A container that ends without a word in its log.",
    fix="Write `ENV PYTHONUNBUFFERED=1`.",
    url="https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED",
    mistake={"Dockerfile": _IMAGE.format('USER 2000\nCMD ["gunicorn", "shop.wsgi"]\n')},
    fixed={
        "Dockerfile": _IMAGE.format(
            'ENV PYTHONUNBUFFERED=1\nUSER 2000\nCMD ["gunicorn", "shop.wsgi"]\n'
        )
    },
)
def buffered(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        said = any("PYTHONUNBUFFERED" in i.text for i in dockerfile.each("ENV", "ARG"))
        command = dockerfile.last("CMD") or dockerfile.last("ENTRYPOINT")
        unbuffered = command and re.search(r"\bpython[\d.]* -u\b", command.command)
        given = any(
            "PYTHONUNBUFFERED" in service.environment
            for compose in production.compose_files
            for service in compose.own
        )
        if command and not said and not unbuffered and not given and _is_python(dockerfile):
            yield Fault("What the site prints may be lost", command.location)


def _is_python(dockerfile: Dockerfile) -> bool:
    return "python" in dockerfile.served.image or any(
        "python" in stage.image for stage in dockerfile.stages[-1:]
    )


@rule(
    "IMG032",
    severity="warning",
    title="uWSGI reloads when it is told to stop",
    why="SIGTERM makes uWSGI reload, unless `die-on-term` is set: it goes on serving until it is "
    "killed, at every release.",
    symptom="docker stop takes ten seconds; exit code 137; “...gracefully killing workers...” and "
    "then a new start in the log.",
    fix="Add `die-on-term = true`.",
    url="https://uwsgi-docs.readthedocs.io/en/latest/ThingsToKnow.html",
    mistake={
        "Dockerfile": _IMAGE.format('USER 2000\nCMD ["uwsgi", "uwsgi.ini"]\n'),
        "uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nmaster = true\nhttp = :8000\n",
    },
    fixed={
        "Dockerfile": _IMAGE.format('USER 2000\nCMD ["uwsgi", "uwsgi.ini"]\n'),
        "uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nmaster = true\nhttp = :8000\n"
        "die-on-term = true\n",
    },
)
def reloads(production: Production) -> Faults:
    for start in production.starts:
        for command in start.commands:
            if command.program != "uwsgi" or "die-on-term" in command.text:
                continue
            names = [w.rpartition("/")[2] for w in command.words if w.endswith(".ini")]
            paths = [p for p in production.files if names and p.rpartition("/")[2] == names[0]]
            if not names:
                yield Fault("uwsgi is not told to end at SIGTERM", command.location)
            for path in paths[:1]:
                text = production.text(path)
                if "[uwsgi]" in text and not re.search(r"die-on-term|exit-on-reload", text):
                    yield Fault("die-on-term is not set", Location(path, 1))


@rule(
    "IMG033",
    severity="error",
    title="The image starts nothing",
    why="Without CMD or ENTRYPOINT the base image's command runs: an interpreter that has nobody "
    "to talk to, and ends at once.",
    symptom="Exited (0) a second after the start; a restart loop with an empty log.",
    fix='Add `CMD ["gunicorn", "mysite.wsgi"]`.',
    url="https://docs.docker.com/reference/dockerfile/#cmd",
    mistake={"Dockerfile": _IMAGE.format("COPY . .\nUSER 2000\n"), "compose.yaml": None},
    fixed={
        "Dockerfile": _IMAGE.format('COPY . .\nUSER 2000\nCMD ["gunicorn", "shop.wsgi"]\n'),
        "compose.yaml": None,
    },
)
def starts_nothing(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        if dockerfile.last("CMD") or dockerfile.last("ENTRYPOINT") or not dockerfile.final:
            continue
        official = re.match(r"(?:docker\.io/)?(?:library/)?python:", dockerfile.served.image)
        started = any(service.command for c in production.compose_files for service in c.own)
        elsewhere = any(path.endswith(_PLATFORMS) for path in production.files)
        if official and not elsewhere:
            yield Fault(
                "Neither CMD nor ENTRYPOINT is set",
                dockerfile.final[-1].location,
                severity="warning" if started else None,
            )


_PLATFORMS = ("fly.toml", "render.yaml", "Procfile", "app.yaml", "railway.json", "heroku.yml")
"""Files of platforms that may name the command."""
