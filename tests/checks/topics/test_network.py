"""Rules about the network."""

from __future__ import annotations

import pytest
from clean_site import found

COMPOSE = 'services:\n  store:\n    image: {image}\n    ports: ["{port}"]\n'


@pytest.mark.parametrize(
    ("image", "port", "is_open"),
    [
        ("postgres:17", "5432:5432", True),
        ("bitnami/redis:7", "0.0.0.0:6379:6379", True),
        ("redis:7", "${REDIS_PORT:-6379}:6379", True),
        ("postgres:17", "127.0.0.1:5432:5432", False),
        ("postgres:17", "5432", False),
        ("nginx:1.27", "80:80", False),
    ],
)
def test_ports_of_stores(image: str, port: str, is_open: bool) -> None:
    text = COMPOSE.format(image=image, port=port)
    assert bool(found("NET001", {"compose.yaml": text})) is is_open


@pytest.mark.parametrize(
    ("port", "is_open"),
    [
        ("{target: 5432, published: '5432'}", True),
        ("{target: 5432, published: 5432, host_ip: 0.0.0.0}", True),
        ("{target: 5432, published: 5432, host_ip: 127.0.0.1}", False),
        ("{target: 5432}", False),
    ],
)
def test_ports_in_the_long_form(port: str, is_open: bool) -> None:
    text = f"services:\n  store:\n    image: postgres:17\n    ports: [{port}]\n"
    assert bool(found("NET001", {"compose.yaml": text})) is is_open


@pytest.mark.parametrize(
    ("service", "severities"),
    [
        ("flower:\n    command: celery flower\n    ports: ['5555:5555']", ["warning"]),
        ("flower:\n    ports: ['127.0.0.1:5555:5555']", []),
        ("db-ui:\n    image: adminer:5\n    ports: ['8081:8080']", ["warning"]),
        ("flower: {}\n  traefik:\n    ports: ['0.0.0.0:5555:5555', '443:443']", ["info"]),
        (
            "web:\n    build: .\n    volumes: ['.:/app']\n"
            "  mail:\n    image: mailhog\n    ports: ['1:1']",
            [],
        ),
    ],
)
def test_tools_for_insiders(service: str, severities: list[str]) -> None:
    text = f"services:\n  {service}\n"
    assert [each.severity for each in found("NET002", {"compose.yaml": text})] == severities


OLDER = {"requirements.txt": "django==3.2.25\npsycopg2==2.9.10\nwhitenoise==5.3\n"}


@pytest.mark.parametrize(
    ("origin", "wrong"),
    [
        ("https://shop.example.com", False),
        ("https://*.example.com", False),
        ("http://localhost:8000", False),
        ("shop.example.com", True),
        ("https://shop.example.com/", True),
        ("https://shop.example.com/admin", True),
        ("https://*", True),
        ("", True),
    ],
)
def test_trusted_origins(origin: str, wrong: bool) -> None:
    settings = {"settings.py": f"CSRF_TRUSTED_ORIGINS = ['{origin}']"}
    assert bool(found("NET003", settings)) is wrong
    # Until Django 4.0 it was a host, without its scheme.
    assert bool(found("NET003", {**settings, **OLDER})) is ("://" in origin)


def test_a_trusted_origin_of_nuages_yaml_is_found_there() -> None:
    text = (
        "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
        "  CSRF_TRUSTED_ORIGINS: shop.example.com\n"
    )
    (finding,) = found("NET003", {"nuages.yaml": text})
    assert str(finding.location).startswith("nuages.yaml:4")


@pytest.mark.parametrize(
    ("origin", "severity"),
    [
        ("https://*.run.app", "warning"),
        ("https://*.eu-west-1.amazonaws.com", "warning"),
        ("https://*.com", "warning"),
        ("https://shop.onrender.com", None),
        ("https://*.shop.example.com", None),
        ("http://shop.example.com", "info"),
    ],
)
def test_origins_of_strangers(origin: str, severity: str | None) -> None:
    findings = found("NET004", {"settings.py": f"CSRF_TRUSTED_ORIGINS = ['{origin}']"})
    assert [each.severity for each in findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ("CORS_ALLOW_ALL_ORIGINS = True", {"NET006"}),
        ("CORS_ORIGIN_ALLOW_ALL = True", {"NET006"}),
        ("CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://.*$']", {"NET006"}),
        ("CORS_ALLOWED_ORIGIN_REGEXES = ['.*']", {"NET006"}),
        ("CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False", {"NET005"}),
        ("CORS_ALLOW_ALL_ORIGINS = False", set()),
        (
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False\n"
            "CORS_ALLOW_METHODS = ['GET', 'OPTIONS']",
            set(),
        ),
        (
            "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False\n"
            "CORS_URLS_REGEX = r'^/public/.*$'",
            set(),
        ),
    ],
)
def test_open_cors(settings: str, rules: set[str]) -> None:
    files = {"settings.py": settings}
    assert {rule for rule in ("NET005", "NET006") if found(rule, files, base="split")} == rules


@pytest.mark.parametrize(
    ("origin", "wrong"),
    [
        ("app.example.org", True),
        ("https://app.example.org/", True),
        ("https://app.example.org:8443", False),
        ("null", False),
    ],
)
def test_cors_origins(origin: str, wrong: bool) -> None:
    settings = {"settings.py": f"CORS_ALLOWED_ORIGINS = ('{origin}',)"}
    assert bool(found("NET008", settings, base="split")) is wrong


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"^https://\w+\.example\.com$", False),
        (r"^https://\w+\.example\.com", True),
        (r"^https://\w+.example.com$", True),
    ],
)
def test_patterns_of_cors(pattern: str, loose: bool) -> None:
    settings = {"settings.py": f"CORS_ALLOWED_ORIGIN_REGEXES = [r'{pattern}']"}
    assert bool(found("NET009", settings, base="split")) is loose


CORS = "corsheaders.middleware.CorsMiddleware"


@pytest.mark.parametrize(
    ("change", "severities"),
    [
        (f"MIDDLEWARE.remove('{CORS}')", ["warning"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(2, '{CORS}')", ["info"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(4, '{CORS}')", ["warning"]),
        (f"MIDDLEWARE.remove('{CORS}')\nMIDDLEWARE.insert(0, '{CORS}')", []),
    ],
)
def test_order_of_cors(change: str, severities: list[str]) -> None:
    findings = found("NET007", {"settings.py": change}, base="split")
    assert [each.severity for each in findings] == severities


HEADER = "SECURE_PROXY_SSL_HEADER"


@pytest.mark.parametrize(
    ("files", "severities"),
    [
        ({"settings.py": f"# no {HEADER}"}, ["error"]),
        ({"settings.py": f"# no {HEADER}\nSECURE_SSL_REDIRECT = False"}, ["warning"]),
        ({"settings.py": f"{HEADER} = None"}, ["error"]),
        (
            {
                "settings.py": f"# no {HEADER}",
                "Procfile": "web: gunicorn shop.wsgi --forwarded-allow-ips='*'",
            },
            ["info"],
        ),
        (
            {
                "settings.py": f"# no {HEADER}\nimport os\nif os.environ.get('BEHIND'):\n"
                f"    {HEADER} = ('HTTP_X_FORWARDED_PROTO', 'https')"
            },
            [],
        ),
    ],
)
def test_https_that_django_does_not_see(files: dict[str, str], severities: list[str]) -> None:
    assert [each.severity for each in found("NET010", files)] == severities


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("('HTTP_X_FORWARDED_PROTO', 'https')", False),
        ("['HTTP_X_FORWARDED_PROTO', 'https']", False),
        ("('HTTP_X_FORWARDED_SSL', 'on')", False),
        ("('HTTP_X_FORWARDED_PROTO', 'on')", True),
        ("('HTTP-X-FORWARDED-PROTO', 'https')", True),
        ("('X_FORWARDED_PROTO', 'https')", True),
        ("'HTTP_X_FORWARDED_PROTO'", True),
    ],
)
def test_headers_that_never_match(value: str, wrong: bool) -> None:
    assert bool(found("NET011", {"settings.py": f"{HEADER} = {value}"})) is wrong


def test_an_open_port_beside_the_proxy() -> None:
    text = "services:\n  web:\n    build: .\n    ports: ['{}']\n"
    assert found("NET012", {"compose.yaml": text.format("0.0.0.0:8000:8000")})
    assert found("NET012", {"compose.yaml": text.format("8000")}) == []
    closed = {"settings.py": f"# no {HEADER}", "compose.yaml": text.format("8000:8000")}
    assert found("NET012", closed) == []


def test_forwarded_hosts() -> None:
    forwarded = "USE_X_FORWARDED_HOST = True\n"
    (finding,) = found("NET013", {"settings.py": f"{forwarded}ALLOWED_HOSTS = ['*']"})
    assert finding.severity == "error"
    nginx = "server {\n  location / {\n    proxy_pass http://web;\n"
    nginx += "    proxy_set_header X-Forwarded-Host $http_host;\n  }\n}\n"
    assert found("NET013", {"settings.py": forwarded, "nginx.conf": nginx}) == []


YAML = "domain: shop.example.com\ndomain_aliases: [example.com]\nenv_vars:\n"


@pytest.mark.parametrize(
    ("hosts", "missing"),
    [
        ("shop.example.com,example.com", 0),
        (".example.com", 0),
        ("shop.example.com", 1),
        ("other.example.net", 2),
    ],
)
def test_the_domain_is_allowed(hosts: str, missing: int) -> None:
    text = f"{YAML}  AWS_STORAGE_BUCKET_NAME: uploads\n  ALLOWED_HOSTS: '{hosts}'\n"
    findings = found("NET014", {"nuages.yaml": text})
    assert len(findings) == missing
    assert all(str(each.location).startswith("nuages.yaml:5") for each in findings)


AXES = "INSTALLED_APPS += ['axes']\n"


def test_axes_that_locks_by_name() -> None:
    assert found("NET016", {"settings.py": AXES})
    by_name = f"{AXES}AXES_LOCKOUT_PARAMETERS = ['username']"
    assert found("NET016", {"settings.py": by_name}) == []


SERVER = "server {{\n  listen {};\n  location / {{\n    proxy_pass {};\n    {}\n  }}\n}}\n"
PROTO = "proxy_set_header X-Forwarded-Proto $scheme;"


@pytest.mark.parametrize(
    ("listen", "target", "headers", "rules"),
    [
        ("443 ssl", "http://web:8000", f"proxy_set_header Host $http_host; {PROTO}", set()),
        ("443 ssl", "http://web:8000", PROTO, {"NET017"}),
        ("443 ssl", "http://127.0.0.1:8000", PROTO, {"NET017"}),
        ("443 ssl", "http://web", "include proxy_params;", set()),
        ("443 ssl", "https://storage.example.com", "", set()),
        ("443 ssl", "http://web", "proxy_set_header Host $http_host;", {"NET018"}),
        ("8080", "http://web", f"proxy_set_header Host $host; {PROTO}", {"NET017"}),
        ("8080", "http://web", f"proxy_set_header Host $host:8080; {PROTO}", set()),
    ],
)
def test_headers_of_nginx(listen: str, target: str, headers: str, rules: set[str]) -> None:
    text = SERVER.format(listen, target, headers)
    files = {"nginx.conf": text, "compose.yaml": None}
    assert {rule for rule in ("NET017", "NET018") if found(rule, files)} == rules


def test_what_nginx_says_of_the_scheme() -> None:
    host = "proxy_set_header Host $http_host;"
    for value, severities in (("http", ["error"]), ("$http_x_forwarded_proto", ["warning"])):
        headers = f"{host} proxy_set_header X-Forwarded-Proto {value};"
        tls = SERVER.format("443 ssl", "http://web", headers)
        assert [f.severity for f in found("NET018", {"nginx.conf": tls})] == severities
        plain = SERVER.format("80", "http://web", headers)
        assert found("NET018", {"nginx.conf": plain}) == []


TLS = "server {{\n  listen 443 ssl{};\n  server_name {};\n  location / {{\n    {}\n  }}\n}}\n"
PASSES = "proxy_pass http://web; include proxy_params;"


@pytest.mark.parametrize(
    ("text", "open_to_any"),
    [
        (TLS.format("", "shop.example.com", PASSES), True),
        (TLS.format(" default_server", "shop.example.com", PASSES), True),
        (TLS.format("", "_", PASSES), False),
        (TLS.format("", "shop.example.com", "return 301 https://www.example.com;"), False),
        (
            TLS.format("", "shop.example.com", PASSES)
            + TLS.format(" default_server", "_", "return 444;"),
            False,
        ),
    ],
)
def test_hosts_that_nobody_asked_for(text: str, open_to_any: bool) -> None:
    assert bool(found("NET020", {"nginx.conf": text})) is open_to_any


@pytest.mark.parametrize(
    ("origins", "wrong"),
    [
        ("https://staging.example.com", True),
        ("https://staging.example.com,https://shop.example.com", False),
        ("https://*.example.com", False),
        ("https://app.example.com", False),
        ("https://staging.example.net", False),
    ],
)
def test_origins_of_another_environment(origins: str, wrong: bool) -> None:
    text = f"{YAML}  AWS_STORAGE_BUCKET_NAME: uploads\n  CSRF_TRUSTED_ORIGINS: '{origins}'\n"
    assert bool(found("NET021", {"nuages.yaml": text})) is wrong


def test_an_import_alone_validates_no_origin() -> None:
    text = (
        "from channels.auth import AuthMiddlewareStack\n"
        "from channels.routing import ProtocolTypeRouter, URLRouter\n"
        "from channels.security.websocket import AllowedHostsOriginValidator\n"
        "application = ProtocolTypeRouter({\n"
        "    'websocket': AuthMiddlewareStack(URLRouter([])),\n})\n"
    )
    (finding,) = found("NET015", {"shop/asgi.py": text})
    assert finding.location.line == 5
