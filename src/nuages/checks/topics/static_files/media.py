"""Uploads on a disk: whether it outlives the container, who serves it, and how large it gets."""

from __future__ import annotations

import re
from posixpath import normpath

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import (
    HOWTO,
    SETTINGS,
    proxies,
    store,
    store_at,
    volumes,
)
from nuages.config.schema.provider import provider
from nuages.text import Location

_LOCAL = "STORAGES['default'] = {'BACKEND': 'django.core.files.storage.FileSystemStorage'}"
_ROOT = f"{_LOCAL}\nMEDIA_ROOT = BASE_DIR / 'media'"
_PHOTO = "from django.db import models\n\n\nclass Photo(models.Model):\n    image = {}\n"
_URLS = "from django.conf import settings\nfrom django.urls import re_path\n{}urlpatterns = [{}]\n"
_SERVE = "from django.views.static import serve\n"
_PATTERN = "re_path(r'^media/(?P<path>.*)$', serve, {'document_root': settings.MEDIA_ROOT})"
_DISKS = re.compile(
    r"^\s*\[?\[?mounts?\]?\]?|^\s*(?:disk|persistentVolumeClaim|mountPath)\s*:", re.MULTILINE
)
_UPLOADERS = ("wagtail.images", "wagtail.documents", "filer", "photologue", "ckeditor_uploader")
_MEBIBYTE = 1024 * 1024
_LARGE = 100 * _MEBIBYTE


@rule(
    "STA019",
    severity="warning",
    title="Uploads are kept on a disk that goes with the container",
    why="A release starts from the image again: what was uploaded since is gone. And another "
    "instance never saw it.",
    symptom="Pictures that vanish after each deploy, or show on every second request.",
    fix="Keep them in a bucket (`storages.backends.s3.S3Storage`), or mount a volume at "
    "MEDIA_ROOT.",
    url="https://12factor.net/processes",
    mistake={"settings.py": _ROOT, "orders/models.py": _PHOTO.format("models.ImageField()")},
    fixed={"orders/models.py": _PHOTO.format("models.ImageField()")},
    repaired_by="storages",
)
def ephemeral(production: Production) -> Faults:
    found = store(production, "default")
    what = _uploads(production)
    if not what or found is None or not found.on_disk or "InMemory" in found.backend:
        return
    steered = "location" in found.options and not production.settings.fixed("STORAGES")
    root = "/" if steered else found.options.get("location") or _root(production)
    own = isinstance(root, str) and not normpath(root).startswith(("/", ".."))
    own = own and ("{root}" not in str(root) or normpath(str(root)).startswith("{root}"))
    settings = production.settings
    if own and not _is_kept(production, str(root)):
        folder = str(root).replace("{root}", ".") or "the working folder"
        steering = [v for v in settings.variables("STORAGES") if "BUCKET" in v or "STORAGE" in v]
        unless = f" wherever {steering[0]} is not set" if steering else ""
        where = (
            settings.at("MEDIA_ROOT")
            if "MEDIA_ROOT" in settings
            else store_at(production, "default")
        )
        yield Fault(f"{what}, and uploads go to {folder}{unless}, which no volume keeps", where)
    yield from _apart(production)


def _apart(production: Production) -> Faults:
    """Local storage on a platform whose instances have no disk in common."""
    said = production.config.manifest(production.environment).storage
    storage, most = production.deployment.storage, production.deployment.web.scaling.max_instances
    local = said and storage and storage.kind == "local" and not storage.mount
    if local and most > 1 and provider(production.deployment.provider).storage != "local":
        message = f"Uploads are local, and each of up to {most} instances has a disk of its own"
        yield Fault(message, production.config_at("storage", "type"))


def _root(production: Production) -> str:
    """MEDIA_ROOT: its default, where a variable that nobody gives steers it; else empty."""
    settings = production.settings
    names = settings.variables("MEDIA_ROOT")
    if not names:
        return str(settings.get("MEDIA_ROOT", default="") or "")
    built = any(each.yaml.get("build") for c in production.compose_files for each in c.own)
    if not built or not settings.fixed("STORAGES"):
        return "/"
    given = [str(compose.yaml.value) for compose in production.compose_files]
    given += [i.text for d in production.dockerfiles for i in d.each("ENV")]
    given += list(production.deployment.environment_variables)
    if any(name in text for name in names for text in given):
        return "/"
    return str(production.settings_unset.get("MEDIA_ROOT") or "/")


def _uploads(production: Production) -> str:
    """What uploads: a field of the project's own models, or an app that is known for it."""
    for field in production.project.media_fields:
        return f"{field.note} ({field.location})"
    app = next((app for app in _UPLOADERS if production.settings.has_app(app)), "")
    return f"{app} takes uploads" if app else ""


def _is_kept(production: Production, root: str) -> bool:
    """Whether a volume, a disk of the platform or nuages.yaml keeps the folder."""
    name = root.rstrip("/").rpartition("/")[2] or "media"
    covers = re.compile(rf"(?:^|/)(?:{re.escape(name)}|media|uploads?|data)/?$")
    mounted = [inside for _, inside, _ in volumes(production)]
    mounted += [i.text.strip('[]"') for d in production.dockerfiles for i in d.each("VOLUME")]
    if any(covers.search(inside) for inside in mounted):
        return True
    platform = [p for p in production.files if p.rpartition("/")[2] in ("fly.toml", "render.yaml")]
    if any(_DISKS.search(production.text(path)) for path in platform):
        return True
    services = [s for compose in production.compose_files for s in compose.services]
    said = production.config.manifest(production.environment).storage
    storage = production.deployment.storage
    local = bool(said and storage and storage.kind == "local")
    return bool(storage and storage.mount) or (
        local and not any(service.yaml.get("build") for service in services)
    )


@rule(
    "STA020",
    severity="warning",
    title="Django hands out the uploads",
    why="The view is for development: it reads each file through a worker, knows no ranges and no "
    "caching, and runs any HTML that was uploaded as a page of the site.",
    symptom="Workers that are busy with downloads; a stolen session by an uploaded SVG.",
    fix="Let the proxy or a bucket serve them, best under a domain of their own.",
    url="https://docs.djangoproject.com/en/stable/ref/views/#serving-files-in-development",
    mistake={"shop/urls.py": _URLS.format(_SERVE, _PATTERN)},
    fixed={"shop/urls.py": _URLS.format("", "")},
)
def handed_out(production: Production) -> Faults:
    for file in production.mentioning("serve"):
        if not re.search(
            r"from django\.views(?:\.static)? import .*\b(?:serve|static)\b", file.text
        ):
            continue
        for number, line in enumerate(file.text.splitlines(), 1):
            if not re.match(r"\s*(?:from|import|#)", line) and re.search(r"\bserve\b[,)]", line):
                if not _only_in_debug(file.text.splitlines(), number):
                    yield Fault(
                        "django.views.static.serve answers here", Location(file.path, number, 1)
                    )
                break


def _only_in_debug(lines: list[str], number: int) -> bool:
    """Whether a line stands below an `if settings.DEBUG:`, as its indent says."""
    indent = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    for line in reversed(lines[: number - 1]):
        here = len(line) - len(line.lstrip())
        if line.strip() and here < indent:
            if re.match(r"\s*(?:el)?if\b.*\bDEBUG\b", line):
                return True
            indent = here
    return False


@rule(
    "STA021",
    severity="warning",
    title="Nobody serves the uploads",
    why="`static()` in the URLconf is empty as soon as DEBUG is off. Uploads are kept, and every "
    "link to them is answered with 404.",
    symptom="Pictures that work on the laptop and are 404 in production.",
    fix="Serve MEDIA_URL with the proxy, or keep uploads in a bucket.",
    url=f"{HOWTO}/#serving-files-uploaded-by-a-user-during-development",
    mistake={
        "settings.py": _ROOT,
        "orders/models.py": _PHOTO.format("models.ImageField()"),
        "shop/urls.py": "from django.conf import settings\n"
        "from django.conf.urls.static import static\n"
        "urlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)\n",
    },
    fixed={"orders/models.py": _PHOTO.format("models.ImageField()")},
    repaired_by="storages",
)
def unserved(production: Production) -> Faults:
    found = store(production, "default")
    if not _uploads(production) or found is None or not found.on_disk:
        return
    if production.settings.get("DEBUG", default=False) is not False or _serves_media(production):
        return
    for file in production.mentioning("MEDIA_URL"):
        lines = file.text.splitlines()
        for call in file.calls("static"):
            guarded = _only_in_debug(lines, call.lineno)
            if "MEDIA_URL" in lines[call.lineno - 1] and not guarded:
                yield Fault("static() serves nothing once DEBUG is off", file.at(call))


def _serves_media(production: Production) -> bool:
    media = str(production.settings.get("MEDIA_URL", default="") or "").strip("/") or "media"
    if "//" in media or any(media in text or "media" in text for _, text in proxies(production)):
        return True
    inis = [path for path in production.files if path.endswith((".ini", ".toml", ".yaml", ".yml"))]
    if any(re.search(rf"static.*{re.escape(media)}", production.text(path)) for path in inis):
        return True
    if any("serve" in f.text and "views.static" in f.text for f in production.mentioning("serve")):
        return True
    images = (s.image for compose in production.compose_files for s in compose.services)
    return any(re.search(r"nginx|caddy|httpd|traefik", image) for image in images)


@rule(
    "STA022",
    severity="warning",
    title="Whole uploads are kept in memory",
    why="Up to FILE_UPLOAD_MAX_MEMORY_SIZE a file stays in memory instead of going to the disk, "
    "and up to DATA_UPLOAD_MAX_MEMORY_SIZE the rest of a form: a few large requests at once fill "
    "the container.",
    symptom="Worker was sent SIGKILL! Perhaps out of memory?",
    fix="Leave it out: 2.5 MB is Django's default, and larger files are written to the disk.",
    url=f"{SETTINGS}/#file-upload-max-memory-size",
    mistake={"settings.py": "FILE_UPLOAD_MAX_MEMORY_SIZE = 500 * 1024 * 1024"},
    fixed={"settings.py": "FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024"},
)
def in_memory(production: Production) -> Faults:
    settings = production.settings
    for name in ("DATA_UPLOAD_MAX_MEMORY_SIZE", "FILE_UPLOAD_MAX_MEMORY_SIZE"):
        value = settings.get(name)
        if isinstance(value, int) and value >= _LARGE:
            size = value // _MEBIBYTE
            yield Fault(f"{name} lets {size} MB of each request into memory", settings.at(name))
