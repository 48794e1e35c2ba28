"""Methods of lists, dicts and sets that change them or hand out their elements."""

from __future__ import annotations

from collections.abc import Callable

from nuages.project.evaluation.compute import compute_call, elements, union
from nuages.project.evaluation.containers import contains, item_of, merged
from nuages.project.evaluation.machine import LIBRARY, Call
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.statements import delete_item, extended
from nuages.project.evaluation.targets import set_item, spoil
from nuages.project.evaluation.values import (
    NONE,
    Items,
    NotPlain,
    OpenDict,
    Unknown,
    Value,
    lift,
    origins,
    plain,
    unknown,
)

Method = Callable[[Call, Value], Value]
METHODS: dict[tuple[str, str], Method] = {}


def method(kind: str, *names: str) -> Callable[[Method], Method]:
    """Register a method of a built-in type."""

    def register(function: Method) -> Method:
        for name in names:
            METHODS[kind, name] = function
        return function

    return register


@method("list", "append")
def append(call: Call, owner: Value) -> Value:
    owner.data.append(call.argument(0, "object", NONE).tainted(call.machine.pc))
    return NONE


@method("list", "extend")
def extend(call: Call, owner: Value) -> Value:
    extended(call.machine, owner, call.argument(0, "iterable", Value([])))
    return NONE


@method("list", "insert")
def insert(call: Call, owner: Value) -> Value:
    index, item = call.argument(0, "index", Value(0)), call.argument(1, "object", NONE)
    item = item.tainted(call.machine.pc | index.taint)
    if isinstance(index.data, int):
        owner.data.insert(index.data, item)
    else:
        spoil(owner.data, "inserted at a place that cannot be told")
        owner.data.append(item)
    return NONE


@method("list", "remove", "index", "count", "pop", "sort", "reverse", "clear", "copy")
def listed(call: Call, owner: Value) -> Value:
    """Methods of a list by the name of the attribute, on its elements as they are."""
    name = getattr(call.function.data, "name", "")
    items: list[Value] = owner.data
    if name == "clear":
        items.clear()
    elif name == "copy":
        return Value(list(items), owner.taint)
    elif name == "reverse":
        items.reverse()
    elif name == "pop":
        return _pop(call, owner)
    elif name == "sort":
        result = call.machine.call(LIBRARY["builtins.sorted"], [owner], call.keywords)
        items[:] = result.data if isinstance(result.data, list) else [_lost(owner)]
    else:
        return _search(call, owner, name)
    return NONE


def _lost(owner: Value) -> Value:
    return unknown("an order that cannot be told", origins(owner), many=True)


def _pop(call: Call, owner: Value) -> Value:
    index = call.argument(0, "index", Value(-1))
    found = item_of(call.machine, owner, index)
    if isinstance(index.data, int) and not any(x.unknown and x.data.many for x in owner.data):
        del owner.data[index.data]
    return found


def _search(call: Call, owner: Value, name: str) -> Value:
    """``remove``, ``index`` and ``count``: the elements that are certainly equal."""
    wanted = call.argument(0, "value", NONE)
    taint = union(owner, wanted)
    unsure = [n for n, item in enumerate(owner.data) if item.unknown]
    found = [
        n for n, item in enumerate(owner.data) if n not in unsure and _equal(call, item, wanted)
    ]
    if wanted.unknown or (unsure and (name != "remove" or not found)):
        return unknown("an element that cannot be told", taint)
    if name == "count":
        return Value(len(found), taint)
    if not found:
        error = ValueError("list.remove(x): x not in list")
        raise Raised(error, taint, location=call.machine.here)
    if name == "index":
        return Value(found[0], wanted.taint)
    del owner.data[found[0]]
    return NONE


def _equal(call: Call, item: Value, wanted: Value) -> bool:
    return contains(call.machine, Value([item]), wanted).data is True


@method("dict", "update")
def update(call: Call, owner: Value) -> Value:
    pc = call.machine.pc
    for other in (*call.arguments, Value(call.keywords)):
        pairs = other if isinstance(other.data, dict) else _pairs(call, other)
        if isinstance(pairs.data, dict):
            owner.data.update({k: v.tainted(pairs.taint | pc) for k, v in pairs.data.items()})
        if not isinstance(pairs.data, dict) or isinstance(pairs.data, OpenDict):
            spoil(owner.data, "updated with what cannot be told")
    return NONE


def _pairs(call: Call, other: Value) -> Value:
    return call.machine.call(Value(dict), [other])


@method("dict", "get", "setdefault", "pop")
def get(call: Call, owner: Value) -> Value:
    name = getattr(call.function.data, "name", "")
    key = call.argument(0, "key", NONE)
    default = call.argument(1, "default")
    has = contains(call.machine, owner, key)
    if has.unknown:
        return unknown(has.data.reason, union(owner, key))
    if has.data:
        found = item_of(call.machine, owner, key)
        if name == "pop":
            delete_item(call.machine, owner, key)
        return found
    if name == "setdefault":
        set_item(call.machine, owner, key, default or NONE)
    if name == "pop" and default is None:
        raise Raised(KeyError(plain(key)), union(key), location=call.machine.here)
    return (default or NONE).tainted(has.taint)


@method("dict", "items", "keys", "values", "copy")
def view(call: Call, owner: Value) -> Value:
    name = getattr(call.function.data, "name", "")
    if name == "copy":
        return Value(merged({}, owner), owner.taint)
    more = [unknown(owner.data.reason, many=True)] if isinstance(owner.data, OpenDict) else []
    if name == "keys":
        return Value(Items([*(lift(key) for key in owner.data), *more]), owner.taint)
    if name == "values":
        return Value(Items([*owner.data.values(), *more]), owner.taint)
    pairs = [Value((lift(key), value), value.taint) for key, value in owner.data.items()]
    return Value(Items([*pairs, *more]), owner.taint)


@method("set", "add", "update", "discard", "remove")
def changed(call: Call, owner: Value) -> Value:
    name = getattr(call.function.data, "name", "")
    try:
        for argument in call.arguments:
            item = plain(argument)
            getattr(owner.data, name)(item)
    except (NotPlain, TypeError):
        call.machine.problem("a set that is changed by what cannot be told")
    except KeyError as error:
        raise Raised(error, location=call.machine.here) from error
    return NONE


@method("str", "join")
def joined(call: Call, owner: Value) -> Value:
    items = elements(call.machine, call.argument(0, "iterable", Value([])))
    if isinstance(items, Unknown):
        return unknown(items.reason, union(owner, *call.arguments))
    return compute_call(call.machine, lambda s, parts: s.join(parts), [owner, Value(items)], {})
