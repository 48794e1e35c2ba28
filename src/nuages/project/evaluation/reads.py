"""Lookups of environment variables, found in the syntax tree alone, whether executed or not."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nuages.project.evaluation.source import parse
from nuages.project.tree import Tree
from nuages.text import Location

ENV_CALLS = {"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"}
ALIASED = {"os.environ", "os.getenv", "os.environ.get"}
LIBRARIES = ("environ.Env", "environ.FileAwareEnv", "environs.Env", "environs.FileAwareEnv",
             "decouple.AutoConfig", "decouple.Config", "starlette.config.Config")  # fmt: skip
READERS = {"decouple.config", "environs.env", "prettyconf.config"}
URLS = {
    "dj_database_url.config": ("DATABASE_URL", "url:database"),
    "dj_email_url.config": ("EMAIL_URL", "url:email"),
    "django_cache_url.config": ("CACHE_URL", "url:cache"),
}
METHODS = {
    "db": ("DATABASE_URL", "url:database"),
    "db_url": ("DATABASE_URL", "url:database"),
    "dj_db_url": ("", "url:database"),
    "cache": ("CACHE_URL", "url:cache"),
    "cache_url": ("CACHE_URL", "url:cache"),
    "dj_cache_url": ("", "url:cache"),
    "email": ("EMAIL_URL", "url:email"),
    "email_url": ("EMAIL_URL", "url:email"),
    "dj_email_url": ("", "url:email"),
}
CASTS = {"int": "int", "float": "float", "bool": "bool", "json.loads": "json", "strtobool": "bool",
         "distutils.util.strtobool": "bool", "ast.literal_eval": "json"}  # fmt: skip
HELPED = ("bool", "int", "float", "list", "json")
TRUTHS = {"true", "1", "yes", "on", "t", "y", "false", "0", "no", "off"}


@dataclass(frozen=True)
class StaticRead:
    """A lookup as it stands in the text."""

    name: str
    location: Location
    default: str | None = None
    cast: str | None = None
    hard: bool = False
    """``os.environ["X"]``, or a library's lookup with no default."""


@dataclass
class Names:
    """What names mean over all files looked at: imports, readers, and helpers of the user's."""

    aliases: dict[str, str] = field(default_factory=dict)
    readers: set[str] = field(default_factory=set)
    helpers: dict[str, tuple[int, int]] = field(default_factory=dict)
    """A helper's name → the positions of the variable's name and of the default, or -1."""


def static_reads(tree: Tree, paths: Iterable[str]) -> tuple[StaticRead, ...]:
    """Return every lookup in files of Python, in the order of the files and lines."""
    return _reads(tuple((path, tree.read(path) or "") for path in paths if path.endswith(".py")))


@lru_cache(maxsize=8)
def _reads(files: tuple[tuple[str, str], ...]) -> tuple[StaticRead, ...]:
    """Of paths and texts, once for every environment that they are evaluated under."""
    trees = [(path, parse(text).tree) for path, text in files]
    names = Names()
    for _, module in trees:
        _learn(module, names)
    found: list[StaticRead] = []
    for path, module in trees:
        _Visitor(path, names, found).run(module)
    return tuple(found)


def _learn(module: ast.Module, names: Names) -> None:
    functions = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            _learn_import(node, names)
        elif isinstance(node, ast.Assign):
            _learn_assignment(node, names)
        elif isinstance(node, ast.FunctionDef):
            functions.append(node)
    for function in functions:
        _learn_helper(function, names)


def _learn_import(node: ast.Import | ast.ImportFrom, names: Names) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            names.aliases[name] = alias.name if alias.asname else name
    elif node.module and not node.level:
        for alias in node.names:
            names.aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"


def _learn_assignment(node: ast.Assign, names: Names) -> None:
    targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node.value, ast.Call) and dotted(node.value.func, names) in LIBRARIES:
        names.readers.update(targets)
    elif dotted(node.value, names) in ALIASED:
        names.aliases.update(dict.fromkeys(targets, dotted(node.value, names)))


def _learn_helper(function: ast.FunctionDef, names: Names) -> None:
    parameters = [argument.arg for argument in function.args.args]
    for node in ast.walk(function):
        key = _key(node, names)
        if isinstance(key, ast.Name) and key.id in parameters:
            default = next((n for n, p in enumerate(parameters) if "default" in p), -1)
            names.helpers[function.name] = (parameters.index(key.id), default)
            return


def dotted(node: ast.expr, names: Names) -> str:
    """Return the dotted name of an expression with imports resolved; empty if it is none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.aliases.get(node.id, node.id), *reversed(parts)])


def _key(node: ast.AST, names: Names) -> ast.expr | None:
    """Return the expression that names the variable, if a node is a lookup."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return node.slice if dotted(node.value, names) == "os.environ" else None
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        inside = dotted(node.comparators[0], names) == "os.environ"
        return node.left if inside else None
    if isinstance(node, ast.Call) and node.args:
        name = dotted(node.func, names)
        root = name.partition(".")[0]
        reads = name in ENV_CALLS | READERS or root in names.readers or _of_reader(name)
        if reads and not name.endswith((".read_env", ".prefixed", ".add_parser", ".parser_for")):
            return node.args[0]
    return None


def _of_reader(name: str) -> bool:
    return any(name.startswith(f"{reader}.") for reader in READERS)


class _Visitor:
    """Walks a module and hands down what an enclosing expression casts to."""

    def __init__(self, path: str, names: Names, found: list[StaticRead]):
        self.path = path
        self.names = names
        self.found = found

    def run(self, module: ast.AST) -> None:
        stack: list[tuple[ast.AST, str | None]] = [(module, None)]
        while stack:
            node, cast = stack.pop()
            self._read(node, cast)
            inner = self._cast(node)
            through = isinstance(node, ast.BoolOp | ast.IfExp | ast.Attribute)
            handed = inner or (cast if through or _stripping(node) else None)
            children = [(child, handed) for child in ast.iter_child_nodes(node)]
            stack.extend(reversed(children))

    def _cast(self, node: ast.AST) -> str | None:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "split":
                return "list"
            return CASTS.get(dotted(node.func, self.names)) if len(node.args) == 1 else None
        if isinstance(node, ast.Compare):
            constants = [c for part in node.comparators for c in ast.walk(part)]
            texts = {c.value.lower() for c in constants
                     if isinstance(c, ast.Constant) and isinstance(c.value, str)}  # fmt: skip
            return "bool" if texts and texts <= TRUTHS else None
        return None

    def _read(self, node: ast.AST, cast: str | None) -> None:
        name, key = "", _key(node, self.names)
        if isinstance(node, ast.Call):
            name = dotted(node.func, self.names)
            helper = self.names.helpers.get(name)
            if key is None and helper is not None and len(node.args) > helper[0]:
                key = node.args[helper[0]]
        if key is None:
            self._implied(node, name)
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            self._add(node, name, key.value, cast)

    def _implied(self, node: ast.AST, name: str) -> None:
        """``env.db()`` and ``dj_database_url.config()`` read a variable they do not name."""
        root, _, method = name.partition(".")
        implied = URLS.get(name) or (METHODS.get(method) if root in self.names.readers else None)
        if not implied or not isinstance(node, ast.Call):
            return
        given = _argument(node, -1, "env")
        variable = given.value if isinstance(given, ast.Constant) else implied[0]
        if variable:
            default = _text(_argument(node, 1, "default"))
            self.found.append(StaticRead(str(variable), self._at(node), default, implied[1],
                                         name not in URLS and default is None))  # fmt: skip

    def _add(self, node: ast.AST, function: str, variable: str, cast: str | None) -> None:
        hard, default = isinstance(node, ast.Subscript), None
        if isinstance(node, ast.Call):
            library = function not in ENV_CALLS
            helper = self.names.helpers.get(function)
            given = _argument(node, helper[1] if helper else 1, "default")
            default = _text(given)
            hard = library and given is None and function not in self.names.helpers
            cast = self._library_cast(node, function) or cast
        self.found.append(StaticRead(variable, self._at(node), default, cast, hard))

    def _library_cast(self, node: ast.Call, function: str) -> str | None:
        method = function.rpartition(".")[2]
        if function in self.names.helpers:
            return next((cast for cast in HELPED if cast in function.lower()), None)
        given = _argument(node, -1, "cast")
        if given is not None:
            name = dotted(given.func if isinstance(given, ast.Call) else given, self.names)
            short = name.rpartition(".")[2]
            if name.endswith("_url.parse"):
                return URLS[name.replace(".parse", ".config")][1]
            return {"Csv": "list", "tuple": "list", "str": None, "": "function"}.get(short, short)
        if (method in METHODS and function in METHODS) or function.partition(".")[
            0
        ] in self.names.readers:
            known = METHODS.get(method, ("", ""))[1]
            return known or (
                method if method in ("bool", "int", "float", "list", "json", "dict") else None
            )
        return None

    def _at(self, node: Any) -> Location:
        return Location(self.path, node.lineno, node.col_offset + 1)


def _stripping(node: ast.AST) -> bool:
    """``.lower()``, ``.strip()`` and the like keep what the whole is cast to."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args


def _argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    return node.args[position] if 0 <= position < len(node.args) else None


def _text(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, bool)):
        return str(node.value)
    if isinstance(node, ast.List | ast.Tuple):
        parts = [_text(item) for item in node.elts]
        return ",".join(part or "" for part in parts)
    return None
