"""The literal paths of the root URLconf, a level or two of includes followed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nuages.project.facts import Evidence, Fact, Problem
from nuages.project.python_source import last_name, literal, parsed
from nuages.project.site import Site
from nuages.text import Location

_MAKERS = frozenset({"path", "re_path", "url"})
_DEPTH = 2
_ESCAPED = re.compile(r"\\[.\-/_]")
_REGEX_MARKS = re.compile(r"[()\[\]*+?|{}\\.]")


@dataclass(frozen=True)
class Route:
    """A path that is spelled out in a URLconf."""

    path: str
    evidence: Evidence
    view: str
    """The view, or what is included, as it stands in the source."""
    translated: bool = False
    """Below i18n_patterns: the language's code comes first."""


def routes(site: Site) -> list[Route]:
    """Every literal path from ROOT_URLCONF on, in the order of the source."""
    root = site.text("ROOT_URLCONF")
    path = site.sources.path(root) if root else None
    return list(_Conf(site).routes(path, "/", 0)) if path else []


def urls(found: list[Route]) -> tuple[Fact[str], ...]:
    """The paths, each once, the first page first."""
    ordered = sorted(found, key=lambda route: route.path != "/")
    unique = {route.path: route for route in reversed(ordered)}
    kept = [route for route in ordered if unique.get(route.path) is route]
    return tuple(Fact(route.path, (route.evidence,)) for route in kept)


class _Conf:
    """One reading of the URLconf; a file that includes itself is read once on each way."""

    def __init__(self, site: Site):
        self.site = site
        self.names: dict[str, str] = {}

    def routes(self, path: str, prefix: str, depth: int) -> Iterator[Route]:
        tree = parsed(self.site.tree.read(path) or "", path)
        if isinstance(tree, Problem):
            return
        for node in tree.body:
            for value in _patterns(node):
                yield from self._listed(value, path, prefix, depth, translated=False)

    def _listed(
        self, node: ast.expr, path: str, prefix: str, depth: int, translated: bool
    ) -> Iterator[Route]:
        if isinstance(node, ast.List | ast.Tuple):
            for item in node.elts:
                yield from self._listed(item, path, prefix, depth, translated)
        elif isinstance(node, ast.BinOp):
            yield from self._listed(node.left, path, prefix, depth, translated)
            yield from self._listed(node.right, path, prefix, depth, translated)
        elif isinstance(node, ast.Starred):
            yield from self._listed(node.value, path, prefix, depth, translated)
        elif isinstance(node, ast.Call):
            yield from self._called(node, path, prefix, depth, translated)

    def _called(
        self, node: ast.Call, path: str, prefix: str, depth: int, translated: bool
    ) -> Iterator[Route]:
        name = last_name(node.func)
        if name == "i18n_patterns":
            prefix = prefix + self._language(node)
            for argument in node.args:
                yield from self._listed(argument, path, prefix, depth, translated=True)
        elif name in _MAKERS and node.args:
            yield from self._route(node, name, path, prefix, depth, translated)

    def _language(self, node: ast.Call) -> str:
        default = next((k.value for k in node.keywords if k.arg == "prefix_default_language"), None)
        if isinstance(default, ast.Constant) and default.value is False:
            return ""
        return f"{(self.site.text('LANGUAGE_CODE') or 'en-us').lower()}/"

    def _route(
        self, node: ast.Call, name: str, path: str, prefix: str, depth: int, translated: bool
    ) -> Iterator[Route]:
        own = self._path(node.args[0], name)
        if own is None or len(node.args) < 2:
            return
        full = prefix + own.removeprefix("/")
        view = node.args[1]
        included = isinstance(view, ast.Call) and last_name(view.func) == "include"
        evidence = Evidence(Location(path, node.lineno), ast.unparse(node)[:120])
        if not included:
            yield Route(full, evidence, ast.unparse(view), translated)
            return
        other = self._included(view)
        if other and depth < _DEPTH:
            yield from self.routes(other, full, depth + 1)
            return
        yield Route(full, evidence, ast.unparse(view), translated)

    def _path(self, node: ast.expr, name: str) -> str | None:
        text = literal(node)
        if text is None and isinstance(node, ast.Attribute):
            text = self.site.text(node.attr)  # settings.ADMIN_URL
        if text is None and isinstance(node, ast.Call) and node.args:
            text = literal(node.args[0])  # gettext_lazy("…")
        if text is None and isinstance(node, ast.JoinedStr | ast.BinOp):
            text = self._joined(node)
        if text is None or "<" in text:
            return None
        return text if name == "path" else _plain(text)

    def _joined(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [self._path(side, "path") for side in (node.left, node.right)]
            return "".join(s for s in sides if s is not None) if None not in sides else None
        parts = []
        for part in node.values if isinstance(node, ast.JoinedStr) else []:
            value = part.value if isinstance(part, ast.FormattedValue) else part
            parts.append(self._path(value, "path"))
        return "".join(p for p in parts if p is not None) if parts and None not in parts else None

    def _included(self, view: ast.expr) -> str | None:
        argument = view.args[0] if isinstance(view, ast.Call) and view.args else None
        if isinstance(argument, ast.Tuple) and argument.elts:
            argument = argument.elts[0]
        module = literal(argument)
        return self.site.sources.path(module) if module else None


def _patterns(node: ast.stmt) -> Iterator[ast.expr]:
    """What is assigned or added to ``urlpatterns``; under a condition it is not certain."""
    if isinstance(node, ast.Assign):
        if any(isinstance(t, ast.Name) and t.id == "urlpatterns" for t in node.targets):
            yield node.value
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        if isinstance(node.target, ast.Name) and node.target.id == "urlpatterns" and node.value:
            yield node.value
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        function = node.value.func
        if isinstance(function, ast.Attribute) and last_name(function.value) == "urlpatterns":
            yield from node.value.args


def _plain(pattern: str) -> str | None:
    """The one path that a regular expression matches; None when it matches several."""
    text = pattern.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    text = f"{text[:-2]}/" if text.endswith("/?") else text
    if _REGEX_MARKS.search(_ESCAPED.sub("", text)):
        return None
    return _ESCAPED.sub(lambda match: match[0][1], text)
