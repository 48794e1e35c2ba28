from __future__ import annotations

import json

import pytest
from plain_project import Detected

VITE = (
    "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
    "INSTALLED_APPS += ['django_vite']\n"
    "DJANGO_VITE = {'default': {'manifest_path': BASE / 'ui/dist/.vite/manifest.json'}}\n"
)
WEBPACK = "INSTALLED_APPS += ['webpack_loader']\n"
DIRS = (
    "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
    "STATICFILES_DIRS = [BASE / 'ui' / 'dist']\n"
)
MODULES = DIRS.replace("'ui' / 'dist'", "'ui' / 'node_modules'")


def package(**scripts: str) -> str:
    return json.dumps({"scripts": {k.replace("_", ":"): v for k, v in scripts.items()}})


@pytest.mark.parametrize(
    ("files", "settings", "directory", "command", "output"),
    [
        ({"ui/package.json": package(build="vite build", dev="vite")}, VITE, "ui", "build",
         "ui/dist"),
        ({"package.json": package(build="webpack", build_prod="webpack -p")}, WEBPACK, ".",
         "build:prod", None),
        ({"ui/package.json": package(build="vite build")}, DIRS, "ui", "build", "ui/dist"),
        ({"package.json": package(build="esbuild --outdir=shop/static/js")}, "", ".", "build",
         "shop/static/js"),
        ({"package.json": package(build="sass -o shop/static/css")}, "", ".", "build",
         "shop/static/css"),
        # a script for each kind of file, and one that never ends
        ({"package.json": json.dumps({"scripts": {
            "build-styl": "stylus < shop/styl/index.styl > shop/static/made/output.css",
            "build-riot": "riot shop/riot shop/static/made/riot.js",
            "build-watch": "riot -w", "build-again": "npm-watch"}})},
         "", ".", "build-styl && build-riot", "shop/static/made/output.css"),
        # what STATICFILES_DIRS names is made by the build
        ({"package.json": package(build="node build.js")}, DIRS.replace("'ui' / ", ""), ".",
         "build", None),
        ({"package.json": package(build="mkdir -p ui && cp -r js ui")},
         DIRS.replace(" / 'dist'", ""), ".", "build", None),
        ({"package.json": package(build_css="sass --load-path ./x assets/sass:shop/static/css/d")},
         "", ".", "build:css", "shop/static/css/d"),
        # what the project's own image runs
        ({"package.json": package(webpack_build_prod="webpack build", build_styleguide="kss",
                                  webpack_test="mocha", webpack_build="webpack"),
          "Dockerfile": "RUN npm ci && npm run webpack:build:prod && npm run webpack:test\n"},
         DIRS.replace("'ui' / ", ""), ".", "webpack:build:prod", None),
        # a task of gulp's that no script runs
        ({"package.json": json.dumps({"devDependencies": {"gulp": "4"}}),
          "gulpfile.js": "module.exports = {\n  build,\n  watch,\n};"},
         DIRS.replace("'ui' / ", ""), ".", "gulp build", None),
        # installing is the build
        ({"ui/package.json": package(lint="eslint .")}, MODULES, "ui", "", "ui/node_modules"),
        ({"package.json": package()}, "LESS = 'node_modules/.bin/lessc'\n", ".", "", None),
    ],
)  # fmt: skip
def test_a_build_that_the_settings_expect(
    detected: Detected,
    files: dict[str, str],
    settings: str,
    directory: str,
    command: str,
    output: str | None,
) -> None:
    found = detected(files, settings).frontend
    assert found is not None
    assert (found.value.directory, found.value.command, found.value.output) == (
        directory,
        command,
        output,
    )


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, ""),
        ({}, VITE),
        ({"package.json": package(lint="eslint .")}, ""),
        ({"package.json": package(lint="eslint .")}, WEBPACK),
        # a site apart: Django expects nothing of it
        ({"frontend/package.json": package(build="vite build")}, ""),
        ({"package.json": package(build="next build")}, ""),
        ({"package.json": "{broken"}, WEBPACK),
        ({"package.json": "[]"}, WEBPACK),
        # somebody else's package, kept as it was made
        ({"shop/static/css/vendor/x/package.json": package(build="sass -o shop/static/css")}, ""),
    ],
)
def test_nothing_to_build(detected: Detected, files: dict[str, str], settings: str) -> None:
    assert detected(files, settings).frontend is None


@pytest.mark.parametrize(
    ("lock", "tool"),
    [
        ("package-lock.json", "npm"),
        ("yarn.lock", "yarn"),
        ("pnpm-lock.yaml", "pnpm"),
        ("bun.lock", "bun"),
        (None, "npm"),
    ],
)
def test_the_tool_by_its_lock(detected: Detected, lock: str | None, tool: str) -> None:
    files = {"package.json": package(build="webpack"), **({lock: ""} if lock else {})}
    found = detected(files, WEBPACK).frontend
    assert found is not None
    assert (found.value.tool, found.value.lock) == (tool, lock)


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"package.json": '{"scripts": {"build": "x"}, "engines": {"node": ">=20"}}'}, ">=20"),
        ({"package.json": package(build="x"), ".nvmrc": "v22.1\n"}, "22.1"),
        ({"package.json": package(build="x")}, None),
    ],
)
def test_the_version_of_node(
    detected: Detected, files: dict[str, str], version: str | None
) -> None:
    found = detected(files, WEBPACK).frontend
    assert found is not None
    assert found.value.node == version


@pytest.mark.parametrize(
    ("app", "integration", "required"),
    [
        ("django_vite", "django-vite", True),
        ("webpack_loader", "webpack-loader", True),
        ("compressor", "compressor", False),
    ],
)
def test_pages_that_fail_without_it(
    detected: Detected, app: str, integration: str, required: bool
) -> None:
    files = {"package.json": package(build="x")}
    found = detected(files, f"INSTALLED_APPS += ['{app}']\n").frontend
    assert found is not None
    assert (found.value.integration, found.value.required) == (integration, required)


def test_templates_that_only_the_build_makes_are_needed(detected: Detected) -> None:
    settings = "TEMPLATES = [{'BACKEND': 'x', 'DIRS': ['dist']}]\n"
    files = {"package.json": package(build="vue-cli-service build")}
    found = detected(files, settings).frontend
    assert found is not None
    assert (found.value.command, found.value.required) == ("build", True)
    assert detected({**files, "dist/index.html": ""}, settings).frontend is None


@pytest.mark.parametrize(
    ("lock", "manager", "yarn"),
    [
        ("# yarn lockfile v1\n", None, None),
        ("__metadata:\n  version: 8\n", None, "4"),
        ("__metadata:\n  version: 6\n", None, "3"),
        ("", "yarn@4.1.0", "4"),
        ("", "yarn@1.22.22", None),
    ],
)
def test_which_yarn_wrote_the_lock(
    detected: Detected, lock: str, manager: str | None, yarn: str | None
) -> None:
    data = {"scripts": {"build": "webpack"}, **({"packageManager": manager} if manager else {})}
    found = detected({"package.json": json.dumps(data), "yarn.lock": lock}, WEBPACK).frontend
    assert found is not None
    assert found.value.yarn == yarn


def test_what_turns_debug_off_is_what_the_settings_compare_with(detected: Detected) -> None:
    settings = (
        "import os\nDEBUG = os.getenv('DJANGO_DEBUG') != 'FALSE'\n"
        "STATICFILES_DIRS = ['dev'] if DEBUG else ['built']\n"
    )
    found = detected(settings=settings).settings
    assert found.environ["DJANGO_DEBUG"] == "FALSE"
    assert found.settings["STATICFILES_DIRS"].value == ["built"]


def test_a_bundler_beside_manage_py_builds_its_pages(detected: Detected) -> None:
    beside = {"package.json": package(build="vite build --config ui/vite.config.mjs")}
    found = detected(beside).frontend
    assert found is not None
    assert (found.value.command, found.value.required) == ("build", False)
    assert detected({"package.json": package(build="tsc && eslint .")}).frontend is None
    assert detected({"docs/package.json": package(build="vite build")}).frontend is None


def test_programs_that_a_build_calls_and_does_not_ask_for(detected: Detected) -> None:
    scripts = {"build": "sass a.scss shop/static/a.css && postcss a.css"}
    asked = json.dumps({"scripts": scripts, "devDependencies": {"postcss-cli": "^11"}})
    found = detected({"package.json": asked}).frontend
    assert found is not None
    assert found.value.programs == ("sass",)


@pytest.mark.parametrize(("version", "old"), [("^4.46.0", True), ("~5.90", False), ("*", False)])
def test_a_bundler_that_asks_for_old_hashes(detected: Detected, version: str, old: bool) -> None:
    data = {"scripts": {"build": "webpack"}, "devDependencies": {"webpack": version}}
    found = detected({"package.json": json.dumps(data)}).frontend
    assert found is not None
    assert found.value.old_hashes is old
