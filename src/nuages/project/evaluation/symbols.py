"""What a dotted name of a library means: a model, a pure standard function, or a symbol."""

from __future__ import annotations

import ast
import base64
import binascii
import datetime
import decimal
import email.utils
import hashlib
import html
import ipaddress
import json
import logging
import math
import operator
import re
import shlex
import string
import textwrap
import urllib.parse
import uuid
import zoneinfo
from types import ModuleType
from typing import Any

from nuages.project.evaluation.compute import guard_pattern, pure
from nuages.project.evaluation.machine import LIBRARY, Call
from nuages.project.evaluation.values import ATOMS, Native, Symbol, Value, lift, unknown

PURE: dict[str, ModuleType] = {
    "ast": ast,
    "base64": base64,
    "binascii": binascii,
    "datetime": datetime,
    "decimal": decimal,
    "email.utils": email.utils,
    "hashlib": hashlib,
    "html": html,
    "ipaddress": ipaddress,
    "json": json,
    "logging": logging,
    "math": math,
    "operator": operator,
    "re": re,
    "shlex": shlex,
    "string": string,
    "textwrap": textwrap,
    "urllib.parse": urllib.parse,
    "uuid": uuid,
    "zoneinfo": zoneinfo,
}
FUNCTIONS = frozenset(
    {"ast.literal_eval", "json.loads", "json.dumps", "datetime.timedelta", "datetime.date"}
    | {"datetime.time", "datetime.timezone", "datetime.datetime", "decimal.Decimal", "uuid.UUID"}
    | {"base64.b64decode", "base64.b64encode", "base64.urlsafe_b64encode"}
    | {"base64.urlsafe_b64decode", "base64.b32encode", "base64.b16encode"}
    | {"binascii.hexlify", "binascii.unhexlify", "html.escape", "html.unescape"}
    | {"shlex.split", "shlex.quote", "textwrap.dedent", "email.utils.parseaddr"}
    | {"email.utils.formataddr", "email.utils.getaddresses", "math.floor", "math.ceil"}
    | {f"urllib.parse.{name}" for name in ("urlparse", "urlsplit", "urlunparse", "urlunsplit")}
    | {f"urllib.parse.{name}" for name in ("quote", "quote_plus", "unquote", "unquote_plus")}
    | {f"urllib.parse.{name}" for name in ("urljoin", "urlencode", "parse_qs", "parse_qsl")}
)
ALIASES = {
    "django.utils.translation.ugettext_lazy": "django.utils.translation.gettext_lazy",
    "django.utils.timezone.timedelta": "datetime.timedelta",
    "six.moves.urllib.parse": "urllib.parse",
    "django.utils.six.moves.urllib.parse": "urllib.parse",
    "urlparse": "urllib.parse",
    "simplejson": "json",
    "posixpath": "os.path",
    "environ.environ": "environ",
}
REGULAR = frozenset({"re.compile", "re.match", "re.search", "re.fullmatch", "re.sub", "re.split"}
                    | {"re.findall"})  # fmt: skip


def resolve(name: str) -> Value:
    """Return what a dotted name of a library means."""
    name = ALIASES.get(name, name)
    known = LIBRARY.get(name)
    if known is not None:
        return _fresh(known) if isinstance(known, Value) else lift(known)
    module, _, attribute = name.rpartition(".")
    module = ALIASES.get(module, module)
    name = f"{module}.{attribute}" if module else attribute
    source = PURE.get(module)
    if source is None or not hasattr(source, attribute):
        return LIBRARY.get(name) or Value(Symbol(name))
    return _standard(name, getattr(source, attribute))


def _fresh(known: Value) -> Value:
    """Return what the user's code may change as an object of its own."""
    if isinstance(known.data, list):
        return Value(list(known.data))
    fresh = getattr(known.data, "fresh", None)
    return Value(fresh()) if fresh is not None else known


def _standard(name: str, found: Any) -> Value:
    if name in REGULAR:
        return Value(Native(name, _regular(found)))
    if name in FUNCTIONS:
        return Value(found) if isinstance(found, type) else Value(Native(name, pure(found)))
    if isinstance(found, type) and issubclass(found, BaseException):
        return Value(found)
    if isinstance(found, ATOMS) and not isinstance(found, type):
        return Value(found)
    return Value(Symbol(name))


def _regular(function: Any) -> Any:
    def guarded(pattern: Any, *args: Any, **kwargs: Any) -> Any:
        guard_pattern(pattern)
        if any(isinstance(item, str) and len(item) > 2000 for item in args):
            guard_pattern("+" * 1000)
        return function(pattern, *args, **kwargs)

    return pure(guarded)


def ordered(call: Call) -> Value:
    """``collections.OrderedDict``: a dict."""
    return call.machine.call(Value(dict), call.arguments, call.keywords)


class DefaultDict(dict[Any, Any]):
    """A ``collections.defaultdict``."""

    default: Value | None = None


def defaultdict(call: Call) -> Value:
    """``collections.defaultdict``."""
    made = DefaultDict()
    made.default = call.argument(0, "default_factory")
    if len(call.arguments) > 1 and isinstance(call.arguments[1].data, dict):
        made.update(call.arguments[1].data)
    return Value(made)


def counted(call: Call) -> Value:
    return unknown("a Counter", call.taint)


LIBRARY["collections.OrderedDict"] = Value(Native("collections.OrderedDict", ordered))
LIBRARY["collections.defaultdict"] = Value(Native("collections.defaultdict", defaultdict))
LIBRARY["collections.Counter"] = Value(Native("collections.Counter", counted))
