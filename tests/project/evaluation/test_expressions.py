"""Expressions that settings are written with."""

import pytest
from cases import setting, value

KNOWN = [
    ("1 + 2 * 3", 7),
    ("'%s-%d' % ('a', 2)", "a-2"),
    ("'{}/{b}'.format(1, b=2)", "1/2"),
    ("f'{3:>3}|{\"a\"!r}'", "  3|'a'"),
    ("[*'ab', 'c'] + ['d']", ["a", "b", "c", "d"]),
    ("(1, 2) + (3,)", [1, 2, 3]),
    ("{**{'a': 1}, 'b': 2} | {'c': 3}", {"a": 1, "b": 2, "c": 3}),
    ("{'b', 'a'}", ["a", "b"]),
    ("'a,b'.split(',')[-1]", "b"),
    ("''.split(',')", [""]),
    ("[x * 2 for x in range(5) if x % 2]", [2, 6]),
    ("{k: v for k, v in zip('ab', (1, 2))}", {"a": 1, "b": 2}),
    ("list(map(int, ['1', '2']))", [1, 2]),
    ("sorted({'b': 1, 'a': 2}.items(), key=lambda p: p[1])", [["b", 1], ["a", 2]]),
    ("list(filter(None, ['', 'a']))", ["a"]),
    ("dict(a=1, **{'b': 2})", {"a": 1, "b": 2}),
    ("[1, 2, 3][1:]", [2, 3]),
    ("1 if [] else 2", 2),
    ("None or 'x'", "x"),
    ("'' and 'x'", ""),
    ("1 < 2 < 3", True),
    ("'a' in ['b', 'a']", True),
    ("'a' not in {'a': 1}", False),
    ("None is None", True),
    ("not ''", True),
    ("(n := 4) + n", 8),
    ("bool('False')", True),
    ("int('7')", 7),
    ("' '.join(w.title() for w in 'a b'.split())", "A B"),
    ("any(x == 2 for x in (1, 2))", True),
    ("isinstance('a', str)", True),
    ("getattr('a', 'nope', 'default')", "default"),
    ("(lambda a, *b, c=3: [a, b, c])(1, 2)", [1, [2], 3]),
    ("__import__('json').loads('[1, null]')", [1, None]),
    ("sum([[1], [2]], [])", [1, 2]),
    ("max(1, 2)", 2),
]


@pytest.mark.parametrize(("text", "expected"), KNOWN, ids=[text for text, _ in KNOWN])
def test_values_are_what_python_computes(text: str, expected: object) -> None:
    found = setting(f"X = {text}")
    assert (found.state, found.value) == ("known", expected)


STANDARD = [
    ("from datetime import timedelta", "timedelta(minutes=2)", 120.0),
    ("import json", "json.loads('{\"a\": [1]}')", {"a": [1]}),
    ("import ast", "ast.literal_eval('(1, 2)')", [1, 2]),
    ("import re", "re.sub('-', '_', 'a-b')", "a_b"),
    ("from urllib.parse import urlparse", "urlparse('redis://h:1/2').hostname", "h"),
    ("from collections import OrderedDict", "OrderedDict([('a', 1)])", {"a": 1}),
    ("from functools import partial", "partial(int, base=2)('11')", 3),
    ("from itertools import chain", "list(chain([1], [2]))", [1, 2]),
    ("import logging", "logging.WARNING", 30),
    ("from distutils.util import strtobool", "strtobool('off')", 0),
    ("from django.utils.translation import gettext_lazy as _", "[('en', _('English'))]",
     [["en", "English"]]),
    ("from django.contrib.messages import constants", "{constants.ERROR: 'danger'}",
     {40: "danger"}),
    ("import sys", "'test' in sys.argv", False),
    ("import sys", "sys.version_info >= (3, 6)", True),
]  # fmt: skip


@pytest.mark.parametrize(("imports", "text", "expected"), STANDARD)
def test_libraries_that_are_pure(imports: str, text: str, expected: object) -> None:
    assert value(f"{imports}\nX = {text}") == expected


UNKNOWN = [
    ("import socket", "socket.gethostname()", "the host's name"),
    ("import secrets", "secrets.token_hex()", "random"),
    ("import uuid", "str(uuid.uuid4())", "random"),
    ("import datetime", "datetime.datetime.now()", "a call of datetime.now"),
    ("import sys", "sys.version_info >= (3, 12)", "the version of Python"),
    ("import boto3", "boto3.client('ssm')['x']", "network"),
    ("from acme import thing", "thing(1).more", "a call of acme.thing"),
    ("", "'a' * 10 ** 9", "too large to compute"),
    ("", "10 ** 10 ** 10", "too large to compute"),
    ("", "{}['a']", "KeyError: 'a'"),
    ("", "nope", "NameError: name 'nope' is not defined"),
    ("from django.urls import reverse_lazy", "reverse_lazy('home')", "reverse_lazy('home')"),
]


@pytest.mark.parametrize(("imports", "text", "reason"), UNKNOWN)
def test_what_cannot_be_told_says_why(imports: str, text: str, reason: str) -> None:
    found = setting(f"{imports}\nX = {text}")
    assert (found.state, found.reason) == ("unknown", reason)


def test_an_unknown_element_leaves_the_others_known() -> None:
    found = setting("from acme import extra\nX = ['a', extra(), {'k': extra(), 'l': 1}]")
    reason = {"unknown": "a call of acme.extra"}
    assert found.value == ["a", reason, {"k": reason, "l": 1}]
    assert found.partial


def test_a_list_that_is_extended_by_the_unknown_is_partial() -> None:
    found = setting("from acme import EXTRA\nX = ['a']\nX += EXTRA\nX += ['z']\nY = X[0]")
    assert [found.value[0], found.value[-1], found.partial] == ["a", "z", True]
