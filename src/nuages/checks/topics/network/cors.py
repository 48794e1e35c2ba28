"""CORS: which other sites may call this one from a browser (django-cors-headers)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_URL = "https://github.com/adamchainz/django-cors-headers"
_ALL = ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")
_LISTS = ("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST")
_REGEXES = ("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST")
_MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
_READS = {"GET", "HEAD", "OPTIONS"}
_ANYTHING = re.compile(r"\^?(?:https?\??:?/?/?)?(?:\(?\.[*+]\)?|\\w\+|\[\^/\]\+)\$?$")


def _name(production: Production, names: tuple[str, ...]) -> str | None:
    """The one of these settings that counts: the newer one, if both are set."""
    return next((name for name in names if name in production.settings), None)


def _is_open(production: Production) -> tuple[str, str] | None:
    """The setting that lets every site in, and how."""
    settings = production.settings
    name = _name(production, _ALL)
    if name and settings.get(name) is True and production.told(name):
        return name, f"{name} is True"
    name = _name(production, _REGEXES)
    for pattern in settings.texts(name) if name else ():
        if name and _ANYTHING.fullmatch(pattern):
            return name, f"{pattern!r} in {name} matches every site"
    return None


def _installed(production: Production) -> bool:
    return production.settings.has_app("corsheaders") or any(
        "corsheaders" in name for name in production.settings.texts("MIDDLEWARE")
    )


@rule(
    "NET005",
    severity="warning",
    title="Every site may call this one",
    why="Any page that somebody visits can read what this site answers, from within their network "
    "and with what their browser knows of it.",
    symptom="Access-Control-Allow-Origin: *",
    fix='Name the front end: `CORS_ALLOWED_ORIGINS = ["https://app.example.com"]`. For a public '
    "interface limit it with CORS_URLS_REGEX and CORS_ALLOW_METHODS.",
    url=_URL,
    mistake={"settings.py": "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = False"},
    fixed={"settings.py": "CORS_ALLOWED_ORIGINS = ['https://app.example.org']"},
    site="split",
)
def open_to_all(production: Production) -> Faults:
    settings = production.settings
    found = _is_open(production)
    if found is None or not _installed(production) or settings.get("CORS_ALLOW_CREDENTIALS"):
        return
    methods = set(settings.texts("CORS_ALLOW_METHODS"))
    reads = bool(methods) and methods <= _READS
    if not reads and "CORS_URLS_REGEX" not in settings:
        name, message = found
        yield Fault(message, settings.at(name))


@rule(
    "NET006",
    severity="error",
    title="Every site may call this one with the visitor's session",
    why="django-cors-headers then answers each Origin with its own name and admits cookies: any "
    "page can read, as the logged-in visitor, whatever the visitor can read.",
    symptom="Access-Control-Allow-Origin: https://evil.example, Access-Control-Allow-Credentials: "
    "true.",
    fix="Name the front end in CORS_ALLOWED_ORIGINS, or remove CORS_ALLOW_CREDENTIALS.",
    url="https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS#requests_with_credentials",
    mistake={"settings.py": "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True"},
    fixed={"settings.py": "CORS_ALLOW_ALL_ORIGINS = False\nCORS_ALLOW_CREDENTIALS = True"},
    site="split",
)
def open_with_credentials(production: Production) -> Faults:
    settings = production.settings
    found = _is_open(production)
    if found and _installed(production) and settings.get("CORS_ALLOW_CREDENTIALS") is True:
        name, message = found
        yield Fault(f"{message}, and CORS_ALLOW_CREDENTIALS is True", settings.at(name))


@rule(
    "NET007",
    severity="warning",
    title="The CORS middleware is missing, or too late",
    why="What answers before it (CommonMiddleware's redirects, WhiteNoise's files, the CSRF "
    "refusal) goes out without the headers, and the browser hides the answer from the front end.",
    symptom="Response to preflight request doesn't pass access control check: No "
    "'Access-Control-Allow-Origin' header is present.",
    fix=f"Put `{_MIDDLEWARE}` right after SecurityMiddleware.",
    url=f"{_URL}#setup",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_MIDDLEWARE}')\nMIDDLEWARE += ['{_MIDDLEWARE}']"},
    fixed={},
    site="split",
)
def order(production: Production) -> Faults:
    settings = production.settings
    listed = settings.texts("MIDDLEWARE")
    mine = next((name for name in listed if "corsheaders" in name), None)
    if mine is None:
        if settings.has_app("corsheaders") and settings.lacks("MIDDLEWARE", _MIDDLEWARE):
            yield Fault(
                "corsheaders is installed, but not in MIDDLEWARE", settings.at("MIDDLEWARE")
            )
        return
    before = listed[: listed.index(mine)]
    answering = ("CommonMiddleware", "CsrfViewMiddleware", "whitenoise", "AuthenticationMiddleware")
    late = [name for name in before if any(word in name for word in answering)]
    if late:
        message = f"CorsMiddleware stands after {late[0].rpartition('.')[2]}"
        files = all("whitenoise" in name for name in late)
        where = settings.at("MIDDLEWARE", mine)
        yield Fault(message, where, severity="info" if files else None)


@rule(
    "NET008",
    severity="error",
    title="A CORS origin that matches nothing",
    why="An origin is a scheme and a host. django-cors-headers' checks refuse anything else, and "
    "with them migrate and collectstatic stop.",
    symptom="(corsheaders.E013) Origin is missing scheme or netloc; (corsheaders.E014).",
    fix="Write `https://app.example.com`, without a path or a slash at the end.",
    url=f"{_URL}#cors_allowed_origins-sequencestr",
    mistake={"settings.py": "CORS_ALLOWED_ORIGINS = ['app.example.org']"},
    fixed={"settings.py": "CORS_ALLOWED_ORIGINS = ['https://app.example.org']"},
    site="split",
)
def malformed(production: Production) -> Faults:
    settings = production.settings
    name = _name(production, _LISTS)
    if name is None or not _installed(production) or not production.told(name):
        return
    if isinstance(settings.get(name), str):
        yield Fault(f"{name} is one text, and must be a list", settings.at(name))
    for origin in settings.texts(name):
        parts = urlsplit(origin)
        if not origin or origin in ("null", "file://"):
            continue
        if not parts.scheme or not parts.netloc:
            yield Fault(f"{origin!r} in {name} has no scheme", settings.at(name))
        elif parts.path or parts.query:
            yield Fault(f"{origin!r} in {name} has {parts.path!r} after it", settings.at(name))


@rule(
    "NET009",
    severity="warning",
    title="A pattern of origins lets strangers in",
    why="The pattern is compared from the beginning and not to the end, and a dot stands for any "
    "character: `https://app\\.example\\.com` also lets `https://app.example.com.evil.net` in.",
    symptom="Nothing: that is the trouble.",
    fix=r"Write `r\"^https://\w+\.example\.com$\"`: with `$`, and each dot escaped.",
    url=f"{_URL}#cors_allowed_origin_regexes-sequencestr--patternstr",
    mistake={"settings.py": r"CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://\w+\.example\.com']"},
    fixed={"settings.py": r"CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://\w+\.example\.com$']"},
    site="split",
)
def loose_pattern(production: Production) -> Faults:
    settings = production.settings
    name = _name(production, _REGEXES)
    for pattern in settings.texts(name) if name else ():
        if _ANYTHING.fullmatch(pattern):
            continue
        loose = re.search(r"[a-z]\.(?:com|org|net|io|app|dev)\b", pattern)
        if not pattern.endswith(("$", r"\Z")):
            yield Fault(f"{pattern!r} in {name} has no end", settings.at(str(name)))
        elif loose:
            message = f"{pattern!r} in {name} has a dot that stands for any character"
            yield Fault(message, settings.at(str(name)))
