from __future__ import annotations

from typing import Any

import pytest

from nuages.errors import ProjectError
from nuages.project.detect import detect
from nuages.project.tree import Tree

FULL = "INSTALLED_APPS = []\n"
STAR = "from .settings import *\nDEBUG = False\n"
FROM_BASE = "from .base import *\n"


def names(module: str) -> str:
    return (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "from django.core.management import execute_from_command_line\n"
        f"os.environ.setdefault('DJANGO_SETTINGS_MODULE', '{module}')\n"
        "application = get_wsgi_application()\n"
    )


SPLIT = {
    "manage.py": names("p.settings.local"),
    "p/wsgi.py": names("p.settings.local"),
    "p/settings/__init__.py": "",
    "p/settings/base.py": FULL,
    "p/settings/local.py": FROM_BASE,
}
ONE = {"manage.py": names("p.settings"), "p/wsgi.py": names("p.settings"), "p/settings.py": FULL}
SWITCHED = {
    "manage.py": names("p.settings"),
    "p/settings/base.py": FULL,
    "p/settings/dev.py": FROM_BASE,
    "p/settings/prod.py": FROM_BASE,
}


@pytest.mark.parametrize(
    ("files", "module", "environ"),
    [
        (ONE, "p.settings", {}),
        # split settings whose files all name development
        ({**SPLIT, "p/settings/production.py": FROM_BASE}, "p.settings.production", {}),
        ({**SPLIT, "p/settings/deploy.py": FROM_BASE}, "p.settings.deploy", {}),
        ({**SPLIT, "p/settings/heroku.py": FROM_BASE}, "p.settings.heroku", {}),
        ({**SPLIT, "p/settings/test.py": FROM_BASE}, "p.settings.local", {}),
        # wsgi.py knows better than manage.py
        ({**SPLIT, "p/wsgi.py": names("p.settings.live"), "p/settings/live.py": FROM_BASE},
         "p.settings.live", {}),
        # what the Dockerfile says, and what a comment says
        ({**ONE, "p/other.py": FULL, "Dockerfile": "ENV DJANGO_SETTINGS_MODULE=p.other\n"},
         "p.settings", {}),
        ({**SPLIT, "p/settings/x.py": FROM_BASE,
          "Dockerfile": "ENV DJANGO_SETTINGS_MODULE=p.settings.x\n"}, "p.settings.x", {}),
        ({**SPLIT, "p/settings/x.py": FROM_BASE,
          "Dockerfile": "# ENV DJANGO_SETTINGS_MODULE=p.settings.x\n"}, "p.settings.local", {}),
        # production beside the plain module, building on it or not
        ({**ONE, "p/settings_production.py": STAR}, "p.settings_production", {}),
        ({**ONE, "p/settings_test.py": STAR}, "p.settings", {}),
        ({**ONE, "p/settings_example.py": STAR}, "p.settings", {}),
        # named, and absent
        ({**ONE, "p/wsgi.py": names("p.settings.production")}, "p.settings", {}),
        # a switch in the package's __init__
        ({**SWITCHED, "p/settings/__init__.py": (
            "import os\nENV = os.environ.get('DJANGO_ENV', 'dev')\n"
            "if ENV == 'prod':\n    from .prod import *\nelse:\n    from .dev import *\n")},
         "p.settings", {"DJANGO_ENV": "prod"}),
        ({**SWITCHED, "p/settings/__init__.py": (
            "import os\nfrom split_settings.tools import include\n"
            "include('base.py', f\"{os.environ['DJANGO_ENV']}.py\")\n")},
         "p.settings", {"DJANGO_ENV": "prod"}),
        # a container for development beside production
        ({"manage.py": names("p.settings.dev"), "p/wsgi.py": names("p.settings.dev"),
          "p/settings/base.py": FULL, "p/settings/dev.py": FROM_BASE,
          "p/settings/prod.py": FROM_BASE, "p/settings/docker.py": "from .dev import *\n",
          "docker-compose.yml": "services:\n  web:\n    environment:\n"
          "      - DJANGO_SETTINGS_MODULE=p.settings.docker\n"}, "p.settings.prod", {}),
        # a part of the package that the server's own file names
        ({**SWITCHED, "p/settings/__init__.py": (
            "try:\n    from .prod import *\nexcept Exception:\n    from .dev import *\n"),
          "p/wsgi.py": names("p.settings"),
          "uwsgi.ini": "[uwsgi]\nenv = DJANGO_SETTINGS_MODULE=p.settings.prod\n"},
         "p.settings.prod", {}),
        # a platform's mark turns DEBUG off
        ({**ONE, "p/settings.py": FULL + "import os\nDEBUG = 'RENDER' not in os.environ\n"},
         "p.settings", {"RENDER": "true"}),
        # DEBUG is steered by a variable whose default is on
        ({**ONE, "p/settings.py": FULL + "import os\nDEBUG = os.getenv('DEBUG', '1') != '0'\n"},
         "p.settings", {"DEBUG": "0"}),
        # one whose default is off needs nothing
        ({**ONE, "p/settings.py": FULL + "import os\nDEBUG = os.getenv('DEBUG') == '1'\n"},
         "p.settings", {}),
    ],
)  # fmt: skip
def test_the_settings_for_production(
    files: dict[str, str], module: str, environ: dict[str, str]
) -> None:
    project = detect(Tree.of(files))
    found = dict(project.settings.environ)
    assert found.pop("DJANGO_SETTINGS_MODULE") == module == project.settings_module.value
    assert found == environ


@pytest.mark.parametrize(
    ("settings", "files", "chosen"),
    [
        ("class Base(Configuration):\n    pass\nclass Dev(Base):\n    pass\n"
         "class Production(Base):\n    pass\nclass Prod(Base):\n    pass\n", {}, "Production"),
        ("class Common(Configuration):\n    pass\nclass Local(Common):\n    pass\n"
         "class Main(Common):\n    pass\n", {}, "Main"),
        ("class A(Configuration):\n    pass\nclass B(A):\n    pass\n",
         {"Procfile": "web: DJANGO_CONFIGURATION=A gunicorn p.wsgi\n"}, "A"),
        ("class NotOne:\n    pass\n", {}, None),
    ],
)  # fmt: skip
def test_the_configuration_class(settings: str, files: dict[str, str], chosen: str | None) -> None:
    text = "from configurations import Configuration\n" + FULL + settings
    project = detect(Tree.of({**ONE, **files, "p/settings.py": text}))
    found = project.configuration.value if project.configuration else None
    assert (found, project.settings_kind) == (chosen, "configurations" if chosen else "module")


def test_dynaconf_is_told_that_this_is_production() -> None:
    text = FULL + "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n"
    project = detect(Tree.of({**ONE, "p/settings.py": text}))
    assert project.settings_kind == "dynaconf"
    assert project.settings.environ["ENV_FOR_DYNACONF"] == "production"


def test_candidates_say_why_they_are_not_used() -> None:
    tree = Tree.of({**SPLIT, "p/settings/production.py": "from .secret import *\n" + FROM_BASE})
    found = {each.module: each for each in detect(tree).settings_candidates}
    reasons = found["p.settings.production"].reasons
    assert "p/settings/production.py:1 imports p.settings.secret, which is absent" in reasons
    assert "it is for development" in found["p.settings.local"].reasons


def test_a_named_module_that_does_not_exist_is_a_problem() -> None:
    project = detect(Tree.of({**ONE, "p/wsgi.py": names("p.settings.gone")}))
    assert [str(problem.location) for problem in project.problems] == ["p/wsgi.py:4:1"]
    gone = next(c for c in project.settings_candidates if not c.exists)
    assert gone.module == "p.settings.gone"


@pytest.mark.parametrize(
    ("files", "options", "word"),
    [
        ({"manage.py": names("p.settings")}, {}, "p.settings is named and does not exist"),
        (ONE, {"settings_module": "p.nowhere"}, "p.nowhere does not exist"),
    ],
)
def test_no_settings(files: dict[str, str], options: dict[str, Any], word: str) -> None:
    with pytest.raises(ProjectError, match=word) as refused:
        detect(Tree.of(files), **options)
    assert refused.value.reason == "no-settings"


def test_the_user_may_choose() -> None:
    project = detect(Tree.of({**ONE, "p/other.py": FULL}), settings_module="p.other")
    assert project.settings_module.value == "p.other"


def test_a_place_for_development_is_not_production() -> None:
    files = {
        **{k: v for k, v in SPLIT.items() if k != "manage.py"},
        "manage.py": names("p.settings.base"),
        "p/wsgi.py": "from django.core.wsgi import get_wsgi_application\n",
        "p/settings/docker/__init__.py": "",
        "p/settings/docker/base.py": "from ..base import *\n",
        "p/settings/docker/dev.py": FROM_BASE,
        "Dockerfile": "FROM python:3.12 AS dev\nENV DJANGO_SETTINGS_MODULE=p.settings.docker.dev\n"
        "FROM python:3.12\nENV DJANGO_SETTINGS_MODULE=p.settings.docker.base\n",
    }
    assert detect(Tree.of(files)).settings_module.value == "p.settings.docker.base"


@pytest.mark.parametrize(
    "condition",
    [
        "os.environ.get('ENV_CONFIG') in ['1', 'True']",
        "os.environ['ENV_CONFIG'] == '1'",
        "os.getenv('ENV_CONFIG', '')",
    ],
)
def test_a_switch_of_any_name_that_imports_production(condition: str) -> None:
    chosen = f"import os\nif {condition}:\n    from .production import *\n"
    chosen += "else:\n    from .local import *\n"
    files = {
        **ONE,
        "p/settings.py": None,
        "p/settings/__init__.py": chosen,
        "p/settings/production.py": FULL,
    }
    project = detect(Tree.of({k: v for k, v in files.items() if v is not None}))
    assert project.settings.environ["ENV_CONFIG"] == "1"
    assert "INSTALLED_APPS" in project.settings.settings


def test_an_application_that_is_a_function() -> None:
    wrapped = (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'p.settings.production')\n"
        "def application(environ, start_response):\n"
        "    return get_wsgi_application()(environ, start_response)\n"
    )
    project = detect(
        Tree.of({**SPLIT, "p/wsgi.py": wrapped, "p/settings/production.py": FROM_BASE})
    )
    assert project.wsgi is not None
    assert project.wsgi.value.settings_module == "p.settings.production"


def test_the_pattern_of_settings_that_git_ignores_stands_for_them() -> None:
    files = {
        "manage.py": names("p.settings"),
        "p/wsgi.py": names("p.settings"),
        "p/example_settings.py": "from p.system_settings import *\nDEBUG = False\n",
        "p/system_settings.py": FULL,
    }
    assert detect(Tree.of(files)).settings_module.value == "p.example_settings"
