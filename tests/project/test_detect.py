"""The whole detection: our own projects against what a reader found, and any text at all."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_project import PLAIN, Detected

from nuages.errors import ProjectError
from nuages.project.detect import detect, explain
from nuages.project.facts import Project
from nuages.project.tree import Tree

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (FIXTURES / "projects" / "expectations.toml").read_text("utf-8")
)


@pytest.fixture(scope="module")
def projects() -> dict[str, Project]:
    return {name: detect(Tree.open(FIXTURES / "projects" / name)) for name in EXPECTED}


def answers(project: Project) -> dict[str, Any]:
    """What expectations.toml also says, in its words."""
    environ = dict(project.settings.environ)
    environ.pop("DJANGO_SETTINGS_MODULE")
    found = project.dependencies
    return {
        "manage_dir": project.manage_dir.value,
        "settings_module": project.settings_module.value,
        "settings_env": environ,
        "wsgi": project.wsgi.value.target if project.wsgi else "",
        "asgi": project.asgi.value.target if project.asgi else "",
        "needs_asgi": project.needs_asgi.value,
        "dependency_manager": found.manager,
        "dependency_files": {*found.files, *found.included},
        "dependency_groups": list(found.groups),
        "dependency_extras": list(found.extras),
        "server_dependency": next(iter(project.servers), ""),
        "celery_app": project.celery.value.target if project.celery else "",
        "celery_beat": project.celery.value.beat if project.celery else False,
        "media_fields": [f"{e.location.path}:{e.location.line}" for e in project.media_fields],
        "user_model": project.custom_user.value if project.custom_user else "auth.User",
        "rest_framework": project.rest_framework.value,
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_our_projects_are_read_as_a_reader_does(projects: dict[str, Project], name: str) -> None:
    expected = EXPECTED[name]
    found = answers(projects[name])
    wanted = {key: expected.get(key, []) for key in found}
    wanted["dependency_files"] = set(expected["dependency_files"])
    assert found == wanted


@pytest.mark.parametrize("name", EXPECTED)
def test_evidence_stands_where_it_says(projects: dict[str, Project], name: str) -> None:
    project, root = projects[name], FIXTURES / "projects" / name
    facts = (project.manage_dir, project.settings_module, project.wsgi, project.python)
    for evidence in (e for fact in facts if fact for e in fact.evidence):
        lines = (root / evidence.location.path).read_text("utf-8").splitlines()
        assert 1 <= evidence.location.line <= max(len(lines), 1), evidence


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cookiecutter_template", "template"),
        ("empty", "not-django"),
        ("flask_app", "not-django"),
    ],
)
def test_what_is_not_a_project_is_refused(name: str, reason: str) -> None:
    with pytest.raises(ProjectError) as refused:
        detect(Tree.open(FIXTURES / "refused" / name))
    assert refused.value.reason == reason


def test_detection_is_the_same_each_time() -> None:
    assert detect(Tree.of(PLAIN)) == detect(Tree.of(PLAIN))


def test_rows_explain_what_was_found(detected: Detected) -> None:
    rows = {row.topic: row for row in explain(detected())}
    assert rows["settings"].answer == "shop.settings"
    assert any("shop/wsgi.py:3" in line for line in rows["settings"].evidence)
    assert rows["django"].evidence == ("requirements.txt:1 django==5.2.1",)
    assert all(row.answer for row in rows.values())


def test_another_project_is_named_as_not_read(detected: Detected) -> None:
    other = {"tool/manage.py": PLAIN["manage.py"]}
    assert [str(p.location) for p in detected(other).problems] == ["tool"]


PARTS = st.sampled_from(
    [
        *("django", "==", ">=5", "[", "]", "{", "}", '"', "'", "\\", "\n", " ", "#", "-r ", "-e "),
        *("FROM python:", "3.12", "ENV DJANGO_SETTINGS_MODULE=", "[project]", "dependencies = "),
        *("[tool.poetry.dependencies]", "python = ", "=", ",", "^", "git+https://x/y.git", ";"),
        *("os.environ", "import ", "from . import *", "(", ")", ":", "manage.py ", "release: "),
        *("\x00", "é", "urlpatterns = ", "path(", "include(", "class A(", "DATABASES = "),
        *("[[package]]", "name = ", "version = ", "requires-python = ", "f'{x}'", "except A, B:"),
    ]
)
READ = st.sampled_from(
    [
        *("manage.py", "shop/settings.py", "shop/urls.py", "shop/wsgi.py", "requirements.txt"),
        *("pyproject.toml", "Pipfile", "Pipfile.lock", "uv.lock", "poetry.lock", "setup.py"),
        *("setup.cfg", "environment.yml", "Dockerfile", "Procfile", "package.json", "tox.ini"),
        *("compose.yaml", ".python-version", "runtime.txt", "shop/celery.py", "shop/models.py"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PARTS, max_size=25).map("".join))


@settings(max_examples=300)
@given(path=READ, text=TEXTS, keep=st.booleans())
def test_any_text_in_any_file_is_read_or_refused(path: str, text: str, keep: bool) -> None:
    """A broken file is a problem or a refusal, never another exception."""
    before = PLAIN.get(path, "") if keep else ""
    refused = {"not-django", "template", "no-settings"}
    assert outcome({**PLAIN, path: before + text}) in {"read", *refused}


def outcome(files: dict[str, str]) -> str:
    try:
        project = detect(Tree.of(files))
    except ProjectError as error:
        return error.reason
    return "read" if explain(project) else "nothing to say"


def test_only_files_that_can_answer_are_read() -> None:
    """Views, templates and assets are listed and never opened."""
    views = {f"shop/part{number}/views.py": "import x\n" for number in range(200)}
    tree = Tree.of({**PLAIN, **views, "templates/a.html": "", "shop/static/a.css": ""})
    detect(tree)
    assert set(tree.read_paths) <= set(PLAIN)
