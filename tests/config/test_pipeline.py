"""How a project is proved before a release, by its own manager."""

from __future__ import annotations

import pytest

from nuages.config.load import load
from nuages.config.pipeline import Pipeline, pipeline
from nuages.config.resolve import resolve
from nuages.errors import ConfigError

URL = "import dj_database_url\nDATABASES = {'default': dj_database_url.config()}\n"
POETRY = (
    "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.12'\n"
    "django = '^5.2'\n[tool.poetry.group.dev.dependencies]\npytest-django = '*'\n"
)


def proved(shop, yaml: str = "{}", **changes) -> Pipeline:
    project = shop.project(**changes)
    said = load(yaml.encode(), "nuages.yaml")
    return pipeline(project, said, resolve(project, said))


def test_pip_is_given_the_files_and_runs_inside_the_environment(shop) -> None:
    files = {"requirements-dev.txt": "pytest-django\nruff\n"}
    found = proved(shop, files=files, requirements="django==5.2.1\n")
    assert found.install == (
        "uv venv --allow-existing --python=3.13",
        "uv pip install -r requirements.txt -r requirements-dev.txt",
    )
    assert found.lint == (
        "uv run --no-project ruff check .",
        "uv run --no-project python manage.py makemigrations --check --dry-run",
    )
    assert found.test == ("uv run --no-project pytest",)


def test_a_lock_is_followed_to_the_letter(shop) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['django']\n"
        "[dependency-groups]\ntest = ['pytest-django']\n",
        "uv.lock": "version = 1\n",
        "requirements.txt": None,
    }
    found = proved(shop, files=files)
    assert found.install == ("uv sync --frozen --python=3.13 --group test",)
    assert found.test == ("uv run --no-sync pytest",)


def test_poetry_installs_and_runs(shop) -> None:
    found = proved(shop, files={"pyproject.toml": POETRY, "requirements.txt": None})
    poetry = "uvx --python=3.13 '--from=poetry>=2.1,<3' poetry"
    assert found.install == (f"{poetry} install --no-interaction --with dev --no-root",)
    assert found.test == (f"{poetry} run pytest",)


def test_tools_with_environments_of_their_own_run_outside(shop) -> None:
    files = {".pre-commit-config.yaml": "repos: []\n", "tox.ini": "[tox]\n"}
    found = proved(shop, files=files)
    assert found.lint[0] == "uvx --python=3.13 pre-commit run --all-files"
    assert found.test == ("uvx --python=3.13 tox",)


def test_a_database_where_the_settings_can_reach_one(shop) -> None:
    assert not proved(shop).database  # SQLite in its settings, PostgreSQL in production only
    reached = proved(shop, settings=URL, requirements="django\ndj-database-url\npsycopg\n")
    assert reached.database
    assert "build-time-placeholder" in reached.environment.values()  # no real key, ever


def test_the_kinds_of_nuages_yaml_and_those_that_were_asked_for(shop) -> None:
    project, said = shop.project(), load(b"provider: gcp\nci: [cloud-build]\n", "nuages.yaml")
    found = pipeline(project, said, resolve(project, said), ("github-actions", "cloud-build"))
    assert found.kinds == ("cloud-build", "github-actions")


def test_a_kind_that_cannot_release_there_is_refused_with_its_place(shop) -> None:
    with pytest.raises(ConfigError) as error:
        proved(shop, yaml="provider: docker\nci:\n  - cloud-build\n")
    assert "cloud-build does not release to docker_host" in str(error.value)
    assert "github-actions" in error.value.hint
    assert (error.value.location.path, error.value.location.line) == ("nuages.yaml", 3)


def test_static_files_with_hashes_are_collected_before_pages_are_tested(shop) -> None:
    storage = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings = f"STORAGES = {{'staticfiles': {storage}}}\nSTATIC_ROOT = BASE_DIR / 'out'\n"
    cases = "class T:\n    def test_it(self): ...\n"
    found = proved(shop, settings=settings, files={"shop/tests.py": cases})
    assert found.test == (
        "uv run --no-project python manage.py collectstatic --noinput",
        "uv run --no-project python manage.py test",
    )
    assert len(proved(shop, files={"shop/tests.py": cases}).test) == 1
