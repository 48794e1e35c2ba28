"""The build of JavaScript and CSS that the pages need: package.json against the settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from nuages.project.facts import Evidence, Fact, Frontend
from nuages.project.hints import deployment_files
from nuages.project.node import (
    AND,
    Package,
    gulp,
    old_hashes,
    tool_and_lock,
    undeclared,
    version,
    yarn,
)
from nuages.project.python_source import ancestors, at, joined, parent
from nuages.project.site import Site
from nuages.text import texts

_SCRIPTS: tuple[str, ...] = (
    *("build:production", "build:prod", "build-production", "build-prod", "production", "prod"),
    *("build", "build:all", "build:css", "build-css", "css:build", "compile", "dist"),
    *("webpack", "gulp", "sass", "bundle", "heroku-postbuild"),
)
_INTEGRATIONS: tuple[tuple[str, str, bool], ...] = (
    # application, our name, whether a page fails when the output is absent
    ("django_vite", "django-vite", True),
    ("webpack_loader", "webpack-loader", True),
    ("webpack_boilerplate", "webpack-boilerplate", True),
    ("manifest_loader", "manifest-loader", True),
    ("tailwind", "tailwind", False),
    ("compressor", "compressor", False),
    ("pipeline", "pipeline", False),
    ("npm", "django-npm", False),
)
_VENDORED = re.compile(
    r"(?:^|/)(?:vendors?|third[-_]?party|3rdparty|bower_components|static(?:/.+)?/libs?)/"
)
"""Somebody else's package, kept in the project as it was made: it is served, not built."""
_MANIFESTS = ("WEBPACK_LOADER", "DJANGO_VITE", "MANIFEST_LOADER")


def frontend(site: Site) -> Fact[Frontend] | None:
    """The build whose output the settings expect; None when nothing here needs one."""
    integration, required, evidence = _integration(site)
    output = _output(site)
    for package in _packages(site):
        command = _command(site, package) or gulp(site, package)
        served = _is_served_whole(site, package)
        pages = command is not None and _builds_pages(site, package)
        beside = _bundles_beside(site, package, command)
        if not (integration or served or pages or beside or _builds_into(site, package)):
            continue
        if command is None and not served and integration != "django-npm":
            continue
        text = site.tree.read(package.path) or ""
        first = (command or "").partition(AND)[0]
        where = at(package.path, text, max(text.find(f'"{first}"'), 0), command or "install")
        facts = Frontend(
            *tool_and_lock(site, package),
            command=command or "",
            output=output or _configured_output(site, package),
            integration=integration,
            node=version(site, package),
            required=required or pages,
            yarn=yarn(site, package),
            old_hashes=old_hashes(package),
            programs=undeclared(package, command or ""),
        )
        return Fact(facts, (where, *evidence))
    return None


def _integration(site: Site) -> tuple[str | None, bool, tuple[Evidence, ...]]:
    for app, name, required in _INTEGRATIONS:
        if app in site.apps:
            where = site.at("INSTALLED_APPS").location
            return name, required, (Evidence(where, f"{app} is installed"),)
    if "npm.finders.NpmFinder" in site.texts("STATICFILES_FINDERS"):
        return "django-npm", False, (site.at("STATICFILES_FINDERS"),)
    return None, False, ()


def _packages(site: Site) -> Iterator[Package]:
    """Those of the project's own folders, then below them; another service's is not ours."""
    near = [joined(folder, "package.json") for folder in ancestors(site.manage_dir)]
    prefix = "" if site.manage_dir == "." else f"{site.manage_dir}/"
    below = [p for p in site.tree.named("package.json") if p.startswith(prefix)]
    beside = site.tree.named("package.json") if _integration(site)[0] else ()
    for path in dict.fromkeys((*near, *below, *beside)):
        if _VENDORED.search(path):
            continue
        text = site.tree.read(path)
        try:
            data = json.loads(text) if text else None
        except (ValueError, RecursionError):
            continue
        if isinstance(data, dict):
            yield Package(path, data)


_PART = re.compile(r"build[:_-](?!.*(?:watch|dev|test|docs?|storybook|style-?guide|docker|image))")
_RUN = re.compile(
    r"\b(?:npm|pnpm|bun)\s+run\s+(?:-\S+\s+)*([\w:.-]+)|\byarn\s+(?:run\s+)?([\w:.-]+)"
)
_OTHERWISE = re.compile(r"watch|dev|test|lint|start|serve|install|style-?guide|check")


def _command(site: Site, package: Package) -> str | None:
    """The script that builds; where there is one for each kind of file, all of them."""
    scripts = package.scripts
    usual = next((name for name in _SCRIPTS if name in scripts), None)
    parts = (name for name, text in scripts.items() if _PART.match(name) and "watch" not in text)
    return usual or AND.join(_run_by_the_image(site, scripts)) or AND.join(parts) or None


def _run_by_the_image(site: Site, scripts: Mapping[str, str]) -> Iterator[str]:
    """What the project's own Dockerfile, or what else deploys it, runs of its scripts."""
    paths = deployment_files(site.tree, site.manage_dir)
    found = (match for path in paths for match in _RUN.finditer(site.tree.read(path) or ""))
    for name in dict.fromkeys(match[1] or match[2] for match in found):
        if name in scripts and not _OTHERWISE.search(name):
            yield name


def _output(site: Site) -> str | None:
    """Where a manifest's reader looks for it."""
    for name in _MANIFESTS:
        entries = site.value(name)
        default = _default(entries)
        for key in ("STATS_FILE", "manifest_path", "output_dir", "BUNDLE_DIR_NAME"):
            path = default.get(key)
            if isinstance(path, str) and path.startswith("{root}"):
                return _folder(site.path(path))
    for name in ("DJANGO_VITE_ASSETS_PATH", "DJANGO_VITE_MANIFEST_PATH"):
        if found := site.path(site.text(name)):
            return _folder(found)
    return None


def _folder(path: str | None) -> str | None:
    """The folder of a manifest; vite keeps it one level down, in ``.vite``."""
    if path is None or not path.endswith(".json"):
        return path
    folder = parent(path)
    return parent(folder) if folder.endswith("/.vite") else folder


def _default(entries: object) -> Mapping[str, Any]:
    if not isinstance(entries, Mapping):
        return {}
    inner = entries.get("DEFAULT", entries.get("default", entries))
    return inner if isinstance(inner, Mapping) else {}


_OUT = re.compile(
    r"out(?:put)?Dir\s*:\s*[\"']([^\"']+)[\"']|path\.(?:resolve|join)\(\s*(?:__dirname\s*,\s*)?"
    r"[\"']([^\"']+)[\"']|--outdir[= ]([^\s\"']+)|(?:-o|--output|--dist-dir|-d)[= ]+([\w./-]+)"
    r"|dest\([\"']([^\"']+)|(?<![=-])>\s*([\w./-]+\.(?:css|js))\b"
    r"|[\w/]:((?:[\w.-]+/)+[\w.-]+)(?=\s|$)"  # sass in:out
)
_CONFIGS = (
    *("vite.config.js", "vite.config.ts", "vite.config.mjs", "webpack.config.js"),
    *(
        "vue.config.js",
        "webpack.prod.js",
        "gulpfile.js",
        "gulpfile.mjs",
        "rollup.config.js",
        "build.js",
    ),
)


def _outputs(site: Site, package: Package) -> Iterator[str]:
    """Folders that the build's scripts and configuration write to."""
    folder = parent(package.path)
    texts = list(package.scripts.values())
    texts += [site.tree.read(joined(folder, name)) or "" for name in _CONFIGS]
    for text in texts:
        for match in _OUT.finditer(text):
            value = next(group for group in match.groups() if group)
            yield _resolved(folder, value)


def _resolved(folder: str, value: str) -> str:
    parts = [] if folder == "." else folder.split("/")
    for part in value.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts) or "."


_BUILT = re.compile(
    r"(?:^|[/_-])(?:build|built|dist|bundles?|compiled|generated|webpack|vite)(?:/|$)"
)
"""Names for what is not in git because something makes it."""


def _builds_into(site: Site, package: Package) -> bool:
    """Whether the build writes where Django looks for static files, or into its templates."""
    outputs = list(_outputs(site, package))
    dirs = [p for d in site.value("STATICFILES_DIRS") or () if (p := _dir(site, d))]
    for output in outputs:
        served = any(output == d or output.startswith(f"{d}/") for d in dirs)
        in_app = re.search(r"(?:^|/)static(?:/|$)", output) and _ours(site, output)
        if served or in_app:
            return True
    expected = [d for d in dirs if d not in site.tree.folders]
    folder = parent(package.path)
    if folder == ".":
        scripts = " ".join(package.scripts.values())
        return any(_BUILT.search(d) or re.search(rf"\b{re.escape(d)}\b", scripts) for d in expected)
    return any(d.startswith(f"{folder}/") for d in expected)


_DEFAULTS = (
    (re.compile(r"\bvue-cli-service build\b|\bvite build\b|\bng build\b"), "dist"),
    (re.compile(r"\breact-scripts build\b|\bcraco build\b"), "build"),
)
"""Where tools write that are not told otherwise."""


_BUNDLERS = re.compile(
    r"\b(?:vite build|webpack|rollup|esbuild|parcel build|gulp|grunt|sass|postcss|tailwindcss"
    r"|lessc)\b"
)


def _bundles_beside(site: Site, package: Package, command: str | None) -> bool:
    """Whether a bundler is run beside manage.py, or above it: what for, if not for its pages."""
    texts = [package.scripts.get(name, "") for name in (command or "").split(AND)]
    beside = parent(package.path) in ancestors(site.manage_dir)
    return beside and any(_BUNDLERS.search(text) for text in texts)


def _builds_pages(site: Site, package: Package) -> bool:
    """Whether templates are looked for where nothing but the build puts them."""
    engines = site.value("TEMPLATES")
    entries = [e for e in engines or () if isinstance(e, Mapping)]
    listed = [d for entry in entries for d in entry.get("DIRS") or () if isinstance(d, str)]
    absent = {p for d in listed if (p := site.path(d)) and p not in site.tree.folders}
    scripts = " ".join(package.scripts.values())
    usual = [_resolved(parent(package.path), d) for found, d in _DEFAULTS if found.search(scripts)]
    return bool(absent & {*_outputs(site, package), *usual})


def _is_served_whole(site: Site, package: Package) -> bool:
    """Whether the settings name ``node_modules`` itself: then installing is the build."""
    modules = joined(parent(package.path), "node_modules")
    known = (each.value for each in site.settings.settings.values() if each.state != "unknown")
    paths = (site.path(text) for value in known for text in texts(value))
    return any(path == modules or (path or "").startswith(f"{modules}/") for path in paths)


def _dir(site: Site, item: object) -> str | None:
    value = item[1] if isinstance(item, list | tuple) and len(item) == 2 else item
    return site.path(value) if isinstance(value, str) else None


def _ours(site: Site, output: str) -> bool:
    return site.manage_dir == "." or output.startswith(f"{site.manage_dir}/")


def _configured_output(site: Site, package: Package) -> str | None:
    dirs = [p for d in site.value("STATICFILES_DIRS") or () if (p := _dir(site, d))]
    for output in _outputs(site, package):
        if any(output == d or output.startswith(f"{d}/") for d in dirs):
            return output
    folder = parent(package.path)
    absent = [d for d in dirs if d not in site.tree.folders and d.startswith(f"{folder}/")]
    static = [o for o in _outputs(site, package) if re.search(r"(?:^|/)static(?:/|$)", o)]
    return next(iter([*absent, *static]), None)
