"""What in the environment selects the settings: ``DJANGO_ENV`` and its like, and classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from nuages.project.facts import EvaluatedSettings, Evidence, Fact, Problem, SettingsKind
from nuages.project.hints import Hint
from nuages.project.python_source import Sources, at, first, last_name, parent, parsed
from nuages.text import Location

PRODUCTION = ("production", "prod", "live", "deploy", "deployment", "release", "server", "cloud")
_CLASSES = ("Production", "Prod", "Live", "Deployment", "Cloud", "Heroku", "Staging")
_SWITCH = re.compile(
    r"(?:environ(?:\.get)?|getenv|setdefault|env(?:\.str)?|config)\s*[(\[]\s*"
    r"[\"'](?P<name>(?:\w+_)?(?:ENV|ENVIRONMENT|STAGE|MODE|DEPLOYMENT|SETTINGS|PROFILE|TIER"
    r"|CONFIG|APP_ENV))[\"']"
)
_PRESENCE = re.compile(
    r"^DEBUG\s*(?::\s*bool\s*)?=\s*[\"'](\w+)[\"']\s+not\s+in\s+(?:os\.)?environ", re.MULTILINE
)
_CHOOSES = re.compile(
    r"^[ \t]*(?:el)?if[ \t]+(?:os\.)?(?:environ(?:\.get)?|getenv)[ \t]*"
    r"[(\[]\s*[\"'](?P<name>\w+)[\"']"
    r"[^\])\n]*[\])][ \t]*(?:(?:in[ \t]*[\[({]|==)[ \t]*[\"'](?P<value>[^\"'\n]+)[\"'][^:\n]*)?:"
    rf"[^\n]*\n[ \t]+from[ \t]+[\w.]*\b(?:settings_)?(?:{'|'.join(PRODUCTION)})\b[ \t]+import",
    re.MULTILINE,
)
"""A variable under which the settings of production are imported, whatever it is called."""
_NOT = frozenset({"DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV", "DJANGO_ENV_FILE", "DEBUG_MODE"})


def switches(sources: Sources, path: str) -> dict[str, Fact[str]]:
    """Variables that a settings file compares or builds names with → the value for production.

    Only values that the project itself spells out are given: a comparison with
    ``"production"``, a key of a table, or a file that an f-string would name.
    """
    text = sources.tree.read(path) or ""
    found: dict[str, Fact[str]] = {}
    for match in _SWITCH.finditer(text):
        name = match["name"]
        if name in found or name in _NOT:
            continue
        values = [*_spelled(text), *_siblings(sources, path, text)]
        chosen = next((v for p in PRODUCTION for v in values if v.lower() == p), None)
        if chosen is not None:
            line = text.count("\n", 0, match.start()) + 1
            evidence = Evidence(Location(path, line), f"{name}={chosen} selects production")
            found[name] = Fact(chosen, (evidence,))
    for match in _CHOOSES.finditer(text):
        value = match["value"] or "1"
        evidence = at(
            path, text, match.start("name"), f"{match['name']}={value} selects production"
        )
        found.setdefault(match["name"], Fact(value, (evidence,)))
    for match in _PRESENCE.finditer(text):
        evidence = at(path, text, match.start(1), f"DEBUG is off where {match[1]} is set")
        found.setdefault(match[1], Fact("true", (evidence,)))
    return found


def _spelled(text: str) -> Iterator[str]:
    words = "|".join(PRODUCTION)
    pattern = rf"(?:[=!]=\s*|\bin\s*[\[({{][^\])}}]*?|case\s+|[{{,]\s*)[\"']({words})[\"']"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield match[1]


def _siblings(sources: Sources, path: str, text: str) -> Iterator[str]:
    """Names of files beside the settings, where their names are computed."""
    if not re.search(r"import_module|f[\"'][^\"']*\{|\.format\(|%s|__import__|\+ *[\"']\.py", text):
        return
    folder = parent(path)
    prefix = "" if folder == "." else f"{folder}/"
    for file in sources.own:
        if file.startswith(prefix) and file.count("/") - path.count("/") <= 1:
            yield file.rpartition("/")[2].removesuffix(".py").removeprefix("settings_")


_STEERS_DEBUG = re.compile(
    r"DEBUG|(?:^|_)(?:DEV|DEVELOPMENT|ENV|ENVIRONMENT|MODE|STAGE|PROD|PRODUCTION|LIVE|LOCAL)(?:_|$)"
)
_OFF = ("False", "0", "", *PRODUCTION[:2], "True", "1")


def without_debug(
    evaluated: Callable[[Mapping[str, str]], EvaluatedSettings],
    environ: Mapping[str, str],
    spelled: Iterable[str] = (),
) -> EvaluatedSettings:
    """The settings in the environment that turns DEBUG off, where one variable does that.

    What turns it off is found by trying: for one project it is ``False``, for another ``0``,
    for a third any text at all means on, and for a fourth it is one that the settings
    themselves compare with: ``spelled`` are the texts that they do.
    """
    first_try = evaluated(environ)
    debug = first_try.settings.get("DEBUG")
    if debug is None or debug.state != "environment" or debug.value is False:
        return first_try
    for name in debug.variables:
        if name in environ or not _STEERS_DEBUG.search(name):
            continue
        for value in (*_OFF, *spelled):
            tried = evaluated({**environ, name: value})
            found = tried.settings.get("DEBUG")
            if found is not None and found.state != "unknown" and found.value in (False, ""):
                return tried
    return first_try


@dataclass(frozen=True)
class Kind:
    """How the settings are made, and the class or variables that select them."""

    kind: SettingsKind
    configuration: Fact[str] | None = None
    environ: Mapping[str, str] | None = None


def kind(sources: Sources, path: str, hints: list[Hint]) -> Kind:
    """Plain module, django-configurations classes or dynaconf."""
    tree = sources.tree
    text = tree.read(path) or ""
    if first(tree, path, re.compile(r"^\s*(?:from|import) dynaconf\b", re.MULTILINE)):
        return Kind("dynaconf", environ={"ENV_FOR_DYNACONF": "production"})
    names = _class_names(sources, path)
    if "configurations" in text or names:
        chosen = _class(names, hints)
        if chosen:
            return Kind("configurations", chosen)
    return Kind("module")


def _class_names(sources: Sources, path: str, depth: int = 3) -> dict[str, Location]:
    """django-configurations classes that a settings file defines or takes from others."""
    tree = parsed(sources.tree.read(path) or "", path)
    if isinstance(tree, Problem) or not depth:
        return {}
    known = {"Configuration": Location(path)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and "configurations" not in (node.module or ""):
            known |= _imported(sources, path, node, depth)
        elif isinstance(node, ast.ClassDef) and any(last_name(b) in known for b in node.bases):
            known[node.name] = Location(path, node.lineno)
    return {name: where for name, where in known.items() if name != "Configuration"}


def _imported(sources: Sources, path: str, node: ast.ImportFrom, depth: int) -> dict[str, Location]:
    package = sources.module(path) or ""
    parts = package.split(".") if path.endswith("/__init__.py") else package.split(".")[:-1]
    base = parts[: len(parts) - (node.level - 1)] if node.level > 1 else parts
    module = ".".join([*base, node.module or ""]) if node.level else node.module or ""
    other = sources.path(module.strip("."))
    if other is None or other == path:
        return {}
    classes = _class_names(sources, other, depth - 1)
    names = {alias.name for alias in node.names}
    return classes if "*" in names else {n: w for n, w in classes.items() if n in names}


def _class(names: dict[str, Location], hints: list[Hint]) -> Fact[str] | None:
    for name in _CLASSES:
        if name in names:
            return Fact(name, (Evidence(names[name], f"class {name}"),))
    deployed = [h for h in hints if h.purpose == "deploy" and h.name in names]
    if deployed:
        return Fact(deployed[0].name, (deployed[0].evidence,))
    likely = [n for n in names if re.search(r"prod|live|deploy", n, re.IGNORECASE)]
    others = [n for n in names if not re.search(r"dev|test|local|base|common|ci$", n, re.I)]
    chosen = next(iter([*likely, *reversed(others), *names]), None)
    return Fact(chosen, (Evidence(names[chosen], f"class {chosen}"),)) if chosen else None
