"""What old code uses and a later Django no longer has, so that an unpinned Django is held back.

Source: https://docs.djangoproject.com/en/stable/internals/deprecation/ and the release notes it
names ("Features removed in"); each name was looked up in the packages of Django 1.11 to 6.0.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.version import Version

from nuages.project.facts import Dependencies, Evidence, Fact
from nuages.project.python_source import at, last_name, parsed
from nuages.project.python_support import django_series
from nuages.project.site import Site
from nuages.project.tree import Tree
from nuages.text import Location

REMOVED: Mapping[str, Mapping[str, str]] = {
    "2.0": {
        "django.conf.urls": "patterns",
        "django.contrib.auth.middleware": "SessionAuthenticationMiddleware",
        "django.contrib.gis.db.models": "GeoManager",
        "django.core": "urlresolvers",
        "django.forms": "extras",
        "django.utils.functional": "allow_lazy",
        "django.utils.safestring": "EscapeText EscapeBytes",
        "django.views.i18n": "javascript_catalog json_catalog",
    },
    "2.1": {
        "django.contrib.auth.views": "login logout password_change password_change_done "
        "password_reset password_reset_done password_reset_confirm password_reset_complete",
        "django.db.models": "permalink",
        "django.utils.translation": "string_concat",
    },
    "3.0": {
        "django.contrib.admin.templatetags": "admin_static",
        "django.contrib.staticfiles.templatetags": "staticfiles",
        "django.db.backends": "postgresql_psycopg2",
        "django.shortcuts": "render_to_response",
        "django.utils": "six lru_cache",
        "django.utils._os": "upath npath abspathu",
        "django.utils.decorators": "available_attrs ContextDecorator",
        "django.utils.encoding": "python_2_unicode_compatible",
        "django.utils.functional": "curry",
        "django.utils.http": "cookie_date",
        "django.utils.safestring": "SafeBytes",
    },
    "3.1": {
        "django.contrib.admin": "ACTION_CHECKBOX_NAME",
        "django.contrib.postgres.fields": "FloatRangeField",
        "django.contrib.staticfiles.storage": "CachedStaticFilesStorage",
        "django.core.paginator": "QuerySetPaginator",
        "django.db.models.fields": "FieldDoesNotExist",
        "django.db.models.query": "EmptyResultSet",
        "django.db.models.sql.datastructures": "EmptyResultSet",
        "django.utils.decorators": "classproperty",
        "django.utils.timezone": "FixedOffset",
    },
    "4.0": {
        "django.conf.urls": "url",
        "django.contrib.admin.utils": "lookup_needs_distinct",
        "django.contrib.postgres.fields.jsonb": "KeyTransform KeyTextTransform",
        "django.contrib.postgres.forms": "JSONField",
        "django.utils.encoding": "force_text smart_text",
        "django.utils.http": "is_safe_url urlquote urlquote_plus urlunquote urlunquote_plus",
        "django.utils.text": "unescape_entities",
        "django.utils.translation": "ugettext ugettext_lazy ugettext_noop ungettext ungettext_lazy",
    },
    "4.1": {"django.core.cache.backends.memcached": "MemcachedCache"},
    "5.0": {
        "django.contrib.auth.hashers": "CryptPasswordHasher",
        "django.utils": "baseconv datetime_safe",
        "django.utils.timezone": "utc",
    },
    "5.1": {
        "django.contrib.auth.hashers": "SHA1PasswordHasher UnsaltedMD5PasswordHasher",
        "django.core.files.storage": "get_storage_class",
    },
    "6.0": {"django.utils": "itercompat"},
}
"""Django → module → names that are there until then."""
_MODELS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("4.0", re.compile(r"\bmodels\.NullBooleanField\("), "NullBooleanField"),
    ("4.0", re.compile(r"\bSignal\([^)]*providing_args\s*="), "Signal(providing_args=…)"),
    ("5.1", re.compile(r"^[ \t]+index_together\s*=", re.MULTILINE), "Meta.index_together"),
)
_TEMPLATES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("3.0", re.compile(r"\{%-?\s*load\s[^%]*\b(?:staticfiles|admin_static)\b"), "staticfiles"),
    ("4.0", re.compile(r"\{%-?\s*if(?:not)?equal\s"), "ifequal"),
    ("5.1", re.compile(r"\|\s*length_is:"), "length_is"),
)
_BY_NAME: Mapping[tuple[str, str], str] = {
    (module, name): version
    for version, modules in REMOVED.items()
    for module, names in modules.items()
    for name in names.split()
}
_ANY = re.compile(r"\b(?:" + "|".join(sorted({name for _, name in _BY_NAME})) + r")\b")
_RELATION = re.compile(r"\b(?:ForeignKey|OneToOneField)\(")
_SKIPPED = re.compile(
    r"(?:^|/)(?:tests?|testing|docs?|examples?|node_modules)(?:/|\.py$|_\w+\.py$)"
)


def removed_in(module: str, name: str = "") -> str | None:
    """The Django that no longer has a name, or a whole module."""
    found = _BY_NAME.get((module, name)) if name else None
    while found is None and "." in module:
        parent, _, last = module.rpartition(".")
        found, module = _BY_NAME.get((parent, last)), parent
    return found


def django_below(site: Site) -> Fact[str] | None:
    """The Django that the code does not run on any more, where nothing else keeps it away."""
    specifier = site.dependencies.packages.get("django", "")
    if specifier.startswith("==") or site.dependencies.lock:
        return None
    found = sorted(_used(site), key=lambda item: Version(item[0]))
    if not found:
        return None
    version = found[0][0]
    series = django_series(specifier) if specifier else [version]
    allowed = [s for s in series if Version(s) < Version(version)]
    if specifier and (not allowed or len(allowed) == len(series)):
        return None  # it asks for a later one all the same, or is held already
    return Fact(version, tuple(evidence for v, evidence in found if v == version)[:3])


def held(dependencies: Dependencies, below: Fact[str] | None) -> Mapping[str, str]:
    """The packages, with Django held below a version."""
    if below is None:
        return dependencies.packages
    said = dependencies.packages.get("django", "")
    return {**dependencies.packages, "django": ",".join(filter(None, (said, f"<{below.value}")))}


def gone(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[str, Evidence]]:
    """What these files of Python use, and the first Django that does not have it."""
    for path in paths:
        if not _SKIPPED.search(path):
            yield from _in_python(tree, path)


def _used(site: Site) -> Iterator[tuple[str, Evidence]]:
    tree = site.tree
    yield from gone(tree, site.sources.own)
    prefix = "" if site.manage_dir == "." else f"{site.manage_dir}/"
    for path in tree.files:
        inside = path.startswith(prefix) and "/templates/" in f"/{path}"
        if inside and path.endswith((".html", ".txt")) and not _SKIPPED.search(path):
            yield from _matches(tree, path, _TEMPLATES)


def _matches(
    tree: Tree, path: str, patterns: tuple[tuple[str, re.Pattern[str], str], ...]
) -> Iterator[tuple[str, Evidence]]:
    text = tree.read(path) or ""
    for version, pattern, name in patterns:
        if match := pattern.search(text):
            yield version, at(path, text, match.start(), _note(name, version))


def _note(name: str, version: str) -> str:
    return f"{name} is gone since Django {version}"


def _in_python(tree: Tree, path: str) -> Iterator[tuple[str, Evidence]]:
    text = tree.read(path) or ""
    if "/migrations/" not in path:
        yield from _matches(tree, path, _MODELS)
    if not (_ANY.search(text) or _RELATION.search(text)):
        return
    module = parsed(text, path)
    if not isinstance(module, ast.Module):
        return
    for statement in module.body:  # one in a ``try`` or an ``if`` is prepared for its absence
        for version, name in _imported(statement):
            yield version, Evidence(Location(path, statement.lineno), _note(name, version))
        for line in _without_on_delete(statement):
            yield "2.0", Evidence(Location(path, line), "on_delete is required since Django 2.0")


def _imported(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    if isinstance(statement, ast.ImportFrom) and not statement.level:
        module = statement.module or ""
        names = [(module, alias.name) for alias in statement.names]
    elif isinstance(statement, ast.Import):
        names = [(alias.name, "") for alias in statement.names]
    else:
        return
    for module, name in names:
        version = removed_in(module, name)
        if version:
            yield version, ".".join(filter(None, (module, name)))


def _without_on_delete(statement: ast.stmt) -> Iterator[int]:
    """Relations that a model declares with nothing but what they point to."""
    for part in statement.body if isinstance(statement, ast.ClassDef) else ():
        call = part.value if isinstance(part, ast.Assign) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        ours = last_name(call.func.value) == "models"
        relation = ours and call.func.attr in {"ForeignKey", "OneToOneField"}
        if relation and len(call.args) == 1 and not isinstance(call.args[0], ast.Starred):
            named = {keyword.arg for keyword in call.keywords}
            if not named & {"on_delete", None}:
                yield part.lineno
