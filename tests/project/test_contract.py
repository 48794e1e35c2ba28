"""The settings contract: what is read where, and what steers a setting."""

from __future__ import annotations

from textwrap import dedent

import pytest
from plain_project import Detected

from nuages.project.contract import read_elsewhere, steering
from nuages.project.facts import Variable
from nuages.project.settings import evaluate
from nuages.project.tree import Tree


def contract(text: str, environ: dict[str, str] | None = None) -> dict[str, Variable]:
    tree = Tree.of({"s.py": dedent(text)})
    return {v.name: v for v in evaluate(tree, "s", environ=environ or {}).variables}


CASTS = [
    ("os.environ.get('A')", None, None),
    ("os.environ.get('A', 'x')", None, "x"),
    ("int(os.environ.get('A', '5'))", "int", "5"),
    ("os.getenv('A', 'no') == 'yes'", "bool", "no"),
    ("os.getenv('A', 'False').lower() in ('true', '1')", "bool", "False"),
    ("os.environ.get('A', '').split(',')", "list", ""),
    ("json.loads(os.environ.get('A', '{}'))", "json", "{}"),
    ("(os.getenv('A') or 'x').split(',')", "list", None),
    ("env.bool('A', default=True)", "bool", "True"),
    ("env.list('A', default=['a', 'b'])", "list", "a,b"),
    ("env('A', default=3)", "int", "3"),
    ("env.db('A', default='sqlite:///x')", "url:database", "sqlite:///x"),
    ("config('A', default=1, cast=int)", "int", "1"),
    ("config('A', default='', cast=Csv())", "list", ""),
    ("dj_database_url.config(env='A')", "url:database", None),
]


@pytest.mark.parametrize(("text", "cast", "default"), CASTS, ids=[text for text, *_ in CASTS])
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "untaken"])
def test_cast_and_default(text: str, cast: str | None, default: str | None, taken: bool) -> None:
    found = contract(f"""
        import os, json, environ, dj_database_url
        from decouple import config, Csv
        env = environ.Env()
        if {taken}:
            X = {text}
        """)["A"]
    if taken or "env('A', default=3)" not in text:
        assert found.cast == cast
    assert (found.default, found.required) == (default, False)
    assert [place.line for place in found.reads] == [6]


SECRETS = [
    ("SECRET_KEY = os.environ['A']", True),
    ("SECRET_KEY = os.environ.get('A', 'x')", True),
    ("DATABASES = {'default': {'PASSWORD': os.getenv('A', 'pw')}}", True),
    ("MAILGUN_API_KEY = os.environ['A']", True),
    ("NAME = os.environ['A']", False),
    ("SECRET_KEY = 'x' if os.getenv('A') == '1' else 'y'", False),
]


@pytest.mark.parametrize(("text", "secret"), SECRETS)
def test_what_flows_into_a_secret_is_one(text: str, secret: bool) -> None:
    assert contract(f"import os\n{text}\n")["A"].secret is secret


def test_a_variable_names_every_place_and_every_setting() -> None:
    found = contract("""
        import os
        X = os.environ.get("A")
        if os.getenv("B"):
            Y = os.environ["A"]
        Z = [X]
        """)
    assert [place.line for place in found["A"].reads] == [3, 5]
    assert (found["A"].steers, found["B"].steers) == (("X", "Z"), ())


def test_a_helper_is_looked_through() -> None:
    found = contract("""
        import os
        def get(name, default=None):
            return os.environ.get(name, default)
        X = get("A", "1")
        if X == "2":
            Y = get("B")
        """)
    assert {name: [p.line for p in v.reads] for name, v in found.items()} == {"A": [5], "B": [7]}


def test_a_default_is_taken_from_the_call_of_a_helper() -> None:
    found = contract("""
        import os
        def env_bool(name, default=False):
            text = os.environ.get(name)
            return default if text is None else text == "1"
        X = env_bool("A", True)
        env = os.environ.get
        if X == "2":
            Y = env("B", "b")
        """)
    assert {name: (v.default, v.cast) for name, v in found.items()} == {
        "A": ("True", "bool"),
        "B": ("b", None),
    }


STEERED = [
    ("DEBUG = False", {}),
    ("DEBUG = True", None),
    ("DEBUG = os.getenv('A', 'False') == 'True'", {}),
    ("DEBUG = os.getenv('A', 'True') == 'True'", {"A": "False"}),
    ("DEBUG = bool(os.getenv('A', 'True'))", {"A": ""}),
    ("DEBUG = bool(int(os.getenv('A', '1')))", {"A": "0"}),
    ("DEBUG = env.bool('A', True)", {"A": "False"}),
    ("DEBUG = config('A', default=True, cast=bool)", {"A": "False"}),
    ("DEBUG = os.getenv('A') != 'production'", {"A": "production"}),
    ("DEBUG = not os.getenv('A') == 'live'", {"A": "live"}),
    ("DEBUG = 'RENDER' not in os.environ", {"RENDER": "False"}),
    ("DEBUG = os.getenv('A') != '1' and os.getenv('A') != 'x' or os.getenv('B', '1') == '1'",
     {"A": "x", "B": "False"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STEERED, ids=[text for text, _ in STEERED])
def test_what_turns_debug_off(text: str, expected: dict[str, str] | None) -> None:
    header = "import os, environ\nfrom decouple import config\nenv = environ.Env()\n"
    tree = Tree.of({"s.py": f"{header}{text}\n"})
    found = steering(tree, "s", "DEBUG", False)
    if expected and len(expected) == 2:
        assert found is None or evaluate(tree, "s", environ=found).settings["DEBUG"].value is False
    else:
        assert found == expected


def test_steering_does_not_choose_what_breaks_the_import() -> None:
    tree = Tree.of({
        "s.py": "import os\nM = {'dev': True, 'live': False}\nDEBUG = M[os.getenv('A', 'dev')]\n"
                "if os.getenv('A') == 'live':\n    pass\n",
    })  # fmt: skip
    assert steering(tree, "s", "DEBUG", False) == {"A": "live"}


def test_other_files_are_looked_at_by_their_text_alone() -> None:
    tree = Tree.of({
        "wsgi.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 's')\n",
        "celery.py": "import os\nbroker = os.environ['BROKER_URL']\nn = int(os.getenv('N', 2))\n",
    })  # fmt: skip
    found = {v.name: (v.required, v.default, v.cast) for v in read_elsewhere(tree, tree.files)}
    assert found == {
        "BROKER_URL": (True, None, None),
        "N": (False, "2", "int"),
        "DJANGO_SETTINGS_MODULE": (False, "s", None),
    }


def test_what_entry_points_read_is_told_apart(detected: Detected) -> None:
    wsgi = (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
        "os.environ['TRACE_HOME']\nos.environ['MODE']\napplication = get_wsgi_application()\n"
    )
    settings = "import os\nMODE = os.environ.get('MODE', 'a')\n"
    project = detected({"shop/wsgi.py": wsgi, "shop/other.py": "os.environ['X']"}, settings)
    found = {v.name: (v.required, str(v.reads[0])) for v in project.elsewhere}
    assert found == {"TRACE_HOME": (True, "shop/wsgi.py:4:1")}
    assert "TRACE_HOME" not in {v.name for v in project.contract}
