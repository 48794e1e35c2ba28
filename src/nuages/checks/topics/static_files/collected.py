"""Where static files are collected from, and where to: the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import APP, HOWTO, SETTINGS, collects


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
    if collects(production) and empty and settings.complete("STATIC_ROOT"):
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
    if plain and collects(production) and settings.fixed("STATIC_ROOT"):
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
    root = production.settings.get("STATIC_ROOT")
    for source in (each for each in _sources(production) if each != root):
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
