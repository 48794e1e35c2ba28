"""The generated settings as text: they parse on old Pythons, and say only what they must."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace

import pytest
from handmade import deployment, overlay

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.artifacts.variables import names
from nuages.model import Cache

FLAGS = (
    "secret_key", "hosts", "https", "database", "cache", "sessions", "whitenoise", "static_root",
    "storages", "media", "logging", "health", "email", "cors",
)  # fmt: skip


def text(**changes: object) -> str:
    return cloud_settings(deployment(overlay=overlay(**changes)))[0].text


@pytest.mark.parametrize("flag", FLAGS)
def test_any_block_can_be_left_out(flag: str) -> None:
    made = cloud_settings(deployment(overlay=overlay(**{flag: False})))
    for artifact in made:
        ast.parse(artifact.text, artifact.path, feature_version=(3, 7))
    paths = {artifact.path for artifact in made}
    settings = made[0].text
    support = settings.split("from nuages_cloud import ")[1].splitlines()[0].split(", ")
    for module in support:
        assert f".nuages/overlay/nuages_cloud/{module}.py" in paths


@pytest.mark.parametrize("flag", [*FLAGS, "cors", "static_compressor"])
def test_any_block_alone_has_what_it_names(flag: str) -> None:
    alone = dict.fromkeys((*FLAGS, "cors"), False) | {flag: True}
    names = [n for n in ast.walk(ast.parse(text(**alone))) if isinstance(n, ast.Name)]
    imported = text(**alone).split("from nuages_cloud import ")[1].splitlines()[0].split(", ")
    # The last two are the package's, and the own settings' where they steer it.
    known = {*imported, *dir(builtins), *(n.id for n in names if isinstance(n.ctx, ast.Store))}
    assert {n.id for n in names if isinstance(n.ctx, ast.Load)} <= known | {"env", "ALLOWED_HOSTS"}


def test_nothing_but_debug_and_probes_is_left_when_nothing_is_missing() -> None:
    left = text(**dict.fromkeys(FLAGS, False))
    for name in ("SECRET_KEY =", "DATABASES", "CACHES", "STORAGES", "LOGGING", "EMAIL", "CORS"):
        assert name not in left
    assert "DEBUG = False" in left


def test_steering_variables_are_set_before_the_import() -> None:
    made = text(steering={"DJANGO_ENV": "production"})
    assert made.index('"DJANGO_ENV", "production"') < made.index("from mysite.settings import *")


def test_every_documented_variable_is_read_by_what_is_generated() -> None:
    cache = Cache("redis", "7", 2**30, False)
    files = cloud_settings(deployment(overlay=overlay(cors=True, traces=True), cache=cache))
    texts = "".join(artifact.text for artifact in files)
    containers = {"PORT", "WEB_CONCURRENCY", "DJANGO_DEBUG", "DJANGO_MANAGEPY_MIGRATE"}
    containers |= {"DJANGO_WAIT_FOR_DATABASE"}
    for name in names() - containers:
        if not name.startswith("DJANGO_SUPERUSER_"):
            spelled = name if name in texts else name.removeprefix("DEFAULT")
            assert spelled in texts, name


def test_the_text_is_the_same_each_time() -> None:
    one = deployment(overlay=overlay(steering={"B": "2", "A": "1"}))
    other = deployment(overlay=replace(one.overlay, steering={"A": "1", "B": "2"}))
    assert cloud_settings(one) == cloud_settings(other)


def test_a_package_whose_name_no_statement_can_import() -> None:
    made = text(base_module="Site-Builder.settings")
    ast.parse(made)
    assert 'import_module("Site-Builder.settings")' in made
    assert "from Site-Builder" not in made
    assert "import_module" not in text()
