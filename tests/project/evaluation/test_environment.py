"""os.environ: looked up, missing, changed."""

# A case reads best in one line.
# ruff: noqa: E501

import pytest
from cases import evaluated, value, variable

READS = [
    ("os.environ['A']", "<needs A>", "v"),
    ("os.environ.get('A')", None, "v"),
    ("os.environ.get('A', 'd')", "d", "v"),
    ("os.environ.get('A', default='d')", "d", "v"),
    ("os.getenv('A')", None, "v"),
    ("os.getenv('A', 1)", 1, "v"),
    ("environ.get('A', 'd')", "d", "v"),
    ("environ.setdefault('A', 'd')", "d", "v"),
    ("environ.pop('A', 'd')", "d", "v"),
    ("'A' in os.environ", False, True),
    ("'A' not in environ", True, False),
    ("bool(os.getenv('A', 'False'))", True, True),
    ("os.getenv('A', '').split(',')", [""], ["v"]),
]


@pytest.mark.parametrize(("text", "unset", "given"), READS, ids=[text for text, *_ in READS])
def test_reads(text: str, unset: object, given: object) -> None:
    program = f"import os\nfrom os import environ\nX = {text}\n"
    assert value(program) == unset
    assert value(program, {"A": "v"}) == given


HELPERS = {
    "two scoops": """
        import os
        from django.core.exceptions import ImproperlyConfigured
        def get(name):
            try:
                return os.environ[name]
            except KeyError:
                raise ImproperlyConfigured("Set the %s environment variable" % name)
        X = get("A")
        """,
    "plain": "import os\nX = os.environ['A']\n",
    "checked": "import os\nX = os.getenv('A')\nif not X:\n    raise Exception('no A')\n",
    "guarded": "import os\nif 'A' not in os.environ:\n    raise KeyError('A')\nX = os.environ['A']\n",
    "asserted": "import os\nX = os.getenv('A')\nassert X, 'no A'\n",
    "exit": "import os, sys\nX = os.getenv('A')\nif X is None:\n    sys.exit(1)\n",
}


@pytest.mark.parametrize("name", HELPERS)
@pytest.mark.parametrize("environ", [{}, {"A": "v"}], ids=["unset", "set"])
def test_a_variable_without_which_the_import_fails_is_required(name: str, environ: dict) -> None:
    result = evaluated(
        HELPERS[name] + ("\n        Y = 1\n" if name == "two scoops" else "\nY = 1\n"), environ
    )
    found = variable(result, "A")
    assert (found.required, found.build_time) == (True, True)
    assert (result.raises is None) == bool(environ)
    assert result.settings["Y"].value == 1
    assert result.settings["X"].value == environ.get("A")


OPTIONAL = {
    "default": "X = os.environ.get('A', '1')",
    "except": "try:\n    X = os.environ['A']\nexcept KeyError:\n    X = None",
    "own condition": "if os.getenv('A'):\n    X = os.environ['A']\nelse:\n    X = None",
    "set before": "os.environ.setdefault('A', 'x')\nX = os.environ['A']",
    "untaken": "X = 1\nif os.getenv('B') == 'x':\n    X = os.environ['A']",
}


@pytest.mark.parametrize("name", OPTIONAL)
@pytest.mark.parametrize("environ", [{}, {"A": "v"}], ids=["unset", "set"])
def test_other_variables_are_not_required(name: str, environ: dict) -> None:
    result = evaluated(f"import os\n{OPTIONAL[name]}\n", environ)
    assert result.raises is None
    assert not variable(result, "A").required


def test_the_first_missing_variable_is_what_the_import_ends_with() -> None:
    result = evaluated("import os\nX = os.environ['A']\nY = os.environ['B']\n")
    assert result.raises is not None
    assert (str(result.raises.location), result.raises.message) == (
        "site/settings.py:2:5",
        "KeyError: 'A'",
    )
    assert [v.name for v in result.variables if v.required] == ["A", "B"]


def test_what_the_settings_set_themselves_is_read_back() -> None:
    assert value("import os\nos.environ['A'] = 'x'\nX = os.environ['A'] + os.getenv('A')") == "xx"
