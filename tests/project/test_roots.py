from __future__ import annotations

import pytest

from nuages.errors import ProjectError
from nuages.project.roots import root
from nuages.project.tree import Tree

DJANGO = "from django.core.management import execute_from_command_line\n"
WSGI = "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n"
SETTINGS = "INSTALLED_APPS = []\n"
PACKAGE = "[build-system]\n[project]\nname = 'django-thing'\n"


@pytest.mark.parametrize(
    ("files", "manage_dir", "manage_py"),
    [
        ({"manage.py": DJANGO}, ".", "manage.py"),
        ({"src/manage.py": DJANGO}, "src", "src/manage.py"),
        ({"backend/app/manage.py": DJANGO}, "backend/app", "backend/app/manage.py"),
        # the one at the root is the project, what is below is another
        ({"manage.py": DJANGO, "tool/manage.py": DJANGO}, ".", "manage.py"),
        # a project for tests or documentation is not the project
        ({"site/manage.py": DJANGO, "tests/manage.py": DJANGO}, "site", "site/manage.py"),
        ({"web/manage.py": DJANGO, "docs/demo/manage.py": DJANGO}, "web", "web/manage.py"),
        # another framework's manage.py beside
        ({"a/manage.py": "from flask_script import Manager\n", "b/manage.py": DJANGO}, "b",
         "b/manage.py"),
        # the only project of something that is no package may well be named example
        ({"example/manage.py": DJANGO}, "example", "example/manage.py"),
        # what the root's Dockerfile runs decides
        ({"a/manage.py": DJANGO, "b/manage.py": DJANGO, "Dockerfile": "COPY b/ /app\n"}, "b",
         "b/manage.py"),
        ({"pyproject.toml": PACKAGE, "sandbox/manage.py": DJANGO,
          "Procfile": "web: python sandbox/manage.py runserver\n"}, "sandbox", "sandbox/manage.py"),
        # manage.py renamed, or absent
        ({"bin/site.py": DJANGO}, "bin", "bin/site.py"),
        # a package that is run by ``python -m``
        ({"shop/__main__.py": DJANGO, "shop/__init__.py": ""}, ".", "shop/__main__.py"),
        # a folder of scripts, beside the package that they run
        ({"bin/manage.py": DJANGO, "shop/__init__.py": ""}, ".", "bin/manage.py"),
        ({"bin/manage.py": DJANGO, "bin/shop/__init__.py": "", "x/__init__.py": ""}, "bin",
         "bin/manage.py"),
        ({"shop/__init__.py": "", "shop/wsgi.py": WSGI}, ".", None),
        ({"src/shop/__init__.py": "", "src/shop/wsgi.py": WSGI}, "src", None),
        ({"shop/wsgi.py": WSGI}, ".", None),
        ({"shop/__init__.py": "", "shop/settings.py": SETTINGS}, ".", None),
    ],
)  # fmt: skip
def test_where_the_project_is(files: dict[str, str], manage_dir: str, manage_py: str) -> None:
    found = root(Tree.of(files))
    assert (found.manage_dir, found.manage_py) == (manage_dir, manage_py)


@pytest.mark.parametrize(
    ("files", "reason", "word"),
    [
        ({}, "not-django", "not one Python file"),
        ({"README.md": "moved"}, "not-django", "not one Python file"),
        ({"tea.py": ""}, "not-django", "manage.py"),
        ({"app.py": "from flask import Flask\n"}, "not-django", "Flask"),
        ({"main.py": "from fastapi import FastAPI\n"}, "not-django", "FastAPI"),
        ({"manage.py": "from flask_script import Manager\n"}, "not-django", "manage.py"),
        ({"{{cookiecutter.slug}}/manage.py": DJANGO}, "template", "template"),
        ({"{{ name }}/manage.py": DJANGO, "copier.yml": ""}, "template", "template"),
        ({"project/manage.py-tpl": "", "project/urls.py-tpl": ""}, "template", "template"),
        ({"manage.py": DJANGO + "# {{ project_name }}\n"}, "template", "template"),
        ({"a/manage.py": DJANGO, "b/manage.py": DJANGO}, "several-projects", "a, b"),
        ({"pyproject.toml": PACKAGE, "tests/manage.py": DJANGO}, "not-django", "package"),
        ({"setup.py": "setup(name='x')", "example_project/manage.py": DJANGO}, "not-django",
         "example_project"),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(files: dict[str, str], reason: str, word: str) -> None:
    with pytest.raises(ProjectError) as refused:
        root(Tree.of(files))
    assert refused.value.reason == reason
    assert word in refused.value.message


def test_naming_the_folder_decides() -> None:
    tree = Tree.of({"a/manage.py": DJANGO, "b/manage.py": DJANGO, "tests/manage.py": DJANGO})
    assert root(tree, "b").manage_dir == "b"
    assert root(tree, "tests/").manage_dir == "tests"
    with pytest.raises(ProjectError, match="No Django project was found in c"):
        root(tree, "c")


def test_the_choices_are_in_the_hint() -> None:
    with pytest.raises(ProjectError) as refused:
        root(Tree.of({"a/manage.py": DJANGO, "b/manage.py": DJANGO}))
    assert refused.value.hint == "Give the folder of one: a or b"


def test_the_other_projects_are_named() -> None:
    tree = Tree.of({"manage.py": DJANGO, "tool/manage.py": DJANGO})
    assert root(tree).others == ("tool",)
