"""Static files are collected: into STATIC_ROOT, while the image is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import APP, HOWTO, SETTINGS, store
from nuages.text import Location

_COLLECT = re.compile(r"\bcollectstatic\b")
_SERVES = re.compile(r"\b(?:gunicorn|uvicorn|uwsgi|daphne|granian|hypercorn|runserver)\b")
_SETS_UP = "RUN pip install -r requirements.txt\nCOPY . .\nUSER 2000\n"
_IMAGE = f"FROM python:3.13-slim\n{_SETS_UP}{{}}CMD gunicorn shop.wsgi\n"
_RUN = "RUN python manage.py collectstatic --noinput\n"
_START = ("CMD", "ENTRYPOINT")


def _collects(production: Production) -> bool:
    """Whether static files are the project's to collect onto a disk."""
    settings = production.settings
    if any(
        settings.get(name) is True for name in ("WHITENOISE_USE_FINDERS", "WHITENOISE_AUTOREFRESH")
    ):
        return False  # WhiteNoise reads them where they lie
    found = store(production, "staticfiles")
    return settings.has_app(APP) and found is not None and found.on_disk


@rule(
    "STA001",
    severity="error",
    title="STATIC_ROOT is not set",
    why="collectstatic has nowhere to put the files, so it fails; without it nothing serves "
    "them once DEBUG is off.",
    symptom="ImproperlyConfigured: You're using the staticfiles app without having set the "
    "STATIC_ROOT setting to a filesystem path.",
    fix='Write `STATIC_ROOT = BASE_DIR / "staticfiles"`.',
    url=f"{SETTINGS}/#static-root",
    mistake={"settings.py": "# no STATIC_ROOT"},
    fixed={},
    repaired_by="static_root",
)
def no_root(production: Production) -> Faults:
    settings = production.settings
    empty = settings.get("STATIC_ROOT", default="") in ("", "None")
    if _collects(production) and empty and settings.complete("STATIC_ROOT"):
        said = "STATIC_ROOT" in settings
        name = "STATIC_ROOT" if said else "STATIC_URL"
        yield Fault("STATIC_ROOT is empty" if said else "STATIC_ROOT is not set", settings.at(name))


@rule(
    "STA002",
    severity="info",
    title="STATIC_ROOT is relative",
    why="It is a folder below wherever the command happens to be started: collectstatic fills "
    "one, the server looks into another.",
    symptom="No directory at: /staticfiles/; styles that are missing after a change of WORKDIR.",
    fix='Write `STATIC_ROOT = BASE_DIR / "staticfiles"`.',
    url=f"{SETTINGS}/#static-root",
    mistake={"settings.py": "STATIC_ROOT = 'staticfiles/'"},
    fixed={},
    repaired_by="static_root",
)
def relative_root(production: Production) -> Faults:
    settings = production.settings
    root = settings.get("STATIC_ROOT")
    plain = isinstance(root, str) and re.fullmatch(r"[\w.][\w./-]*", root)
    if plain and _collects(production) and settings.fixed("STATIC_ROOT"):
        yield Fault(f"STATIC_ROOT is {root!r}, from any folder", settings.at("STATIC_ROOT"))


@rule(
    "STA003",
    severity="error",
    title="STATIC_ROOT is one of the sources",
    why="collectstatic copies from STATICFILES_DIRS into STATIC_ROOT; Django refuses to read "
    "from where it writes.",
    symptom="(staticfiles.E002) The STATICFILES_DIRS setting should not contain the STATIC_ROOT "
    "setting.",
    fix='Collect somewhere else: `STATIC_ROOT = BASE_DIR / "staticfiles"`.',
    url="https://docs.djangoproject.com/en/stable/ref/checks/#staticfiles",
    mistake={"settings.py": "STATICFILES_DIRS = [BASE_DIR / 'staticfiles']"},
    fixed={"settings.py": "STATICFILES_DIRS = [BASE_DIR / 'assets']"},
    repaired_by="static_root",
)
def root_in_sources(production: Production) -> Faults:
    root = production.settings.get("STATIC_ROOT")
    for source in _sources(production):
        if isinstance(root, str) and root and source.rstrip("/") == root.rstrip("/"):
            where = production.settings.at("STATICFILES_DIRS")
            yield Fault(f"{source} is in STATICFILES_DIRS and is STATIC_ROOT", where)


@rule(
    "STA004",
    severity="info",
    title="A folder of static files is not there",
    why="STATICFILES_DIRS names a folder that the repository does not have: it is empty, or made "
    "by a build that nothing runs, and its files are missing from the site.",
    symptom="(staticfiles.W004) The directory in the STATICFILES_DIRS setting does not exist.",
    fix="Remove it from STATICFILES_DIRS, or add the step that fills it to the image.",
    url="https://docs.djangoproject.com/en/stable/ref/checks/#staticfiles",
    mistake={"settings.py": "STATICFILES_DIRS = [BASE_DIR / 'assets']"},
    fixed={"settings.py": "STATICFILES_DIRS = [BASE_DIR / 'shop']"},
)
def missing_source(production: Production) -> Faults:
    if production.project.frontend or not production.settings.has_app(APP):
        return
    for source in _sources(production):
        folder = normpath(source).removeprefix("{root}/")
        inside = normpath(source).startswith("{root}/") and not re.search(
            r"dist|build|node_modules", folder
        )
        if inside and not any(path.startswith(f"{folder}/") for path in production.tree.files):
            where = production.settings.at("STATICFILES_DIRS")
            yield Fault(f"{folder} in STATICFILES_DIRS does not exist", where)


def _sources(production: Production) -> Iterator[str]:
    found = production.settings.get("STATICFILES_DIRS", default=[])
    for item in found if isinstance(found, list | tuple) else ():
        path = item[1] if isinstance(item, list | tuple) and len(item) == 2 else item
        if isinstance(path, str) and path:
            yield path


@rule(
    "STA005",
    severity="warning",
    title="Nothing runs collectstatic",
    why="STATIC_ROOT is filled by collectstatic and by nothing else. In an image without that "
    "step every stylesheet is missing, and a manifest storage fails each page.",
    symptom="404 for /static/admin/css/base.css; ValueError: Missing staticfiles manifest entry.",
    fix="Add `RUN python manage.py collectstatic --noinput` to the Dockerfile, with harmless "
    "values for the variables that the settings demand.",
    url=f"{HOWTO}/deployment/",
    mistake={"Dockerfile": _IMAGE.format("")},
    fixed={"Dockerfile": _IMAGE.format(_RUN)},
)
def never_collected(production: Production) -> Faults:
    if not _collects(production) or production.project.static.value.committed_root:
        return
    turned_off = _turned_off(production)
    starts = [d for d in production.dockerfiles if any(d.last(word) for word in _START)]
    if not (starts or turned_off) or _is_mentioned(production):
        return
    if turned_off:
        yield Fault("DISABLE_COLLECTSTATIC is set, and nothing else collects", turned_off)
    else:
        last = starts[0].final[-1].location
        yield Fault(f"{starts[0].path} has no collectstatic, and nothing else runs it", last)


def _turned_off(production: Production) -> Location | None:
    """Where a platform's own collectstatic is told not to run."""
    platforms = ("app.json", "render.yaml", ".do/app.yaml", "fly.toml")
    found = (production.find(p, "DISABLE_COLLECTSTATIC") for p in platforms if p in production.tree)
    return next((place for place in found if place), None)


def _is_mentioned(production: Production) -> bool:
    """In whatever is no prose: any script, pipeline or Makefile may be the one that deploys."""
    skipped = (".md", ".rst", ".txt", ".html", ".js", ".po", ".css", ".json", ".svg", ".lock")
    return any(
        not line.lstrip().startswith("#")
        for path in production.files
        if not path.endswith(skipped) and "collectstatic" in production.text(path)
        for line in production.text(path).splitlines()
        if _COLLECT.search(line)
    )


@rule(
    "STA006",
    severity="warning",
    title="collectstatic runs when the container starts",
    why="Every instance collects all files again before it answers, into a disk that others do "
    "not see; a read-only or foreign-owned disk makes the start fail.",
    symptom="Minutes until an instance is ready; PermissionError: '/app/staticfiles'.",
    fix="Run it while the image is built: `RUN python manage.py collectstatic --noinput`.",
    url=f"{HOWTO}/deployment/",
    mistake={"Procfile": "web: python manage.py collectstatic --noinput && gunicorn shop.wsgi\n"},
    fixed={"Procfile": "web: gunicorn shop.wsgi\n"},
    repaired_by="always",
)
def collected_at_start(production: Production) -> Faults:
    for command, place in _started(production):
        if _COLLECT.search(command):
            yield Fault("Each start of a container runs collectstatic", place)


def _started(production: Production) -> Iterator[tuple[str, Location]]:
    """What runs in a container that starts; a service that ends by itself is a job."""
    for entry in production.processes:
        if _SERVES.search(entry.command):
            yield entry.command, entry.location
    for file in production.dockerfiles:
        yield from ((i.command, i.location) for i in file.final if i.keyword in _START)
    for compose in production.compose_files:
        for service in compose.services:
            if _SERVES.search(service.command):
                yield service.command, service.at("command")
    for script in production.scripts:
        serves = _SERVES.search(script.text) or 'exec "$@"' in script.text
        if serves:
            yield from ((line.text, line.location) for line in script.lines)


@rule(
    "STA007",
    severity="error",
    title="An address of files without its last slash",
    why="Django's checks refuse it, and with them migrate and collectstatic.",
    symptom="(urls.E006) The STATIC_URL setting must end with a slash.",
    fix='Write `STATIC_URL = "/static/"`, `MEDIA_URL = "/media/"`.',
    url="https://docs.djangoproject.com/en/stable/ref/checks/#urls",
    mistake={"settings.py": "STATIC_URL = '/static'"},
    fixed={"settings.py": "STATIC_URL = '/static/'"},
)
def slash(production: Production) -> Faults:
    settings = production.settings
    for name in ("STATIC_URL", "MEDIA_URL"):
        value = settings.get(name, default="/")
        known = isinstance(value, str) and "…" not in value and production.told(name)
        if known and value and not value.endswith("/"):
            yield Fault(f"{name} is {value!r}", settings.at(name), f"Write `{name} = '{value}/'`.")


@rule(
    "STA008",
    severity="error",
    title="STATIC_URL is not set",
    why="`{% static %}` has no address to write, and collectstatic refuses to run.",
    symptom="ImproperlyConfigured: You're using the staticfiles app without having set the "
    "required STATIC_URL setting.",
    fix='Write `STATIC_URL = "static/"`.',
    url=f"{SETTINGS}/#static-url",
    mistake={"settings.py": "# no STATIC_URL"},
    fixed={},
)
def no_url(production: Production) -> Faults:
    settings = production.settings
    if "STATIC_URL" not in settings and settings.has_app(APP) and settings.complete("STATIC_URL"):
        where = settings.at("STATIC_ROOT")
        yield Fault("STATIC_URL is not set, and django.contrib.staticfiles is installed", where)


@rule(
    "STA009",
    severity="error",
    title="Uploads and static files share a place",
    why="Where both are one, a visitor's upload can replace a script of the site, and "
    "`collectstatic --clear` deletes the uploads. Django refuses the same value for both.",
    symptom="ImproperlyConfigured: The MEDIA_ROOT and STATIC_ROOT settings must have different "
    "values.",
    fix='Keep them apart: `MEDIA_URL = "/media/"`, `MEDIA_ROOT = BASE_DIR / "media"`.',
    url=f"{HOWTO}/",
    mistake={"settings.py": "MEDIA_URL = '/static/media/'"},
    fixed={"settings.py": "MEDIA_URL = '/media/'"},
)
def together(production: Production) -> Faults:
    settings = production.settings
    for end, inside in (("URL", "/"), ("ROOT", "/")):
        static, media = (settings.get(f"{kind}_{end}") for kind in ("STATIC", "MEDIA"))
        texts = isinstance(static, str) and isinstance(media, str)
        if not texts or not static.strip("/") or not media.strip("/"):
            continue
        below = (media.strip("/") + inside).startswith(static.strip("/") + inside)
        if below:
            same = media.strip("/") == static.strip("/")
            relation = "is" if same else "is inside"
            message = f"MEDIA_{end} ({media}) {relation} STATIC_{end} ({static})"
            yield Fault(message, settings.at(f"MEDIA_{end}"), severity=None if same else "warning")
