"""Conditions on the environment, and conditions that cannot be told."""

# A case reads best in one line.
# ruff: noqa: E501

import pytest
from cases import evaluated, setting, value

HOST = "import socket\nH = socket.gethostname()\n"
JOINED = {
    "same": ("if H:\n    X = 1\nelse:\n    X = 1", 1),
    "different": ("if H:\n    X = 1\nelse:\n    X = 2", "<the host's name>"),
    "one branch": ("if H:\n    X = 1", "<the host's name>"),
    "one raises": ("if H == 'a':\n    raise SystemExit\nelse:\n    X = 2", 2),
    "kept": ("X = 1\nif H:\n    Y = 2", 1),
    "appended": ("X = ['a', 'z']\nif H:\n    X.insert(1, 'b')",
                 ["a", {"unknown": "the host's name"}, "z"]),
    "key": ("X = {'a': 1, 'b': 2}\nif H:\n    X['b'] = 3", {"a": 1, "b": {"unknown": "the host's name"}}),
    "expression": ("X = 1 if H else 1", 1),
    "return": ("def f():\n    if H:\n        return 1\n    return 1\nX = f()", 1),
    "returns": ("def f():\n    if H:\n        return 1\n    return 2\nX = f()",
                "<f depends on what cannot be told>"),
    "loop": ("X = 1\nfor h in H:\n    X = 2", "<the host's name>"),
    "comprehension": ("X = [h for h in ['a', H] if h]", ["a", {"unknown": "a condition that cannot be told"}]),
}  # fmt: skip


@pytest.mark.parametrize("name", JOINED)
def test_unknown_conditions_keep_what_both_branches_agree_on(name: str) -> None:
    text, expected = JOINED[name]
    assert value(HOST + text) == expected


STEERED = {
    "value": ("X = os.getenv('A')", ("A",)),
    "comparison": ("X = os.getenv('A', '') == '1'", ("A",)),
    "condition": ("if os.getenv('A'):\n    X = 1\nelse:\n    X = 2", ("A",)),
    "untaken": ("X = 1\nif os.getenv('A'):\n    X = 2", ("A",)),
    "untaken method": ("X = [1]\nif os.getenv('A'):\n    X.append(2)", ("A",)),
    "untaken item": ("X = {}\nif os.getenv('A'):\n    X['a']['b'] = 2", ("A",)),
    "element": ("X = ['a', os.getenv('A')]", ("A",)),
    "through": ("D = os.getenv('A') == '1'\nX = not D", ("A",)),
    "two": ("X = os.getenv('A') or os.getenv('B') or 'x'", ("A", "B")),
    "short": ("X = bool(os.getenv('A', 'y') or os.getenv('B'))", ("A",)),
    "function": (
        "def f(n):\n    if os.getenv(n):\n        return 1\n    return 2\nX = f('A')",
        ("A",),
    ),
    "except": ("try:\n    X = os.environ['A']\nexcept KeyError:\n    X = 1", ("A",)),
    "filtered": ("X = [x for x in ['a'] if os.getenv('A') != x]", ("A",)),
    "none": ("Y = os.getenv('A')\nX = 1", ()),
    "loop": ("X = 0\nfor n in os.getenv('A', 'a,b').split(','):\n    X += 1", ("A",)),
}


@pytest.mark.parametrize("name", STEERED)
def test_settings_name_exactly_the_variables_that_steer_them(name: str) -> None:
    text, variables = STEERED[name]
    found = setting(f"import os\n{text}")
    assert found.variables == variables
    assert found.state == ("environment" if variables else "known")


def test_a_branch_that_production_takes_is_followed() -> None:
    text = "import os\nX = []\nif os.environ.get('ENV') == 'prod':\n    X += ['a']\n"
    assert value(text) == []
    assert value(text, {"ENV": "prod"}) == ["a"]


def test_an_import_that_may_be_absent_leaves_both_outcomes() -> None:
    text = "X = ['a']\ntry:\n    import acme\n    X += ['acme']\nexcept ImportError:\n    pass\n"
    found = evaluated(text).settings["X"]
    assert found.value == ["a", {"unknown": "whether acme is installed"}]
