"""How long the server, and what stands before it, waits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import last_name
from nuages.text import Location

_GUNICORN = "https://docs.gunicorn.org/en/stable/settings.html"
_BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
_GRACE = f"{_BASE}server:\n  graceful_timeout: 30s\n"
_NGINX = "location / {{\n  proxy_pass http://web:8000;\n  proxy_read_timeout {}s;\n}}\n"
_CONF_NUMBER = r"^\s*{name}\s*=\s*(\d+)\s*(?:#|$)"
_OUTGOING = ("get", "post", "put", "patch", "delete", "head", "request", "options")


def _conf(production: Production, name: str) -> Iterator[tuple[int, Location]]:
    """A number that gunicorn's own configuration file sets."""
    path = production.near("gunicorn.conf.py")
    for number, line in enumerate(production.text(path).splitlines() if path else (), 1):
        found = re.match(_CONF_NUMBER.format(name=name), line)
        if found and path:
            yield int(found[1]), Location(path, number, 1)


def gunicorn(production: Production, name: str, *options: str) -> Iterator[tuple[int, Location]]:
    """The same number, given on a command line or in the file."""
    for start in production.servers:
        value = start.number(*options) if start.server == "gunicorn" else None
        if value is not None:
            yield value, start.location
    yield from _conf(production, name)


@rule(
    "TIM001",
    severity="error",
    title="The server gives up before the request may end",
    why="What stands in front waits as long as `deployment.timeout` says; a server that kills its "
    "worker earlier ends the request, and the others of that worker, in the middle.",
    symptom="502 Bad Gateway; [CRITICAL] WORKER TIMEOUT.",
    fix="Let `server.timeout` be longer than `deployment.timeout`, or leave it out.",
    url=f"{_GUNICORN}#timeout",
    mistake={"nuages.yaml": f"{_BASE}deployment:\n  timeout: 300s\nserver:\n  timeout: 30s\n"},
    fixed={"nuages.yaml": f"{_BASE}deployment:\n  timeout: 30s\nserver:\n  timeout: 40s\n"},
)
def server_gives_up(production: Production) -> Faults:
    web = production.deployment.web
    if web.server and 0 < web.server.timeout <= web.request_timeout:
        said = production.config_said("server", "timeout")
        keys = ("server", "timeout") if said else ("deployment", "timeout")
        yield Fault(
            f"The server waits {web.server.timeout} s, a request may take {web.request_timeout} s",
            production.config_at(*keys),
        )


@rule(
    "TIM002",
    severity="error",
    title="The server does not finish its requests before it is killed",
    why="After SIGTERM the platform waits `stop_timeout` seconds, then sends SIGKILL. A server "
    "that means to wait longer is killed with requests open, at every release.",
    symptom="A few 502 or connection resets at each release.",
    fix="Let `server.graceful_timeout` be shorter than `deployment.stop_timeout`.",
    url=f"{_GUNICORN}#graceful-timeout",
    mistake={"nuages.yaml": f"{_GRACE}deployment:\n  stop_timeout: 10s\n"},
    fixed={"nuages.yaml": f"{_GRACE}deployment:\n  stop_timeout: 40s\n"},
)
def killed(production: Production) -> Faults:
    web = production.deployment.web
    if web.server and web.server.graceful_timeout >= web.stop_timeout:
        yield Fault(
            f"The server takes up to {web.server.graceful_timeout} s to finish, and is killed "
            f"after {web.stop_timeout} s",
            production.config_at("server", "graceful_timeout"),
        )


@rule(
    "TIM003",
    severity="warning",
    title="gunicorn never gives up",
    why="With a timeout of 0 a worker that hangs is never replaced: each hang takes one away, "
    "until none is left. With one process per container nobody notices.",
    symptom="A site that stops answering after days, and starts again with a restart.",
    fix="Take a timeout that is a little longer than the longest request.",
    url=f"{_GUNICORN}#timeout",
    mistake={"Procfile": "web: gunicorn shop.wsgi --timeout 0\n"},
    fixed={"Procfile": "web: gunicorn shop.wsgi --timeout 310\n"},
)
def no_timeout(production: Production) -> Faults:
    for value, place in gunicorn(production, "timeout", "timeout", "t"):
        if value == 0:
            yield Fault("gunicorn's timeout is 0, which means none", place)


@rule(
    "TIM004",
    severity="warning",
    title="The probe waits longer than it is repeated",
    why="A probe that takes longer than its interval overlaps the next one, and a slow moment "
    "counts twice: the container is restarted when it is only busy.",
    symptom="Restarts under load.",
    fix="Let `health_check.timeout` be shorter than `health_check.interval`.",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/"
    "configure-liveness-readiness-startup-probes/#configure-probes",
    mistake={
        "nuages.yaml": f"{_BASE}deployment:\n  health_check:\n    interval: 5s\n    timeout: 10s\n"
    },
    fixed={
        "nuages.yaml": f"{_BASE}deployment:\n  health_check:\n    interval: 10s\n    timeout: 5s\n"
    },
)
def overlapping_probe(production: Production) -> Faults:
    probe = production.deployment.web.readiness
    if probe and probe.timeout >= probe.interval:
        yield Fault(
            f"The probe waits {probe.timeout} s, and is sent every {probe.interval} s",
            production.config_at("deployment", "health_check", "timeout"),
        )


@rule(
    "TIM005",
    severity="warning",
    title="A call to another site may wait for ever",
    why="requests has no timeout of its own. A site that does not answer holds the worker until "
    "the server kills it, and with it every request that waits behind.",
    symptom="WORKER TIMEOUT in the log while somebody else's service is down.",
    fix="Give a timeout, in seconds: `requests.get(url, timeout=10)`.",
    url="https://requests.readthedocs.io/en/latest/user/quickstart/#timeouts",
    mistake={"orders/views.py": "import requests\n\n\ndef rate():\n    return requests.get('x')\n"},
    fixed={
        "orders/views.py": "import requests\n\n\ndef rate():\n"
        "    return requests.get('x', timeout=5)\n"
    },
)
def outgoing(production: Production) -> Faults:
    for file in production.mentioning("requests", "urlopen"):
        calls = [] if _ASIDE.search(file.path) else [*_endless(file)]
        if calls:
            more = f", and {len(calls) - 1} times more in this file" if len(calls) > 1 else ""
            yield Fault(f"Waits for ever for an answer here{more}", file.at(calls[0]))


def _endless(file: PythonFile) -> Iterator[ast.Call]:
    imported = {a.asname or a.name for f in file.nodes(ast.ImportFrom) for a in f.names
                if f.module in {"requests", "urllib.request"}}  # fmt: skip
    owners = {"requests", *_sessions(file, imported)}
    for call in file.calls(*_OUTGOING, "urlopen"):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        name = last_name(call.func)
        asks = owner is not None and last_name(owner) in owners and name in _OUTGOING
        asks |= (owner is None and name in imported) or name == "urlopen"
        asks &= name != "urlopen" or len(call.args) < 3
        named = {keyword.arg for keyword in call.keywords}
        if asks and not {"timeout", None} & named:
            yield call


def _sessions(file: PythonFile, imported: set[str]) -> set[str]:
    """Names of sessions of requests; one with an adapter may have a timeout of its own."""
    if "mount(" in file.text:
        return set()
    found = {
        last_name(target)
        for each in file.nodes(ast.Assign)
        if isinstance(each.value, ast.Call) and last_name(each.value.func) in {"Session", "session"}
        if isinstance(each.value.func, ast.Attribute) or "Session" in imported
        for target in each.targets
    }
    return found if "requests" in file.text else set()


_ASIDE = re.compile(r"(?:^|/)(?:\.[^/]+|scripts?|docs?|examples?|tools?|bin|benchmarks?)/")
"""Folders whose code no request runs."""


@rule(
    "TIM006",
    severity="warning",
    title="nginx gives up before the server does",
    why="proxy_read_timeout is 60 seconds unless it is set; a request that the server is still "
    "working on ends with an error, and is often sent again.",
    symptom="504 Gateway Time-out after exactly 60 seconds.",
    fix="Let `proxy_read_timeout` be a little longer than the server's timeout.",
    url="https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
    mistake={"nginx.conf": _NGINX.format(60)},
    fixed={"nginx.conf": _NGINX.format(330)},
)
def nginx_gives_up(production: Production) -> Faults:
    waits = [value for value, _ in gunicorn(production, "timeout", "timeout", "t") if value]
    for path in production.tree.files:
        if waits and path.endswith((".conf", ".conf.template")) and "nginx" in path:
            for number, line in enumerate(production.text(path).splitlines(), 1):
                found = re.match(r"\s*(?:proxy|uwsgi)_read_timeout\s+(\d+)(s|m)?\s*;", line)
                seconds = int(found[1]) * (60 if found[2] == "m" else 1) if found else None
                if seconds is not None and seconds < max(waits):
                    message = f"nginx waits {seconds} s, the server {max(waits)} s"
                    yield Fault(message, Location(path, number, 1))
