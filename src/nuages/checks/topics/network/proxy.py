"""What a proxy says about a request, and what Django believes of it."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.network.known import nginx_files
from nuages.checks.topics.network.ports import ports
from nuages.text import Location

_SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"
_PROTO = "SECURE_PROXY_SSL_HEADER"
_RIGHT = "('HTTP_X_FORWARDED_PROTO', 'https')"
_TRUSTS = re.compile(r"forwarded[-_]allow[-_]ips[\s=\"':]+\*|FORWARDED_ALLOW_IPS[\s=\"':]+\*", re.I)
_EVERYWHERE = re.compile(r"(?:0\.0\.0\.0:)?(?!443:|80:)\d+:\d+(?:/tcp)?")
_FRONTS = re.compile(r"nginx|traefik|caddy|haproxy|httpd|apache|envoy|openresty|proxy|cloudflared")
_KNOWN_PROXY = ("AXES_IPWARE", "AXES_PROXY", "AXES_META", "AXES_REVERSE", "AXES_CLIENT_IP")
_BASE = "env_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"


@rule(
    "NET010",
    severity="warning",
    title="Django does not know that the visitor came by https",
    why="TLS ends at the proxy, and Django sees plain http. Its own links and redirects say http, "
    "cookies may lack Secure, forms fail with 403 because their Origin says https; and with "
    "SECURE_SSL_REDIRECT each page redirects to itself.",
    symptom="ERR_TOO_MANY_REDIRECTS; CSRF verification failed: Origin checking failed - "
    "https://shop.example.com does not match any trusted origins.",
    fix='Write `SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")`, where the proxy '
    "sets that header itself.",
    url=f"{_SETTINGS}/#secure-proxy-ssl-header",
    mistake={"settings.py": f"# no {_PROTO}"},
    fixed={},
    repaired_by="https",
)
def unseen(production: Production) -> Faults:
    settings = production.settings
    unset = settings.get(_PROTO, default=()) in ((), None) and settings.complete(_PROTO)
    elsewhere = any(_on_a_branch(file) for file in production.settings_files)
    if not unset or settings.variables(_PROTO) or elsewhere:
        return
    redirects = settings.get("SECURE_SSL_REDIRECT", default=False) is True
    name = "SECURE_SSL_REDIRECT" if "SECURE_SSL_REDIRECT" in settings else "MIDDLEWARE"
    where = settings.at(_PROTO if _PROTO in settings else name)
    trusts = _server_trusts(production)
    if redirects and not trusts:
        message = f"SECURE_SSL_REDIRECT is on, and {_PROTO} is not set: behind a proxy it loops"
        yield Fault(message, where, severity="error")
    elif trusts:
        message = f"{_PROTO} is not set: only {trusts} tells Django of https"
        yield Fault(message, where, severity="info")
    else:
        yield Fault(f"{_PROTO} is not set: behind a proxy each request looks like http", where)


def _on_a_branch(file: PythonFile) -> bool:
    """Whether a branch that production may take sets the header."""
    inside = (node for branch in file.nodes(ast.If) for node in ast.walk(branch))
    return any(
        isinstance(target, ast.Name) and target.id == _PROTO
        for node in inside
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Constant)
        for target in node.targets
    )


def _server_trusts(production: Production) -> str:
    """The server that takes the scheme from the header and hands it to Django."""
    path = production.near("gunicorn.conf.py", "gunicorn_config.py")
    texts = [command for command, _ in production.commands]
    texts += [production.text(path)] if path else []
    texts += [i.text for d in production.dockerfiles for i in d.each("ENV")]
    return "the server's forwarded_allow_ips" if any(_TRUSTS.search(t) for t in texts) else ""


@rule(
    "NET011",
    severity="error",
    title="SECURE_PROXY_SSL_HEADER never matches",
    why="Django looks for the name as WSGI writes it, `HTTP_` and the rest in capitals with "
    "underscores, and compares the value as it is. Anything else is never there, so that every "
    "request counts as http.",
    symptom="ERR_TOO_MANY_REDIRECTS; CSRF 403 for each form.",
    fix=f"Write `{_PROTO} = {_RIGHT}`.",
    url=f"{_SETTINGS}/#secure-proxy-ssl-header",
    mistake={"settings.py": f"{_PROTO} = ('X-Forwarded-Proto', 'https')"},
    fixed={"settings.py": f"{_PROTO} = {_RIGHT}"},
    repaired_by="https",
)
def never_matches(production: Production) -> Faults:
    settings = production.settings
    value = settings.get(_PROTO)
    if value is None or not settings.complete(_PROTO):
        return
    where = settings.at(_PROTO)
    if not isinstance(value, list | tuple) or len(value) != 2:
        yield Fault(f"{_PROTO} is {value!r}, and must be a name and a value", where)
    elif not re.fullmatch(r"HTTP_[A-Z0-9_]+", str(value[0])):
        yield Fault(f"{_PROTO} names {value[0]!r}, which WSGI never does", where)
    elif "PROTO" in value[0] and value[1] != "https":
        yield Fault(f"{_PROTO} waits for {value[1]!r}, and proxies send https", where)


@rule(
    "NET012",
    severity="warning",
    title="Anybody may claim to have come by https",
    why="SECURE_PROXY_SSL_HEADER believes a header. Where the port of the application itself is "
    "open, whoever connects there sends that header, and is served without TLS as if with it.",
    symptom="Pages and Secure cookies over plain http, at the application's own port.",
    fix='Bind the port to the host, `"127.0.0.1:8000:8000"`, and let the proxy be the only way in.',
    url=f"{_SETTINGS}/#secure-proxy-ssl-header",
    mistake={"compose.yaml": 'services:\n  web:\n    build: .\n    ports: ["8000:8000"]\n'},
    fixed={"compose.yaml": 'services:\n  web:\n    build: .\n    ports: ["127.0.0.1:8000:8000"]\n'},
)
def claimed(production: Production) -> Faults:
    if production.settings.get(_PROTO) is None:
        return
    for compose in production.compose_files:
        for service in compose.services if compose.serves else ():
            front = _FRONTS.search(f"{service.name} {service.image}")
            for text, where in ports(service) if service.yaml.get("build") else ():
                if not front and _EVERYWHERE.fullmatch(text) and not _develops(service.command):
                    message = f"{service.name} is open at {text}, and {_PROTO} believes anybody"
                    yield Fault(message, where)


def _develops(command: str) -> bool:
    return "runserver" in command or "flower" in command


@rule(
    "NET013",
    severity="warning",
    title="The host is whatever the visitor says",
    why="USE_X_FORWARDED_HOST takes the host from a header that many proxies pass on as it came. "
    "Links in mails, password resets above all, then lead to a host of the sender's choice.",
    symptom="A password reset whose link leads elsewhere.",
    fix="Remove it, and let the proxy send the Host header; ALLOWED_HOSTS must be exact with it.",
    url=f"{_SETTINGS}/#use-x-forwarded-host",
    mistake={"settings.py": "USE_X_FORWARDED_HOST = True"},
    fixed={"settings.py": "USE_X_FORWARDED_HOST = False"},
)
def forwarded_host(production: Production) -> Faults:
    settings = production.settings
    if settings.get("USE_X_FORWARDED_HOST") is not True:
        return
    wide = "*" in settings.texts("ALLOWED_HOSTS")
    sets = any(file.header("X-Forwarded-Host") for file in nginx_files(production))
    level: Severity | None = "error" if wide and not sets else None
    words = ", and every host is allowed" if wide else ""
    if not sets or wide:
        where = settings.at("USE_X_FORWARDED_HOST")
        yield Fault(f"USE_X_FORWARDED_HOST is True{words}", where, severity=level)


@rule(
    "NET014",
    severity="error",
    title="The site does not allow its own domain",
    why="nuages.yaml names the domain, ALLOWED_HOSTS others. Every visitor who types the name is "
    "answered with 400.",
    symptom="Bad Request (400); Invalid HTTP_HOST header: 'shop.example.com'.",
    fix="Name the domain and its aliases in ALLOWED_HOSTS, or in the variable that it reads.",
    url=f"{_SETTINGS}/#allowed-hosts",
    mistake={
        "nuages.yaml": f"domain: shop.example.com\n{_BASE}",
        "settings.py": "ALLOWED_HOSTS = ['www.example.com']",
    },
    fixed={"nuages.yaml": f"domain: www.example.com\n{_BASE}"},
    repaired_by="hosts",
)
def domain(production: Production) -> Faults:
    settings, deployment = production.settings, production.deployment
    hosts = settings.texts("ALLOWED_HOSTS")
    if not deployment.domain or not hosts or not settings.complete("ALLOWED_HOSTS"):
        return
    given = production.config.manifest(production.environment).env_vars or {}
    steering = [name for name in settings.variables("ALLOWED_HOSTS") if name in given]
    for name in (deployment.domain, *deployment.aliases):
        if not any(_matches(name, host) for host in hosts):
            where = (
                production.config_at("env_vars", steering[0])
                if steering
                else settings.at("ALLOWED_HOSTS")
            )
            yield Fault(f"{name} is not in ALLOWED_HOSTS ({', '.join(hosts)})", where)


def _matches(name: str, host: str) -> bool:
    """As ``django.http.request.validate_host`` does."""
    below = host.startswith(".") and (name == host[1:] or name.endswith(host))
    return host in ("*", name) or below


@rule(
    "NET015",
    severity="warning",
    title="Any site may open a WebSocket",
    why="Browsers send cookies with a WebSocket and ask nobody. Without a look at the Origin a "
    "foreign page speaks with the consumers as the logged-in visitor.",
    symptom="Nothing: that is the trouble.",
    fix='Wrap the router: `"websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(…))`.',
    url="https://channels.readthedocs.io/en/stable/topics/security.html",
    mistake={
        "shop/asgi.py": "from channels.auth import AuthMiddlewareStack\n"
        "from channels.routing import ProtocolTypeRouter, URLRouter\n"
        "application = ProtocolTypeRouter({'websocket': AuthMiddlewareStack(URLRouter([]))})\n"
    },
    fixed={
        "shop/asgi.py": "from channels.auth import AuthMiddlewareStack\n"
        "from channels.routing import ProtocolTypeRouter, URLRouter\n"
        "from channels.security.websocket import AllowedHostsOriginValidator as Checked\n"
        "application = ProtocolTypeRouter(\n"
        "    {'websocket': Checked(AuthMiddlewareStack(URLRouter([])))})\n"
    },
)
def websocket(production: Production) -> Faults:
    for file in production.mentioning("ProtocolTypeRouter"):
        authenticates = re.search(r"(?:Auth|Session)MiddlewareStack|CookieMiddleware", file.text)
        if not authenticates or _validates(file):
            continue
        for number, line in enumerate(file.text.splitlines(), 1):
            if re.search(r"[\"']websocket[\"']", line):
                place = Location(file.path, number, len(line) - len(line.lstrip()) + 1)
                yield Fault("No origin validator stands before the WebSocket", place)
                break


def _validates(file: PythonFile) -> bool:
    """Whether it calls a validator, under whichever name it was imported."""
    imported = [name for node in file.nodes(ast.ImportFrom) for name in node.names]
    names = {each.asname or each.name for each in imported if "OriginValidator" in each.name}
    calls = (call.func for call in file.nodes(ast.Call))
    return any("OriginValidator" in ast.unparse(f) or ast.unparse(f) in names for f in calls)


@rule(
    "NET016",
    severity="warning",
    title="Failed logins are counted for the proxy",
    why="django-axes counts by the address of whoever connects, and behind a proxy that is always "
    "the proxy: a few wrong passwords of one stranger lock everybody out.",
    symptom="Account locked: too many login attempts, for all users at once.",
    fix="Install `django-axes[ipware]` and write `AXES_IPWARE_PROXY_COUNT = 1`, or lock by user "
    'name: `AXES_LOCKOUT_PARAMETERS = ["username"]`.',
    url="https://django-axes.readthedocs.io/en/latest/4_configuration.html"
    "#configuring-reverse-proxies",
    mistake={"settings.py": "INSTALLED_APPS += ['axes']"},
    fixed={"settings.py": "INSTALLED_APPS += ['axes']\nAXES_IPWARE_PROXY_COUNT = 1"},
)
def counted_for_the_proxy(production: Production) -> Faults:
    settings = production.settings
    if not settings.has_app("axes") or settings.evaluated.raises is not None:
        return
    named = [name for name in settings.evaluated.settings if name.startswith(_KNOWN_PROXY)]
    locked = settings.get("AXES_LOCKOUT_PARAMETERS", default=["ip_address"])
    by_address = "ip_address" in str(locked)
    if not named and by_address and settings.get("AXES_ENABLED", default=True) is not False:
        message = "django-axes counts the proxy's address: no AXES_IPWARE_… setting is there"
        yield Fault(message, settings.at("INSTALLED_APPS", "axes"))
