"""Whatever stands in a settings module, evaluating it ends with an answer."""

# A case reads best in one line.
# ruff: noqa: RUF005

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nuages.project.settings import evaluate
from nuages.project.tree import Tree

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
TEXTS = sorted(
    path.read_text()
    for path in PROJECTS.rglob("*.py")
    if ("settings" in path.parts or path.name == "settings.py") and path.stat().st_size > 200
)
NAMES = st.sampled_from(["A", "B", "DEBUG", "os", "env", "config", "x", "Path", "__file__", "f"])
ATOMS = st.sampled_from(
    ["1", "0", "-1", "''", "'a,b'", "None", "True", "[]", "{}", "()", "10**9", "1.5", "b'x'", "{1}"]
    + ["[1, 2]", "{'a': 1}", "'%s {} {0}'", "os.environ", "os.environ['A']", "f", "env('A')", "str"]
    + ["os.environ.get('B')", "config('A', default=1, cast=int)", "Path(__file__)", "globals()"]
    + [
        "env.db()",
        "env.list('L')",
        "lambda x: x",
        "sys.argv",
        "sys.version_info",
        "C",
        "C()",
        "values",
    ]
)
BINARY = st.sampled_from(
    ["+", "-", "*", "/", "//", "%", "**", "<<", "|", "&", "@", "==", "<", "in", "is", "and", "or"]
)
CALLS = st.sampled_from(
    [
        "len",
        "int",
        "str",
        "list",
        "dict",
        "sorted",
        "map",
        "filter",
        "f",
        "Path",
        "env",
        "config",
        "C",
    ]
    + [
        "getattr",
        "isinstance",
        "zip",
        "exec",
        "eval",
        "super",
        "next",
        "sum",
        "type",
        "min",
        "open",
    ]
    + [
        "os.path.join",
        "import_module",
        "range",
        "os.getenv",
        "env.bool",
        "env.json",
        "print",
        "re.sub",
    ]
)
METHODS = st.sampled_from(
    ["append", "get", "split", "format", "join", "update", "pop", "insert", "items", "parent", "x"]
    + [
        "strip",
        "read_text",
        "prefix",
        "__class__",
        "setdefault",
        "remove",
        "sort",
        "zfill",
        "ljust",
    ]
)


def _grown(inner):
    return st.one_of(
        st.tuples(inner, BINARY, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(CALLS, st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(inner, METHODS, st.lists(inner, max_size=2)).map(
            lambda t: f"({t[0]}).{t[1]}({', '.join(t[2])})"
        ),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}]"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})[{t[1]}:]"),
        st.lists(inner, max_size=3).map(lambda t: f"[{', '.join(t)}]"),
        st.tuples(inner, inner).map(lambda t: f"{{{t[0]}: {t[1]}, **({t[1]})}}"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]} for x in {t[1]} if x]"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(NAMES, inner).map(lambda t: f"({t[0]} := {t[1]})" if t[0].isalpha() else t[1]),
        st.tuples(inner, inner).map(lambda t: f"print(*({t[0]}), **({t[1]}))"),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, ATOMS), _grown, max_leaves=8)


def _nested(body: str) -> str:
    return "\n".join(f"    {line}" for line in body.splitlines())


def _statements(inner):
    e = EXPRESSIONS
    return st.one_of(
        st.tuples(e, inner, inner).map(
            lambda t: f"if {t[0]}:\n{_nested(t[1])}\nelse:\n{_nested(t[2])}"
        ),
        st.tuples(e, inner).map(lambda t: f"for A in {t[0]}:\n{_nested(t[1])}"),
        st.tuples(e, inner).map(lambda t: f"while {t[0]}:\n{_nested(t[1])}"),
        st.tuples(inner, inner).map(
            lambda t: f"try:\n{_nested(t[0])}\nexcept (KeyError, ImportError):\n{_nested(t[1])}"
        ),
        st.tuples(inner, e).map(lambda t: f"def f(x=1, *a):\n{_nested(t[0])}\n    return {t[1]}"),
        st.tuples(inner, e).map(lambda t: f"class C:\n{_nested(t[0])}\n    DEBUG = {t[1]}"),
        st.tuples(e, inner).map(lambda t: f"with {t[0]} as x:\n{_nested(t[1])}"),
        st.tuples(e, e, inner).map(lambda t: f"match {t[0]}:\n  case [x, y]:\n{_nested(t[2])}"),
        st.tuples(inner, inner).map("\n".join),
    )


SIMPLE = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} = {t[1]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]} += {t[1]}"),
    st.tuples(NAMES, EXPRESSIONS, EXPRESSIONS).map(lambda t: f"{t[0]}[{t[1]}] = {t[2]}"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{t[0]}, *B = {t[1]}"),
    EXPRESSIONS,
    EXPRESSIONS.map(lambda e: f"raise {e}"),
    EXPRESSIONS.map(lambda e: f"assert {e}"),
    NAMES.map(lambda n: f"del {n}"),
    st.sampled_from(["pass", "break", "continue", "return 1", "from m import *", "import m.x"]),
)
PROGRAMS = st.recursive(SIMPLE, _statements, max_leaves=8)
HEADER = """
import os, re, sys, environ, m.sub
from pathlib import Path
from importlib import import_module
from decouple import config
from configurations import Configuration, values
env = environ.Env()
A = B = []
"""
QUIET = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def answered(text: str) -> None:
    result = evaluate(Tree.of({"m.py": text}), "m", environ={"A": "1"})
    assert result.module == "m"
    bugs = [found for found in result.problems if "cannot be evaluated" in found.message]
    assert not bugs, bugs
    for found in result.settings.values():
        assert found.state in ("known", "environment", "unknown")
        assert found.state != "unknown" or found.value is None


@given(PROGRAMS)
@QUIET
def test_programs_of_a_small_grammar(program: str) -> None:
    answered(HEADER + program + "\nLAST = 1\n")


@given(st.text(max_size=300))
@QUIET
def test_any_text(text: str) -> None:
    answered(text)


@given(st.randoms(use_true_random=False), st.sampled_from(TEXTS))
@QUIET
def test_mutations_of_real_settings(random_: random.Random, text: str) -> None:
    lines = text.splitlines()
    for _ in range(random_.randint(1, 6)):
        at = random_.randrange(len(lines))
        what = random_.randrange(5)
        if what == 0:
            del lines[at]
        elif what == 1:
            lines.insert(at, random_.choice(lines))
        elif what == 2:
            lines[at] = lines[at][: random_.randint(0, len(lines[at]))]
        elif what == 3:
            other = random_.choice(lines)
            lines[at] = lines[at].replace(random_.choice(lines[at].split() or ["="]), other.strip())
        else:
            lines[at] = lines[at].replace("=", random_.choice(["+=", "==", ":=", "(", "-"]), 1)
        lines = lines or [""]
    answered("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 500 + ")" * 500,
        "x = " + "-" * 5000 + "1",
        "X = " + " + ".join(["'a'"] * 3000),
        "\n".join(f"A{i} = [{i}] * 3" for i in range(10_000)),
        "def f():\n    return f() + f()\nX = f()",
        "X = [[i for i in range(1000)] for j in range(1000)]",
        "x = []\nx.append(x)\nX = x\nY = x == x",
        "d = {}\nd['d'] = d\nX = d\nY = f'{d}'",
        "while True:\n    X = 1",
        "for i in iter(int, 1):\n    X = i",
        "x = [1]\n" + "x = [x, x]\n" * 60 + "X = x\nY = str(x)\nZ = x == [x]\nLAST = [x, x] * 9",
        "break",
        "return",
        "import m\nfrom m import *\nX = m.X",
        "exec(open(__file__).read())\nX = 1",
        "X = '%0999999999d' % 1\nY = '{:999999999}'.format(1)\nZ = f'{1:999999999}'",
        "import re\nX = re.match('(a+)+$', 'a' * 40 + 'b')",
        "class A(A): pass\nclass B(B): pass\nX = B()",
        "X = 1 << 10 ** 8\nY = int('9' * 5000)",
        "\x00",
        "\ufeffX = 1",
    ],
    ids=lambda text: text[:30],
)
def test_what_would_not_end(text: str) -> None:
    answered(text)
