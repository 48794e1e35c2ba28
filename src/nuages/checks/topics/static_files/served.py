"""Static files are served: by whom, under which name, before which middleware."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import (
    APP,
    HOWTO,
    WHITENOISE,
    proxies,
    store,
    store_at,
)
from nuages.text import Location

_SERVER = re.compile(r"whitenoise|servestatic|dj_static|static3", re.IGNORECASE)
_WRAPS = re.compile(r"\b(?:WhiteNoise|ServeStatic\w*|Cling|MediaCling|DjangoWhiteNoise)\(")
_VIEW = re.compile(
    r"views\.static\b|staticfiles\.views|\bserve\b.*document_root|insecure\s*=\s*True"
)
_COMMAND = re.compile(r"--static-(?:map|path-\w+)|--insecure\b|--check-static|static-map")
_PROXIES = re.compile(r"(?:^|/)(?:nginx|caddy|httpd|apache|openresty|angie)\b|nginx")
_PLATFORM = re.compile(
    r"(?:^|/)(?:app\.ya?ml|fly\.toml|vercel\.json|\.platform(?:\.app)?\.ya?ml|render\.yaml|"
    r"uwsgi[^/]*\.(?:ini|ya?ml|xml)|[^/]*uwsgi\.ini|zappa_settings\.\w+)$|^\.ebextensions/"
)
_PLATFORM_SERVES = re.compile(
    r"static_dir|static_files|static_sites|\[\[statics\]\]|static-map|proxy:staticfiles"
    r"|staticPublishPath|@vercel/static|passthru"
)
_MIDDLEWARE = "whitenoise.middleware.WhiteNoiseMiddleware"
_SECURITY = "django.middleware.security.SecurityMiddleware"
_NGINX = "server {{\n  location /{}/ {{\n    alias /srv/static/;\n  }}\n}}\n"


@rule(
    "STA010",
    severity="error",
    title="Nothing serves static files",
    why="Django serves them while DEBUG is on, and never in production: pages arrive without "
    "styles and scripts, the admin included.",
    symptom="404 for /static/admin/css/base.css; a bare page; 'MIME type text/html is not a "
    "supported stylesheet'.",
    fix=f"Install whitenoise and put `{_MIDDLEWARE}` right after SecurityMiddleware.",
    url=f"{HOWTO}/deployment/",
    mistake={"settings.py": f"MIDDLEWARE.remove('{_MIDDLEWARE}')"},
    fixed={},
    repaired_by="whitenoise",
)
def nobody(production: Production) -> Faults:
    settings = production.settings
    found = store(production, "staticfiles")
    if not settings.has_app(APP) or found is None or not found.on_disk:
        return
    if production.deployment.static != "whitenoise" or not settings.complete("MIDDLEWARE"):
        return
    if any(_SERVER.search(name) for name in settings.texts("MIDDLEWARE")):
        return
    url = settings.get("STATIC_URL", default="")
    if url is None or "//" in str(url) or _is_served(production):
        return
    unused = production.has("whitenoise")
    yield Fault(
        "whitenoise is installed, but not in MIDDLEWARE"
        if unused
        else "Neither whitenoise nor a proxy in this repository serves static files",
        settings.at("MIDDLEWARE"),
        severity="warning" if settings.get("DEBUG") is True else None,
    )


def _is_served(production: Production) -> bool:
    """Whether anything else in the tree serves files, or is likely to."""
    entries = [f.value.path for f in (production.project.wsgi, production.project.asgi) if f]
    if any(_WRAPS.search(production.text(path)) for path in entries):
        return True
    if any(_COMMAND.search(command) for command, _ in production.commands):
        return True
    services = (s for compose in production.compose_files for s in compose.services)
    if any(_PROXIES.search(s.image) or _PROXIES.search(s.name) for s in services):
        return True
    if any(re.search(r"\balias\b|\broot\b|file_server", text) for _, text in proxies(production)):
        return True
    platform = (production.text(path) for path in production.files if _PLATFORM.search(path))
    if any(_PLATFORM_SERVES.search(text) for text in platform):
        return True
    return any(_VIEW.search(f.text) for f in production.mentioning("serve") if "urls" in f.path)


@rule(
    "STA011",
    severity="warning",
    title="WhiteNoise stands in the wrong place",
    why="Each stylesheet runs through every middleware above it: sessions are read, pages are "
    "translated or compressed once more, and a maintenance or login wall blocks the styles. Above "
    "SecurityMiddleware its answers lack the security headers.",
    symptom="Set-Cookie and Vary on static files; static files that no cache keeps; a database "
    "query for each image.",
    fix=f"Put `{_MIDDLEWARE}` right after `{_SECURITY}`.",
    url=f"{WHITENOISE}#enable-whitenoise",
    mistake={
        "settings.py": f"MIDDLEWARE.remove('{_MIDDLEWARE}')\nMIDDLEWARE.append('{_MIDDLEWARE}')"
    },
    fixed={},
)
def order(production: Production) -> Faults:
    settings = production.settings
    listed = settings.texts("MIDDLEWARE")
    mine = next((name for name in listed if _SERVER.search(name)), None)
    if mine is None:
        return
    before = listed[: listed.index(mine)]
    late = [name for name in before if name.startswith("django.") and name != _SECURITY]
    where = _place(production, mine)
    if late:
        after = late[-1].rpartition(".")[2]
        yield Fault(f"{mine.rpartition('.')[2]} stands after {after}", where)
    elif _SECURITY in listed and _SECURITY not in before:
        yield Fault(f"{mine.rpartition('.')[2]} stands before SecurityMiddleware", where)


def _place(production: Production, name: str) -> Location:
    """The last line of the settings that names it: where it is inserted, perhaps."""
    own = [p for p in production.project.settings.files if p.endswith(".py")]
    found = [place for path in own if (place := production.find(path, re.escape(name)))]
    return found[-1] if found else production.settings.at("MIDDLEWARE", name)


@rule(
    "STA012",
    severity="warning",
    title="Static files keep their names",
    why="With the same name in each release, browsers and proxies go on with the old file: new "
    "pages with last week's scripts. Nothing may be cached for long either.",
    symptom="'Have you tried to empty your cache?' after each release.",
    fix='Write `"staticfiles": {"BACKEND": '
    '"whitenoise.storage.CompressedManifestStaticFilesStorage"}` in STORAGES.',
    url=f"{WHITENOISE}#add-compression-and-caching-support",
    mistake={
        "settings.py": "STORAGES['staticfiles'] = "
        "{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}"
    },
    fixed={},
)
def unhashed(production: Production) -> Faults:
    found = store(production, "staticfiles")
    if production.settings.get("WHITENOISE_USE_FINDERS") is True or _names_change(production):
        return
    if found is None or not production.settings.has_app(APP) or "anifest" in found.backend:
        return
    cached = not found.on_disk or any(
        _SERVER.search(name) for name in production.settings.texts("MIDDLEWARE")
    )
    known = found.backend.startswith((f"{APP}.", "whitenoise.", "storages."))
    if known and (cached or _is_served(production)):
        name = found.backend.rpartition(".")[2]
        yield Fault(
            f"{name} puts no hash into the names of files",
            store_at(production, "staticfiles"),
            severity=None if cached else "info",
        )


def _names_change(production: Production) -> bool:
    """Whether a bundler or a compressor writes the hashes."""
    static = production.project.static.value
    return static.compressor or production.has("django-vite", "django-webpack-loader")


@rule(
    "STA013",
    severity="error",
    title="The proxy looks for static files elsewhere",
    why="Pages ask for STATIC_URL. A location with another name never sees the request, which "
    "goes on to Django, where nothing answers it.",
    symptom="404 for every stylesheet, though the files are there.",
    fix="Let the location be STATIC_URL's path, and its alias the folder STATIC_ROOT.",
    url=f"{HOWTO}/deployment/",
    mistake={
        "settings.py": f"MIDDLEWARE.remove('{_MIDDLEWARE}')",
        "nginx.conf": _NGINX.format("staticfiles"),
    },
    fixed={
        "settings.py": f"MIDDLEWARE.remove('{_MIDDLEWARE}')",
        "nginx.conf": _NGINX.format("static"),
    },
    repaired_by="whitenoise",
)
def elsewhere(production: Production) -> Faults:
    settings = production.settings
    url = settings.get("STATIC_URL")
    served = any(_SERVER.search(name) for name in settings.texts("MIDDLEWARE"))
    if not isinstance(url, str) or "//" in url or "…" in url or served:
        return
    path = "/" + url.strip("/")
    places = [
        (match[1].rstrip("/"), Location(file, number, 1))
        for file, text in proxies(production)
        for number, line in enumerate(text.splitlines(), 1)
        if (match := re.match(r"\s*location\s+(?:=|\^~)?\s*(/[\w./-]*)", line))
    ]
    static = [each for each in places if "static" in each[0] and each[0] != path]
    if static and not any(place and (path + "/").startswith(place + "/") for place, _ in places):
        name, where = static[0]
        yield Fault(f"The proxy serves {name}/, and STATIC_URL is {url}", where)
