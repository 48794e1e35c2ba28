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
        # installing is the build
        ({"ui/package.json": package(lint="eslint .")}, MODULES, "ui", "", "ui/node_modules"),
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
