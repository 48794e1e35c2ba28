from __future__ import annotations

import pytest
from plain_project import Detected

OLD = "STATICFILES_STORAGE = 'whitenoise.storage.CompressedManifestStaticFilesStorage'\n"
NEW = "STORAGES = {'staticfiles': {'BACKEND': 'a.ManifestStorage'}}\n"


WHITENOISE = (
    "STORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedStaticFilesStorage'}}\n"
)


@pytest.mark.parametrize(
    ("django", "settings", "backend", "manifest"),
    [
        ("5.2.1", "", None, False),
        ("5.2.1", NEW, "a.ManifestStorage", True),
        ("5.2.1", "STORAGES = {'staticfiles': {'BACKEND': 'a.Plain'}}\n", "a.Plain", False),
        # removed in 5.1: the setting is there and does nothing
        ("5.2.1", OLD, None, False),
        ("4.2.1", OLD, "whitenoise.storage.CompressedManifestStaticFilesStorage", True),
    ],
)
def test_the_back_end(
    detected: Detected, django: str, settings: str, backend: str | None, manifest: bool
) -> None:
    static = detected({"requirements.txt": f"django=={django}\n"}, settings).static.value
    assert (static.backend, static.manifest) == (backend, manifest)


@pytest.mark.parametrize(
    ("settings", "whitenoise"),
    [
        ("MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n", True),
        ("MIDDLEWARE = ['django.middleware.common.CommonMiddleware']\n", False),
        (
            "MIDDLEWARE = ['whitenoise.middleware.WhiteNoiseMiddleware']\n"
            "STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n",
            False,
        ),
        ("", False),
        (
            f"{WHITENOISE}MIDDLEWARE = []\n",
            False,
        ),
        (
            f"{WHITENOISE}MIDDLEWARE = load()\n",
            True,
        ),
    ],
)
def test_whitenoise(detected: Detected, settings: str, whitenoise: bool) -> None:
    assert detected(settings=settings).static.value.whitenoise is whitenoise


COMPILED = "INSTALLED_APPS = ['compressor']\nCOMPRESS_PRECOMPILERS = [('text/x-scss', 'sass')]\n"


def test_what_templates_leave_to_be_compiled(detected: Detected) -> None:
    used, unused = ({"templates/a.html": text} for text in ('<style type="text/x-scss">', "<p>"))
    assert detected(used, COMPILED).static.value.precompiled
    assert not detected(unused, COMPILED).static.value.precompiled
    unknown = "INSTALLED_APPS = ['compressor']\nCOMPRESS_PRECOMPILERS = load()\n"
    assert detected(unused, unknown).static.value.precompiled


def test_where_files_come_from_and_go(detected: Detected) -> None:
    settings = (
        "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
        "STATIC_URL = '/s/'\nSTATIC_ROOT = BASE / 'out'\n"
        "STATICFILES_DIRS = [BASE / 'assets', ('img', BASE / 'pictures')]\n"
    )
    static = detected(settings=settings).static.value
    assert (static.url, static.root) == ("/s/", "{root}/out")
    assert static.dirs == ("{root}/assets", "{root}/pictures")


@pytest.mark.parametrize(
    ("files", "committed"),
    [({"out/admin/css/base.css": ""}, True), ({"out/.gitkeep": ""}, False), ({}, False)],
)
def test_a_committed_root(detected: Detected, files: dict[str, str], committed: bool) -> None:
    static = detected(files, "STATIC_ROOT = 'out'\n").static.value
    assert static.committed_root is committed


@pytest.mark.parametrize(
    ("files", "settings", "kept"),
    [
        ({"out/css/site.css": ""}, "", True),
        ({"out/site.js": ""}, "", True),
        ({"out/logo.png": ""}, "", False),
        ({"out/css/site.css": "", "out/admin/css/base.css": ""}, "", False),
        ({"out/css/site.css": ""}, "STATICFILES_DIRS = ['out']\n", False),
        ({"css/site.css": ""}, "", False),
    ],
)
def test_sources_that_are_kept_where_they_should_be_collected(
    detected: Detected, files: dict[str, str], settings: str, kept: bool
) -> None:
    static = detected(files, f"STATIC_ROOT = 'out'\n{settings}").static.value
    assert static.sources_in_root is kept


def test_hidden_files_are_collected_where_production_does(detected: Detected) -> None:
    command = "python manage.py collectstatic --noinput{}\n"
    for option, hidden in ((" --no-default-ignore", True), ("", False)):
        dockerfile = f"FROM python:3.12\nRUN {command.format(option)}"
        assert detected({"Dockerfile": dockerfile}).static.value.hidden is hidden
