"""Settings over several files: imports, includes, classes."""

# A case reads best in one line.
# ruff: noqa: E501

import pytest
from cases import evaluated

from nuages.project.settings import evaluate
from nuages.project.tree import Tree

IMPORTS = {
    "star": ("from .base import *\nY = X", {"site/base.py": "X = 1\n_Z = 2"}, 1),
    "all": ("X = 0\nfrom .base import *", {"site/base.py": "__all__ = ['_X']\nX = 1\n_X = 2"}, 0),
    "absolute": ("from site.base import X", {"site/base.py": "X = 1"}, 1),
    "module": ("from site import base\nX = base.A", {"site/base.py": "A = 1"}, 1),
    "import as": ("import site.base as b\nX = b.A", {"site/base.py": "A = 1"}, 1),
    "sys.path": ("import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'apps'))\n"
                 "from inner import X", {"site/apps/inner.py": "X = 1"}, 1),
    "package": ("from .parts.db import X", {"site/parts/__init__.py": "", "site/parts/db.py": "X = 1"}, 1),
    "parent": ("from .parts.db import X",
               {"site/parts/__init__.py": "", "site/parts/db.py": "from ..base import X",
                "site/base.py": "X = 1"}, 1),
    "namespace package": ("from lib.part import X", {"lib/part.py": "X = 1"}, 1),
    "import_module": ("from importlib import import_module\n"
                      "X = import_module('.base', __package__).A", {"site/base.py": "A = 1"}, 1),
    "mutated": ("from .base import *\nX.append(2)", {"site/base.py": "X = [1]"}, [1, 2]),
    "absent": ("try:\n    from .local import *\nexcept ImportError:\n    X = 2", {}, 2),
    "absent top": ("try:\n    from local_settings import *\nexcept ImportError:\n    X = 2", {}, 2),
    "absent name": ("try:\n    from .base import Y\nexcept ImportError:\n    X = 2", {"site/base.py": ""}, 2),
    "exec": ("exec(open(__file__.replace('settings', 'more')).read())", {"site/more.py": "X = 1"}, 1),
    "fails inside": ("try:\n    from .base import *\nexcept KeyError:\n    X = 3",
                     {"site/base.py": "A = {}['a']"}, 3),
    "setattr": ("import sys\nfrom . import base\nsetattr(base, 'A', 5)\nX = base.A", {"site/base.py": "A = 1"}, 5),
    "read": ("from pathlib import Path\nX = (Path(__file__).parent / 'v.txt').read_text().strip()",
             {"site/v.txt": "1.0\n"}, "1.0"),
    "with open": ("import json, os\nwith open(os.path.join(os.path.dirname(__file__), 'v.json')) as f:\n"
                  "    X = json.load(f)", {"site/v.json": "[1]"}, [1]),
}  # fmt: skip


@pytest.mark.parametrize("name", IMPORTS)
def test_imports(name: str) -> None:
    text, files, expected = IMPORTS[name]
    assert evaluated(text, {}, files).settings["X"].value == expected


PATHS = [
    ("Path(__file__).resolve().parent.parent / 'a'", "{root}/a"),
    ("Path(__file__).parents[1].joinpath('a', 'b')", "{root}/a/b"),
    ("os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'a')", "{root}/a"),
    ("os.path.normpath(os.path.join(os.path.dirname(__file__), '..', 'a'))", "{root}/a"),
    ("str(Path(__file__).parent.parent.parent)", "{root}/.."),
    ("f\"sqlite:///{Path(__file__).parent / 'db'}\"", "sqlite:///{root}/site/db"),
    ("Path(__file__).exists(), (Path(__file__).parent / 'no').exists()", [True, False]),
    ("os.path.isfile(__file__), os.path.isdir(os.path.dirname(__file__))", [True, True]),
    (
        "Path(__file__).name, Path(__file__).stem, Path('a.b').suffix",
        ["settings.py", "settings", ".b"],
    ),
    ("Path('a') / 'b'", "a/b"),
    ("os.getcwd()", "{root}"),
    ("Path(__file__).parent.parent.as_posix() + '/{}'.format('x')", "{root}/x"),
]


@pytest.mark.parametrize(("text", "expected"), PATHS, ids=[text for text, _ in PATHS])
def test_paths_start_at_the_root(text: str, expected: object) -> None:
    found = evaluated(f"import os\nfrom pathlib import Path\nX = {text}\n").settings["X"]
    assert found.value == expected


def test_a_fragment_of_the_absolute_path_is_unknown() -> None:
    found = evaluated("X = __file__.split('/')[1]\nY = __file__.split('/')[-1]\n").settings
    assert (found["X"].state, found["Y"].value) == ("unknown", "settings.py")


def test_a_setting_keeps_the_place_where_it_is_assigned() -> None:
    result = evaluated("from .base import *\nX += [2]\n", {}, {"site/base.py": "\nX = [1]\n"})
    assert str(result.settings["X"].location) == "site/base.py:2:1"
    assert result.files == ("site/__init__.py", "site/settings.py", "site/base.py")


def test_the_folder_of_manage_py_is_on_the_path() -> None:
    tree = Tree.of(
        {"src/app/__init__.py": "", "src/app/settings.py": "import os\nX = os.getcwd()\n"}
    )
    found = evaluate(tree, "app.settings", sources=("src",)).settings["X"]
    assert found.value == "{root}/src"


def test_a_module_that_is_not_there_is_what_the_import_ends_with() -> None:
    result = evaluate(Tree.of({}), "app.settings")
    assert result.raises is not None
    assert result.raises.message == "ModuleNotFoundError: No module named 'app.settings'"


def test_what_a_library_exports_by_star_is_unknown() -> None:
    found = evaluated("from acme.defaults import *\nX = ACME + ['a']\n").settings["X"]
    assert (found.state, found.partial) == ("known", True)
    assert found.value[-1] == "a"


SPLIT = """
    from os import environ
    from split_settings.tools import include, optional
    environ.setdefault("ENV", "development")
    include("parts/*.py", f"env/{environ['ENV']}.py", optional("local.py"))
"""
PARTS = {
    "site/parts/a.py": "X = [1]\n",
    "site/parts/b.py": "from split_settings.tools import include\nX += [2]\nY = __file__\n",
    "site/env/development.py": "X += ['development']\n",
    "site/env/production.py": "X += ['production']\n",
}


def test_split_settings_run_in_one_namespace() -> None:
    result = evaluated(SPLIT, {"ENV": "production"}, PARTS)
    assert result.settings["X"].value == [1, 2, "production"]
    assert result.settings["X"].variables == ("ENV",)
    assert result.settings["Y"].value == "{root}/site/parts/b.py"
    assert not next(v for v in result.variables if v.name == "ENV").required


def test_a_file_that_split_settings_must_include_and_that_is_absent_ends_the_import() -> None:
    result = evaluated(SPLIT, {"ENV": "staging"}, PARTS)
    assert result.raises is not None
    assert "{root}/site/env/staging.py" in result.raises.message


CLASSES = """
    from configurations import Configuration, values
    class Base(Configuration):
        DEBUG = values.BooleanValue(False)
        NAME = values.Value("n", environ_prefix="APP")
        HOSTS = values.ListValue(["a"])
        DATABASES = values.DatabaseURLValue("sqlite:///x.db")
        APPS = ["a"]
        SECRET_KEY = values.SecretValue()
        EARLY = values.IntegerValue(1, environ_name="EARLY")
        @property
        def LOCKED(self):
            return [*self.HOSTS, self.DEBUG]
        def LISTED(self):
            return self.APPS
    class Production(Base):
        APPS = Base.APPS + ["b"]
        @classmethod
        def pre_setup(cls):
            super().pre_setup()
            cls.ADDED = 1
"""


def configured(environ: dict[str, str]) -> dict[str, object]:
    tree = Tree.of({"settings.py": "".join(line[4:] + "\n" for line in CLASSES.splitlines())})
    result = evaluate(tree, "settings", environ=environ, configuration="Production")
    return {"result": result, **{name: s.value for name, s in result.settings.items()}}


def test_configurations_are_classes() -> None:
    found = configured({"DJANGO_SECRET_KEY": "k", "DJANGO_HOSTS": "x, y", "DJANGO_EARLY": "3"})
    assert found["LOCKED"] == ["x", "y", False]
    assert found["LISTED"] == found["APPS"] == ["a", "b"]
    assert (found["NAME"], found["EARLY"], found["ADDED"], found["SECRET_KEY"]) == ("n", 3, 1, "k")
    assert found["DATABASES"]["default"]["NAME"] == "x.db"
    assert found["CONFIGURATION"] == "settings.Production"
    assert found["result"].raises is None


def test_variables_of_configurations_have_the_names_that_their_prefix_gives() -> None:
    result = configured({})["result"]
    assert {v.name for v in result.variables} == {
        "DJANGO_DEBUG", "APP_NAME", "DJANGO_HOSTS", "DATABASE_URL", "DJANGO_SECRET_KEY", "DJANGO_EARLY"
    }  # fmt: skip
    assert [v.name for v in result.variables if v.required] == ["DJANGO_SECRET_KEY"]
    assert "SECRET_KEY" in result.raises.message


NEWER = """
A = 1
try:
    B = {}["k"]
except KeyError, ValueError:
    B = 2
"""
NEWEST = """
A = 1
X = f"{'a' if 1 else "b" ; }"
C = 3
"""


def test_syntax_of_a_newer_python_is_noted_and_the_rest_is_read() -> None:
    newer = evaluated(NEWER)
    assert {n: s.value for n, s in newer.settings.items()} == {"A": 1, "B": 2}
    newest = evaluated(NEWEST)
    assert [newest.settings[n].state for n in "AXC"] == ["known", "unknown", "known"]
    assert newest.problems[0].location.line == 3


def test_a_library_that_is_handed_the_namespace_may_set_anything() -> None:
    result = evaluated("import acme\nX = 1\nacme.settings(globals())\nY = Z\n")
    assert [p.message for p in result.problems] == ["acme.settings may set any setting"]
    assert result.settings["Y"].reason == "may be set by acme.settings"


def test_what_a_model_of_a_library_does_not_have_is_unknown_and_no_error() -> None:
    result = evaluated("import environ\nenv = environ.Env()\nX = env.DB_SCHEMES\n")
    assert result.settings["X"].reason == "Env.DB_SCHEMES"
    assert result.raises is None
