"""The model serializers of an API: their fields, and which way each goes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.production import Production
from nuages.checks.sources.classes import OwnClass
from nuages.checks.topics.rest_framework.views import WORDS, bases, is_user
from nuages.project.python_source import keyword, last_name, literal
from nuages.text import Location

_BASES = {"ModelSerializer", "HyperlinkedModelSerializer"}


@dataclass(frozen=True)
class Serializer:
    """A model serializer of the project's own."""

    own: OwnClass

    @property
    def model(self) -> ast.expr | None:
        found = self.own.option("model")
        return found[0] if found else None

    @property
    def all_fields(self) -> Location | None:
        """Where ``fields = "__all__"`` stands."""
        found = self.own.option("fields")
        return found[1] if found and literal(found[0]) == "__all__" else None

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that are spelled out."""
        return self.texts("fields")

    def texts(self, option: str) -> tuple[str, ...]:
        """The texts that an option of Meta lists."""
        found = self.own.option(option)
        elements = getattr(found[0], "elts", ()) if found else ()
        return tuple(text for text in map(literal, elements) if text)

    def at(self, option: str = "fields") -> Location:
        found = self.own.option(option)
        return found[1] if found else self.own.location

    def read_only(self, name: str) -> bool:
        """Whether it cannot be written, or that cannot be told."""
        listed = self.own.option("read_only_fields")
        if listed and not isinstance(listed[0], ast.List | ast.Tuple):
            return True
        return name in self.texts("read_only_fields") or self._is(name, "read_only")

    def write_only(self, name: str) -> bool:
        return self._is(name, "write_only")

    def declares(self, name: str) -> ast.expr | None:
        """The field that the class declares itself."""
        found = self.own.attribute(name)
        return found[0] if found else None

    def _is(self, name: str, flag: str) -> bool:
        declared = self.declares(name)
        if declared is not None:
            computed = {"SerializerMethodField", "ReadOnlyField", "StringRelatedField"}
            call = declared if isinstance(declared, ast.Call) else None
            if call is None or (flag == "read_only" and last_name(call.func) in computed):
                return True
            return _true(keyword(call, flag))
        extra = self.own.option("extra_kwargs")
        options = _entry(extra[0], name) if extra else None
        return _true(_entry(options, flag)) if options is not None else False


def _true(node: ast.expr | None) -> bool:
    """True, or something that cannot be told."""
    return node is not None and not (isinstance(node, ast.Constant) and not node.value)


def _entry(node: ast.expr | None, key: str) -> ast.expr | None:
    if isinstance(node, ast.Call) and last_name(node.func) == "dict":
        return keyword(node, key)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return next((value for name, value in pairs if literal(name) == key), None)
    return None


def serializers(production: Production) -> Iterator[Serializer]:
    """The model serializers whose bases are all known."""
    for own in production.classes(*WORDS):
        if bases(own) and bases(own) <= _BASES:
            yield Serializer(own)


def of_accounts(production: Production) -> Iterator[Serializer]:
    """Those whose model is the accounts'."""
    return (each for each in serializers(production) if is_user(production, each.model))
