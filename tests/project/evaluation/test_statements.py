"""Statements, loops, functions and classes in settings."""

# A case reads best in one line.
# ruff: noqa: E501

import pytest
from cases import evaluated, setting, value

PROGRAMS = {
    "augmented": ("X = [1]\nX += (2,)\nX.append(3)\nX.insert(0, 0)", [0, 1, 2, 3]),
    "nested item": ("X = {'a': {}}\nX['a']['b'] = 1\nX['a'].update({'c': 2})",
                    {"a": {"b": 1, "c": 2}}),
    "remove": ("X = ['a', 'b']\nX.remove('a')\ndel X[0]", []),
    "unpacking": ("a, *b = 'xyz'\nX = [a, b]", ["x", ["y", "z"]]),
    "annotation": ("X: list[str] = ['a']\nY: int", ["a"]),
    "alias": ("X = []\nY = X\nY.append(1)", [1]),
    "for": ("X = []\nfor i in range(3):\n    if i == 1:\n        continue\n    X.append(i)", [0, 2]),
    "while": ("X = 0\nwhile X < 5:\n    X += 1\n    if X == 3:\n        break", 3),
    "function": ("def f(a, b=2, *c, d=4, **e):\n    return [a, b, c, d, e]\nX = f(1, 5, 6, z=7)",
                 [1, 5, [6], 4, {"z": 7}]),
    "recursion": ("def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nX = f(5)", 120),
    "generator": ("def f():\n    yield 1\n    yield 2\nX = list(f())", [1, 2]),
    "closure": ("def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1\n        return n\n"
                "    return g()\nX = f()", 2),
    "global": ("X = 1\ndef f():\n    global X\n    X = 2\nf()", 2),
    "class": ("class C:\n    a = 1\n    def __init__(self, b):\n        self.b = b\n    @property\n"
              "    def c(self):\n        return self.a + self.b\nX = C(2).c", 3),
    "super": ("class A:\n    def f(self):\n        return [1]\nclass B(A):\n    def f(self):\n"
              "        return super().f() + [2]\nX = B().f()", [1, 2]),
    "mro": ("class A: x = 1\nclass B(A): pass\nclass C(A): x = 2\nclass D(B, C): pass\nX = D.x", 2),
    "globals": ("globals().update({'X': 1})\nglobals()['Y'] = 2", 1),
    "locals": ("if 'X' not in locals():\n    X = 1", 1),
    "exec": ("exec('X = 1')", 1),
    "match": ("match 'b':\n    case 'a' | 'b' as n:\n        X = n\n    case _:\n        X = 0", "b"),
    "try else": ("try:\n    a = 1\nexcept KeyError:\n    X = 1\nelse:\n    X = 2", 2),
    "except": ("try:\n    {}['k']\nexcept (ValueError, KeyError) as e:\n    X = str(e)", "'k'"),
    "finally": ("try:\n    a = 1\nfinally:\n    X = 3", 3),
    "own error": ("class E(ValueError): pass\ntry:\n    raise E('no')\nexcept ValueError as e:\n"
                  "    X = str(e)", "no"),
    "suppress": ("from contextlib import suppress\nX = 1\nwith suppress(KeyError):\n    X = {}['a']", 1),
    "dataclass": ("from dataclasses import dataclass, field\n@dataclass\nclass C:\n    a: int\n"
                  "    b: list = field(default_factory=list)\nc = C(1)\nX = [c.a, c.b]", [1, []]),
    "enum": ("import enum\nclass E(str, enum.Enum):\n    A = 'a'\n    B = 'b'\n"
             "X = [E.A.value, E('b').name, E.A == 'a', E.A == E.B]", ["a", "B", True, False]),
    "walrus": ("X = [y := n for n in (1, 2)]\nX.append(y)", [1, 2, 2]),
    "map of a method": ("X = list(map(str.strip, 'a , b'.split(',')))", ["a", "b"]),
    "default dict": ("from collections import defaultdict\nX = defaultdict(list)\nX['a'].append(1)",
                     {"a": [1]}),
    "deepcopy": ("import copy\nA = {'a': [1]}\nX = copy.deepcopy(A)\nA['a'].append(2)", {"a": [1]}),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_do_what_python_does(name: str) -> None:
    text, expected = PROGRAMS[name]
    assert value(text) == expected


def test_settings_are_the_upper_case_names_and_say_where_they_are_assigned() -> None:
    result = evaluated("a = 1\nB = 2\n_C = 3\nd_E = 4\n")
    assert {n: s.location.line for n, s in result.settings.items()} == {"B": 2, "_C": 3}


def test_a_failing_statement_ends_the_import_and_is_passed_over() -> None:
    result = evaluated("X = 1\nY = {}['no']\nZ = 2\n")
    assert result.raises is not None
    assert (result.raises.location.line, result.raises.message) == (2, "KeyError: 'no'")
    assert [result.settings[n].state for n in "XYZ"] == ["known", "unknown", "known"]


def test_a_loop_that_does_not_end_leaves_what_it_assigns_unknown() -> None:
    result = evaluated("X = 0\nwhile True:\n    X += 1\nY = 1\n")
    assert [result.settings[n].state for n in "XY"] == ["unknown", "known"]
    assert "too long" in result.problems[0].message


def test_an_object_is_no_value() -> None:
    assert setting("X = lambda: 1").reason == "an object: <lambda>"
