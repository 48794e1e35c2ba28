"""The views of an API: what each may do, to whom it is open, which rows it answers with.

Only classes all of whose bases are known are views here: what another library's base permits
cannot be told from its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.production import Production
from nuages.checks.sources.classes import OwnClass
from nuages.project.python_source import last_name
from nuages.text import Location

WORDS = ("rest_framework", "ViewSet", "APIView")
OPEN = frozenset({"AllowAny"})
ANY_ACCOUNT = frozenset({"AllowAny", "IsAuthenticated", "IsAuthenticatedOrReadOnly"})
_ALL = frozenset({"list", "create", "update", "destroy"})
_DOES: dict[str, frozenset[str]] = {
    "ModelViewSet": _ALL,
    "ReadOnlyModelViewSet": frozenset({"list"}),
    "ListAPIView": frozenset({"list"}),
    "ListCreateAPIView": frozenset({"list", "create"}),
    "CreateAPIView": frozenset({"create"}),
    "RetrieveAPIView": frozenset(),
    "UpdateAPIView": frozenset({"update"}),
    "DestroyAPIView": frozenset({"destroy"}),
    "RetrieveUpdateAPIView": frozenset({"update"}),
    "RetrieveDestroyAPIView": frozenset({"destroy"}),
    "RetrieveUpdateDestroyAPIView": frozenset({"update", "destroy"}),
    "ListModelMixin": frozenset({"list"}),
    "CreateModelMixin": frozenset({"create"}),
    "RetrieveModelMixin": frozenset(),
    "UpdateModelMixin": frozenset({"update"}),
    "DestroyModelMixin": frozenset({"destroy"}),
    "GenericViewSet": frozenset(),
    "ViewSet": frozenset(),
    "APIView": frozenset(),
    "GenericAPIView": frozenset(),
}
"""https://www.django-rest-framework.org/api-guide/generic-views/"""
_METHODS = {"create": "post", "update": "put", "destroy": "delete", "list": "get"}


@dataclass(frozen=True)
class View:
    """A view or viewset of the project's own."""

    own: OwnClass
    default: tuple[str, ...] | None
    """The permissions that the settings give to a view without its own."""

    @cached_property
    def does(self) -> frozenset[str]:
        """Of list, create, update and destroy what REST framework's own code does here."""
        found = frozenset().union(*(_DOES[base] for base in bases(self.own)))
        rows = {"queryset", "get_queryset", "get_object"}
        if not any(self.own.attribute(each) or each in self.own.methods for each in rows):
            return found & {"create"}
        allowed = self._allowed
        return frozenset(
            each for each in found - set(self.own.methods) if allowed is None or each in allowed
        )

    @property
    def _allowed(self) -> set[str] | None:
        said = self.own.attribute("http_method_names")
        if said is None:
            return None
        methods = {n.value for n in ast.walk(said[0]) if isinstance(n, ast.Constant)}
        also = ({"patch"} & methods and {"update"}) or set()
        return {action for action, method in _METHODS.items() if method in methods} | also

    @property
    def says(self) -> tuple[ast.expr, Location] | None:
        """Its own ``permission_classes``."""
        return self.own.attribute("permission_classes")

    @cached_property
    def permissions(self) -> tuple[str, ...] | None:
        """The names of the permissions; None where code decides."""
        own = self.own
        if {"check_permissions", "dispatch", "initial"} & set(own.methods):
            return None
        if any(each.node.decorator_list for each in own.lineage):
            return None
        if "get_permissions" in own.methods:
            return _always(own.methods["get_permissions"])
        said = self.says
        return names(said[0]) if said else self.default

    @property
    def open(self) -> bool:
        """Whether everybody gets in, with no account at all."""
        return self.permissions is not None and set(self.permissions) <= OPEN

    @property
    def location(self) -> Location:
        """Where its permissions stand, or would stand."""
        return self.says[1] if self.says else self.own.location

    @cached_property
    def model(self) -> ast.expr | None:
        """The model, where the view answers with every row of it."""
        if "get_object" in self.own.methods or self.own.attribute("filter_backends"):
            return None
        if "filter_queryset" in self.own.methods:
            return None
        method = self.own.methods.get("get_queryset")
        if method is None:
            said = self.own.attribute("queryset")
            return unfiltered(said[0]) if said else None
        returned = [n.value for n in ast.walk(method) if isinstance(n, ast.Return) and n.value]
        return unfiltered(returned[0]) if len(returned) == 1 else None


def _always(method: ast.AST) -> tuple[str, ...] | None:
    """The permissions of a ``get_permissions`` that has one answer for every request."""
    returned = [n.value for n in ast.walk(method) if isinstance(n, ast.Return)]
    listed = returned[0] if len(returned) == 1 else None
    if not isinstance(listed, ast.List | ast.Tuple):
        return None
    found = [last_name(e.func) if isinstance(e, ast.Call) else "" for e in listed.elts]
    return tuple(found) if all(found) else None


def names(node: ast.expr) -> tuple[str, ...] | None:
    """The last names in a list of classes, ``A & B`` taken apart."""
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    parts = [part for element in node.elts for part in _operands(element)]
    found = tuple(last_name(part) for part in parts)
    return found if all(found) else None


def _operands(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _operands(node.left)
        yield from _operands(node.right)
    else:
        yield node


def unfiltered(node: ast.expr) -> ast.expr | None:
    """``Model`` of ``Model.objects.all()``, as long as nothing takes rows away."""
    kept = {"all", "select_related", "prefetch_related", "order_by", "only", "defer", "annotate"}
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr not in kept:
            return None
        node = node.func.value
    found = isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    return node.value if found and isinstance(node, ast.Attribute) else None


def default_permissions(production: Production) -> tuple[str, ...] | None:
    """Last names of the default permissions; None where they are not known."""
    return listed(production, "DEFAULT_PERMISSION_CLASSES", ("x.AllowAny",))


def listed(
    production: Production, key: str, default: tuple[str, ...] = ()
) -> tuple[str, ...] | None:
    """The last names of the classes that a key of REST_FRAMEWORK lists."""
    value = production.settings.get("REST_FRAMEWORK", key, default=default)
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        return None
    return tuple(each.rpartition(".")[2] for each in value)


def bases(own: OwnClass) -> frozenset[str]:
    """The classes of REST framework that it inherits from; none where others are among them."""
    foreign = own.outside - {"object"}
    theirs = all(each.startswith("rest_framework.") for each in foreign)
    return frozenset(each.rpartition(".")[2] for each in foreign) if theirs else frozenset()


def uses_rest_framework(production: Production) -> bool:
    """Whether REST framework is there at all."""
    settings = production.settings
    installed = settings.has_app("rest_framework") or production.has("djangorestframework")
    return installed or "REST_FRAMEWORK" in settings


def views(production: Production) -> Iterator[View]:
    """Every view of the project's own whose bases are all known."""
    if not uses_rest_framework(production):
        return
    default = default_permissions(production)
    for own in production.classes(*WORDS):
        if bases(own) and bases(own) <= set(_DOES):
            yield View(own, default)


def is_user(production: Production, node: ast.expr | None) -> bool:
    """Whether an expression is the model of the accounts."""
    if isinstance(node, ast.Call):
        return last_name(node.func) == "get_user_model"
    model = production.settings.get("AUTH_USER_MODEL", default="auth.User")
    known = {"User", "UserModel", str(model or "auth.User").rpartition(".")[2]}
    return node is not None and last_name(node) in known
