"""What visitors upload: who may read it, where it stays, how large it may be."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.static_files.known import (
    SETTINGS,
    STORAGES,
    Alias,
    assigned,
    store,
    store_at,
)
from nuages.text import Location

_S3 = "STORAGES['default'] = {{'BACKEND': 'storages.backends.s3.S3Storage', 'OPTIONS': {}}}"
_OPEN = frozenset(
    {"public-read", "public-read-write", "publicRead", "publicReadWrite", "authenticated-read"}
    | {"authenticatedRead"}
)
_ACLS = ("AWS_DEFAULT_ACL", "GS_DEFAULT_ACL")
_SIGNS = ("AWS_QUERYSTRING_AUTH", "GS_QUERYSTRING_AUTH")
_BUCKETS = ("storages.backends.s3", "storages.backends.gcloud")


def _keeps_uploads_here(production: Production) -> bool:
    """Whether uploads certainly stay on the disk, so that a bucket holds static files only."""
    found = store(production, "default")
    fixed = all(
        production.settings.fixed(name)
        for name in ("STORAGES", "DEFAULT_FILE_STORAGE")
        if name in production.settings
    )
    return found is not None and found.on_disk and fixed


def _literals(production: Production, *names: str) -> Iterator[tuple[object, Location, str]]:
    """Constants that settings assign to a name, on whichever branch, with their places."""
    for file in production.settings_files:
        for name, node in assigned(file, *names):
            if isinstance(node, ast.Constant):
                yield node.value, file.at(node), name


def _attributes(production: Production, name: str) -> Iterator[tuple[object, Location, str]]:
    """Constants in the project's own storage classes, those of static files left out."""
    for file in production.mentioning(name):
        for owner in file.nodes(ast.ClassDef):
            for node in owner.body if "static" not in owner.name.lower() else ():
                target = node.targets[0] if isinstance(node, ast.Assign) else None
                named = isinstance(target, ast.Name) and target.id == name
                if named and isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                    yield node.value.value, file.at(node), f"{owner.name}.{name}"


def _option(production: Production, key: str) -> Iterator[tuple[object, Location, str]]:
    found = store(production, "default")
    if found and key in found.options:
        where = store_at(production, "default")
        lines = production.text(where.path).splitlines()[where.line - 1 : where.line + 30]
        for number, line in enumerate(lines, where.line):
            if re.search(rf"[\"']{key}[\"']", line):
                where = Location(where.path, number, 1)
                break
        yield found.options[key], where, key


@rule(
    "STA014",
    severity="warning",
    title="Every upload is public",
    why="The ACL lets anybody on the internet read each file that a visitor uploads, by an "
    "address that search engines and leaked links keep. And a bucket with uniform access refuses "
    "ACLs: there each upload fails.",
    symptom="A passport scan in a search engine; AccessControlListNotSupported: The bucket does "
    "not allow ACLs; Cannot use ACL API when uniform bucket-level access is enabled.",
    fix="Remove the ACL and keep `querystring_auth` on: links are signed and end.",
    url=f"{STORAGES}/amazon-S3.html",
    mistake={"settings.py": _S3.format("{'default_acl': 'public-read', 'file_overwrite': False}")},
    fixed={"settings.py": _S3.format("{'default_acl': None, 'file_overwrite': False}")},
    repaired_by="storages",
)
def public(production: Production) -> Faults:
    if production.deployment.storage and production.deployment.storage.public:
        yield Fault(
            "storage.public lets anybody read every upload",
            production.config_at("storage", "public"),
            "Remove `public: true`, unless every upload is meant for everybody.",
            severity="info",
        )
    if _keeps_uploads_here(production):
        return
    found = [
        *_literals(production, *_ACLS),
        *_attributes(production, "default_acl"),
        *_option(production, "default_acl"),
    ]
    for name in _ACLS:
        if production.settings.setting(name) and not production.settings.fixed(name):
            found.append((production.settings.get(name), production.settings.at(name), name))
    for value, where, name in found:
        if value in _OPEN:
            yield Fault(f"{name} is {value}: anybody may read each upload", where)


@rule(
    "STA015",
    severity="warning",
    title="Links to uploads are not signed",
    why="An unsigned link only works where the bucket lets everybody read: either the uploads are "
    "public, or every link to them is refused.",
    symptom="403 AccessDenied for each picture; or uploads that anybody may read.",
    fix="Leave `querystring_auth` on, or sign with a CDN's key (`cloudfront_key`).",
    url=f"{STORAGES}/amazon-S3.html",
    mistake={
        "settings.py": _S3.format("{'querystring_auth': False, 'file_overwrite': False}"),
    },
    fixed={"settings.py": _S3.format("{'file_overwrite': False}")},
    repaired_by="storages",
)
def unsigned(production: Production) -> Faults:
    if _keeps_uploads_here(production) or _signs_otherwise(production):
        return
    found = [
        *_literals(production, *_SIGNS),
        *_attributes(production, "querystring_auth"),
        *_option(production, "querystring_auth"),
    ]
    for value, where, name in found:
        if value is False:
            yield Fault(f"{name} is False: links to uploads carry no signature", where)


def _signs_otherwise(production: Production) -> bool:
    return any("CLOUDFRONT_KEY" in name for name in production.settings.evaluated.settings)


@rule(
    "STA016",
    severity="warning",
    title="An upload replaces another of the same name",
    why="In a bucket django-storages overwrites unless told otherwise: the second visitor's "
    "`invoice.pdf` takes the place of the first one's, in both their accounts.",
    symptom="A user sees somebody else's document.",
    fix='Write `"file_overwrite": False` in the OPTIONS of the storage.',
    url=f"{STORAGES}/amazon-S3.html",
    mistake={"settings.py": _S3.format("{'bucket_name': 'shop-uploads'}")},
    fixed={"settings.py": _S3.format("{'bucket_name': 'shop-uploads', 'file_overwrite': False}")},
    repaired_by="storages",
)
def overwritten(production: Production) -> Faults:
    found = store(production, "default")
    if found is None or not found.backend.startswith(_BUCKETS):
        return
    name = "AWS_S3_FILE_OVERWRITE" if ".s3" in found.backend else "GS_FILE_OVERWRITE"
    settings = production.settings
    overwrites = found.options.get("file_overwrite", settings.get(name, default=True))
    if overwrites is True and settings.complete(name):
        where = settings.at(name) if name in settings else store_at(production, "default")
        yield Fault(f"{found.backend.rpartition('.')[2]} overwrites files of the same name", where)


@rule(
    "STA017",
    severity="error",
    title="A storage is missing in STORAGES",
    why="STORAGES replaces Django's own as a whole. Without `default` every upload, without "
    "`staticfiles` collectstatic and each page fail.",
    symptom="InvalidStorageError: Could not find config for 'staticfiles' in settings.STORAGES.",
    fix="Name both `default` and `staticfiles` in STORAGES.",
    url=f"{SETTINGS}/#storages",
    mistake={"settings.py": "del STORAGES['staticfiles']"},
    fixed={},
)
def missing(production: Production) -> Faults:
    settings = production.settings
    storages = settings.get("STORAGES")
    old = production.django is not None and production.django < (4, 2)
    if not isinstance(storages, dict) or not settings.complete("STORAGES") or old:
        return
    installed = settings.has_app("django.contrib.staticfiles")
    for alias in ("default", *(("staticfiles",) if installed else ())):
        used = alias == "staticfiles" or production.project.media_fields
        if alias not in storages and used:
            yield Fault(f"STORAGES has no {alias!r}", settings.at("STORAGES"))


@rule(
    "STA018",
    severity="error",
    title="The package of a storage is not installed",
    why="The storage is imported when the first file is read or written.",
    symptom="ModuleNotFoundError: No module named 'storages'; Could not load Boto3's S3 bindings.",
    fix="Add the package to the requirements of production: `django-storages[s3]`.",
    url=f"{STORAGES}/amazon-S3.html",
    mistake={"requirements.txt": "django==5.2.8\ndjango-environ==0.12.0\nwhitenoise==6.11.0\n"},
    fixed={},
    repaired_by="storages",
)
def not_installed(production: Production) -> Faults:
    if not production.project.dependencies.packages:
        return
    aliases: tuple[Alias, ...] = ("default", "staticfiles")
    for alias in aliases:
        found = store(production, alias)
        package = _package(found.backend) if found else None
        if found and package and not production.has(package):
            where = store_at(production, alias)
            yield Fault(f"{found.backend} needs {package}, which is not asked for", where)
    for name in production.settings.texts("MIDDLEWARE"):
        if name.startswith("whitenoise.") and not production.has("whitenoise"):
            where = production.settings.at("MIDDLEWARE", name)
            yield Fault(
                "WhiteNoiseMiddleware needs whitenoise, which is not asked for",
                where,
                "Add `whitenoise` to the requirements of production.",
            )


def _package(backend: str) -> str | None:
    if backend.startswith("storages."):
        return "django-storages"
    return "whitenoise" if backend.startswith("whitenoise.") else None
