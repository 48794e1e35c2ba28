from __future__ import annotations

import re
import shlex

import handmade
import pytest

from nuages.artifacts.dockerfile import dockerfile
from nuages.artifacts.layout import Layout
from nuages.image import Frontend, Hold
from nuages.model import EnvironmentVariable


def text(private: bool = False, **image: object) -> str:
    deployment = handmade.deployment(image=handmade.image(**image))
    return dockerfile(deployment, Layout(private)).text


def final_stage(dockerfile_text: str) -> str:
    return re.split(r"(?m)^FROM ", dockerfile_text)[-1]


def test_dependencies_are_installed_before_the_code_is_copied() -> None:
    lines = text().splitlines()
    install = next(
        n for n, line in enumerate(lines) if "uv pip install -r requirements.txt" in line
    )
    code = lines.index("COPY . /app")
    assert install < code
    assert "COPY requirements.txt ./" in lines[:install]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"installer": "uv-sync", "lock": "uv.lock"}, "uv sync --frozen --no-dev"),
        ({"installer": "uv-sync", "groups": ("prod",)}, "--no-install-project --group prod"),
        ({"installer": "pip"}, "/venv/bin/pip install -r requirements.txt"),
        ({"installer": "poetry", "groups": ("deploy",)}, "poetry export --only main --with deploy"),
        ({"installer": "pdm", "lock": "pdm.lock"}, "pdm export --prod"),
        ({"installer": "pipenv", "lock": "Pipfile.lock"}, "uvx pipenv requirements >"),
        (
            {"requirements": ("pyproject.toml",), "extras": ("prod",)},
            "uv pip install -r pyproject.toml --extra prod",
        ),
        ({"requirements": (), "groups": ("prod",)}, "uv pip install --group prod\n"),
        (
            {"install_dir": "backend", "requirements": ("backend/requirements.txt",)},
            "uv pip install -r requirements.txt",
        ),
    ],
)
def test_each_manager_installs_what_its_lock_says(image: dict[str, object], expected: str) -> None:
    assert expected in text(**image)


def test_a_manager_without_a_lock_installs_from_a_generated_list() -> None:
    found = text(installer="poetry", requirements=(), unlocked=("django>=5",))
    assert "uv pip install -r docker/requirements.txt" in found
    assert "poetry export" not in found


def test_a_bound_of_ours_is_resolved_with_the_projects_requirements() -> None:
    found = text(bounds=("django<4.0",))
    assert "uv pip install -r requirements.txt 'django<4.0'" in found


def test_the_projects_own_pins_are_not_moved() -> None:
    found = text(extra_requirements=("gunicorn==23.0.0",))
    assert "uv pip install --overrides /tmp/installed.txt -r /tmp/requirements-cloud.txt" in found


def test_build_packages_stay_out_of_the_image() -> None:
    found = text(build_packages=("gcc", "libpq-dev"), runtime_packages=("libpq5",))
    assert "gcc" in found
    assert "gcc" not in final_stage(found)
    assert "libpq5" in final_stage(found)


def test_placeholders_are_in_one_step_and_never_in_the_image() -> None:
    found = text(build_environment={"SECRET_KEY": "build time; it's a placeholder"})
    assert (
        f"export SECRET_KEY={shlex.quote('build time; it' + chr(39) + 's a placeholder')}" in found
    )
    assert "SECRET_KEY" not in final_stage(found)
    assert not re.search(r"(?m)^(ENV|ARG) .*SECRET_KEY", found)


def test_no_collectstatic_over_a_committed_collection() -> None:
    assert "collectstatic" not in text(collectstatic=())


def test_translations_are_compiled_beside_the_static_files_and_waited_for() -> None:
    found = text(
        build_commands=(("compilemessages",),), collectstatic=("collectstatic", "--noinput")
    )
    assert "compilemessages & messages=$!; python -m django collectstatic" in found
    assert "wait $messages" in found


def test_a_step_without_which_pages_are_served_does_not_end_the_build() -> None:
    found = text(
        build_commands=(("compress", "--force"),), collectstatic=("collectstatic", "--noinput")
    )
    failing = "django compress --force || echo 'nuages: `compress --force` failed'; }"
    assert failing in found
    assert "collectstatic --noinput ||" not in found


@pytest.mark.parametrize("required", [False, True])
def test_a_front_end_that_pages_need_ends_the_build_where_it_fails(required: bool) -> None:
    frontend = Frontend("npm", ".", "package-lock.json", "build", "22", required=required)
    found = text(frontend=frontend)
    assert ("npm run build || echo" in found) is not required
    assert ("npm ci || npm install || echo" in found) is not required


def test_a_later_yarn_comes_in_the_version_that_wrote_the_lock() -> None:
    found = text(frontend=Frontend("yarn", ".", "yarn.lock", "build", "22", "4"))
    assert "npm install --global --force @yarnpkg/cli-dist@4" in found
    assert "yarn install --immutable || yarn install --no-immutable" in found
    assert "corepack" not in found


def test_a_front_end_that_is_only_installed_is_not_built() -> None:
    assert "npm run" not in text(frontend=Frontend("npm", ".", None, "", "22"))


def test_static_files_are_collected_where_the_projects_own_variable_says() -> None:
    plain = handmade.overlay(whitenoise=False, static_root=False)
    asked = EnvironmentVariable("DJANGO_STATIC_ROOT", True, None, False, "mysite/settings.py:1")
    for contract, expected in (((), False), ((asked,), True)):
        deployment = handmade.deployment(overlay=plain, contract=contract)
        found = dockerfile(deployment, Layout(False)).text
        assert ("DJANGO_STATIC_ROOT=/app/staticfiles" in found) is expected


def test_a_version_out_of_gits_history_is_stood_in_for() -> None:
    found = text(installs_project=True, unversioned="argus-server")
    info = r"printf 'Metadata-Version: 2.1\nName: argus-server\nVersion: 0\n' > PKG-INFO"
    assert info in found
    assert found.index("PKG-INFO") < found.index("--no-deps --editable .")
    assert "PKG-INFO" not in text(installs_project=True)


def test_catalogues_for_javascript_wait_for_the_translations() -> None:
    found = text(build_commands=(("compilemessages",), ("compilejsi18n",)))
    assert "& messages=$!" not in found
    assert found.index("compilemessages") < found.index("compilejsi18n")


def test_other_commands_keep_their_order() -> None:
    found = text(
        build_commands=(("compress", "--force"),), collectstatic=("collectstatic", "--noinput")
    )
    assert found.index("django compress --force") < found.index("django collectstatic")


def test_the_image_runs_as_nobody_in_particular_and_gets_signals_itself() -> None:
    last = final_stage(text())
    assert "USER 2000:2000" in last
    assert re.search(r'(?m)^CMD \["gunicorn", ', last)
    assert re.search(r'(?m)^ENTRYPOINT \["/app/docker/docker-entrypoint.sh"\]', last)
    assert "HEALTHCHECK" in last
    assert "/health/live" in last


def test_no_syntax_line_and_no_latest() -> None:
    found = text()
    assert "# syntax=" not in found
    assert ":latest" not in found


def test_a_front_end_is_built_by_node_and_leaves_node_behind() -> None:
    frontend = Frontend("npm", "frontend", "frontend/package-lock.json", "build", "22.4")
    found = text(frontend=frontend)
    assert "FROM node:22-slim AS frontend" in found
    assert "COPY frontend/package.json frontend/package-lock.json ./" in found
    assert "npm ci" in found
    assert "npm run build" in found
    assert "COPY --from=frontend /app" in found
    assert "node" not in final_stage(found)


def test_old_pythons_come_from_the_debian_that_had_them() -> None:
    assert "FROM python:3.8-slim-bookworm" in text(python="3.8")
    assert "FROM python:3.13-slim-trixie" in text(python="3.13")


def test_private_files_stay_in_one_folder() -> None:
    found = text(private=True, extra_requirements=("gunicorn==23.0.0",))
    assert "COPY .nuages/requirements-cloud.txt" in found
    assert '"/app/.nuages/docker-entrypoint.sh"' in found


def test_a_pinned_patch_release_is_the_base() -> None:
    found = text(python="3.13", exact_python="3.13.13")
    assert found.count("FROM python:3.13.13-slim-trixie") == 2
    assert "/usr/local/lib/python3.13\n" in found


def test_programs_that_the_build_calls_are_brought_before_it() -> None:
    frontend = Frontend("npm", ".", None, "build", "22", programs=("sass",))
    found = text(frontend=frontend)
    assert "RUN npm install --global sass\n" in found
    assert found.index("--global sass") < found.index("npm run build")


def test_static_files_are_collected_as_the_project_does() -> None:
    found = text(collectstatic=("collectstatic", "--noinput", "--no-default-ignore"))
    assert "python -m django collectstatic --noinput --no-default-ignore" in found


def test_what_old_projects_need_is_in_the_image_with_the_reason() -> None:
    hold = Hold("psycopg2-binary<2.9", "django <3.0: later releases give offsets it refuses")
    found = text(holds=(hold,))
    assert "# django <3.0: later releases give offsets it refuses.\n" in found
    assert "uv pip install 'psycopg2-binary<2.9'\n" in found
    assert "offsets" not in text()
    frontend = Frontend("npm", ".", None, "build", "22", old_hashes=True)
    assert "ENV NODE_OPTIONS=--openssl-legacy-provider\nRUN npm run build" in text(
        frontend=frontend
    )


def test_uploads_under_version_control_begin_a_new_volume() -> None:
    copied = "COPY --from=site --chown=2000:2000 /app/uploads /app/media\n"
    assert copied in text(uploads="uploads")
    assert "--chown=2000:2000 /app/media /app/media" not in text(uploads="media")


def test_pins_that_cannot_be_met_are_overridden_with_the_reason() -> None:
    found = text(overrides=(Hold("psycopg2==2.8.6", "older ones do not compile"),))
    assert "# older ones do not compile.\nRUN printf '%s\\n' psycopg2==2.8.6 > /tmp" in found
    assert "uv pip install --overrides /tmp/overrides.txt -r requirements.txt" in found


def test_a_collection_under_version_control_is_served_where_it_is() -> None:
    found = text(collectstatic=(), collected="static_cdn/root")
    assert "STATIC_ROOT=/app/static_cdn/root" in found
    assert "STATIC_ROOT=/app/staticfiles" in text()
