"""How static files are found, collected and served."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nuages.project.facts import Evidence, Fact, StaticFacts
from nuages.project.hints import deployment_files
from nuages.project.python_support import django_series
from nuages.project.site import Site

_MANIFEST = re.compile(r"Manifest")
_REMOTE = "storages.backends."
"""django-storages: nothing that it stores lies where WhiteNoise looks."""
_COMPRESSORS = frozenset({"compressor", "pipeline"})


_TEMPLATES = (".html", ".htm", ".jinja", ".jinja2", ".j2")


def static(site: Site) -> Fact[StaticFacts]:
    """STATIC_ROOT and its like, with the back end that this Django really uses."""
    backend, setting = _backend(site)
    middleware = site.texts("MIDDLEWARE") or site.texts("MIDDLEWARE_CLASSES")
    served = middleware if _is_whole(site, "MIDDLEWARE") else (*middleware, backend or "")
    local = not (backend or "").startswith(_REMOTE)
    whitenoise = local and any("whitenoise" in name.lower() for name in served)
    root = site.text("STATIC_ROOT") or None
    committed, directories = _committed(site, root), _directories(site)
    facts = StaticFacts(
        url=site.text("STATIC_URL"),
        root=root,
        dirs=directories,
        whitenoise=whitenoise,
        manifest=bool(backend and _MANIFEST.search(backend)),
        backend=backend,
        compressor=bool(_COMPRESSORS & set(site.apps)),
        committed_root=committed,
        sources_in_root=not committed and _has_sources(site, root, directories),
        hidden=_collects_hidden(site),
        precompiled=is_precompiled(site),
    )
    names = [n for n in ("STATIC_ROOT", setting, "STATICFILES_DIRS") if n and site.setting(n)]
    evidence = [site.at(name) for name in names]
    if whitenoise:
        evidence.append(Evidence(site.at("MIDDLEWARE").location, "whitenoise"))
    return Fact(facts, tuple(evidence))


def _is_whole(site: Site, name: str) -> bool:
    """Whether nothing of a list is unknown: storage of WhiteNoise's alone serves nothing."""
    setting = site.setting(name)
    return setting is not None and not setting.partial


def _backend(site: Site) -> tuple[str | None, str | None]:
    """STORAGES since Django 4.2; STATICFILES_STORAGE until 5.1, which ignores it.

    https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1
    """
    storages = site.value("STORAGES")
    entry = storages.get("staticfiles") if isinstance(storages, Mapping) else None
    backend = entry.get("BACKEND") if isinstance(entry, Mapping) else None
    if isinstance(backend, str):
        return backend, "STORAGES"
    old = site.text("STATICFILES_STORAGE")
    return (old, "STATICFILES_STORAGE") if old and _honours_old(site) else (None, None)


def _honours_old(site: Site) -> bool:
    specifier = site.dependencies.packages.get("django", "")
    series = django_series(specifier) if specifier else []
    if not series:
        return True  # without a known version, the project's own word stands
    major, minor = (int(part) for part in series[0].split("."))
    return (major, minor) < (5, 1)


def _directories(site: Site) -> tuple[str, ...]:
    value = site.value("STATICFILES_DIRS")
    found = []
    for item in value if isinstance(value, list | tuple) else ():
        path = item[1] if isinstance(item, list | tuple) and len(item) == 2 else item
        if isinstance(path, str):
            found.append(path)
    return tuple(found)


def _collects_hidden(site: Site) -> bool:
    """Whether production collects with ``--no-default-ignore``.

    https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#collectstatic
    """
    texts = (site.tree.read(path) or "" for path in deployment_files(site.tree, site.manage_dir))
    return any(re.search(r"collectstatic\b[^\n;&|]*--no-default-ignore", text) for text in texts)


def is_precompiled(site: Site) -> bool:
    """Whether a template names a type of COMPRESS_PRECOMPILERS: many settings only list them."""
    setting = site.settings.settings.get("COMPRESS_PRECOMPILERS")
    if setting is None or "compressor" not in site.apps:
        return False
    entries = site.value("COMPRESS_PRECOMPILERS")
    types = [e[0] for e in entries or () if isinstance(e, list | tuple) and e]
    if not types or not all(isinstance(each, str) for each in types):
        return setting.state == "unknown" or bool(entries)
    paths = (path for path in site.tree.files if path.endswith(_TEMPLATES))
    return any(each in (site.tree.read(path) or "") for path in paths for each in types)


def _committed(site: Site, root: str | None) -> bool:
    folder = site.path(root)
    if folder is None or folder == ".":
        return False
    collected = ("admin/css/base.css", "staticfiles.json", "admin/js/core.js")
    return any(f"{folder}/{name}" in site.tree for name in collected)


def _has_sources(site: Site, root: str | None, directories: tuple[str, ...]) -> bool:
    """Whether style sheets and scripts are kept in STATIC_ROOT, where ``runserver`` misses them."""
    folder = site.path(root)
    if folder is None or folder == "." or folder in {site.path(each) for each in directories}:
        return False
    below = (path for path in site.tree.files if path.startswith(f"{folder}/"))
    return any(path.endswith((".css", ".js")) for path in below)
