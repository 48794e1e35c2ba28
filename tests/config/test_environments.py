"""Overlays: what they change, and where their errors point."""

import pytest

from nuages.config.load import load
from nuages.config.schema import Config, Manifest
from nuages.errors import ConfigError

BASE = """\
domain: www.example.com
domain_aliases: [example.com]
deployment:
  resources: {cpu: 2, memory: 2Gi}
  scaling: {min_instances: 2, max_instances: 20}
services:
  worker: {command: celery worker}
secrets: [A, B]
env_vars: {X: one, Y: two}
environments:
"""


def overlaid(overlay: str) -> Config:
    return load(BASE + overlay, "nuages.yaml")


def staging(overlay: str) -> Manifest:
    return overlaid(f"  staging:\n    {overlay}\n").manifest("staging")


def test_mappings_are_merged() -> None:
    manifest = staging("deployment: {scaling: {min_instances: 0}}")
    assert manifest.deployment is not None
    assert manifest.deployment.scaling is not None
    assert manifest.deployment.scaling.min_instances == 0
    assert manifest.deployment.scaling.max_instances == 20
    assert manifest.deployment.resources is not None
    assert manifest.deployment.resources.cpu == 2


def test_lists_are_replaced() -> None:
    assert list(staging("secrets: [C]").secrets or {}) == ["C"]


def test_null_removes() -> None:
    manifest = staging("{domain: null, domain_aliases: ~, env_vars: {X: }, services: }")
    assert manifest.domain is None
    assert manifest.domain_aliases is None
    assert manifest.env_vars == {"Y": "two"}
    assert manifest.services is None


def test_false_leaves_a_service_out() -> None:
    assert staging("services: {worker: false}").services == {"worker": None}


def test_production_is_the_top_level() -> None:
    config = overlaid("  staging: {domain: staging.example.com}\n")
    assert config.manifest().domain == "www.example.com"
    assert config.manifest("staging").domain == "staging.example.com"


def test_an_environment_may_be_like_production() -> None:
    assert overlaid("  staging:\n").manifest("staging").domain == "www.example.com"


@pytest.mark.parametrize(
    ("overlay", "where", "message"),
    [
        ("  staging:\n    cdn: perhaps\n", "12:10", "cdn: should be true or false"),
        ("  staging:\n    sizes: 1\n", "12:5", "sizes: is not a key"),
        (
            "  staging:\n    deployment:\n      scaling: {max_instances: 1}\n",
            "13:16",
            "min_instances (2) is more than max_instances (1)",
        ),
        (
            "  staging:\n    environments: {a: {}}\n",
            "12:5",
            "environments/staging/environments: environments cannot be nested",
        ),
        ("  STAGING: {}\n", "11:3", "environments/STAGING: should be lower-case"),
    ],
)
def test_errors_point_at_the_overlay(overlay: str, where: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        overlaid(overlay)
    assert str(caught.value.location) == f"nuages.yaml:{where}"
    assert message in caught.value.message


def test_an_error_of_the_top_level_is_said_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load("cdn: 1\nenvironments: {a: {}, b: {}}\n", "nuages.yaml")
    assert caught.value.message == "cdn: should be true or false"
    assert caught.value.detail == ""


def test_an_unknown_environment() -> None:
    config = overlaid("  staging: {}\n")
    with pytest.raises(ConfigError, match="there is no environment 'stagign'") as caught:
        config.manifest("stagign")
    assert caught.value.hint == "did you mean 'staging'?"
    assert str(caught.value.location) == "nuages.yaml:11:3"
    with pytest.raises(ConfigError) as caught:
        config.manifest("x")
    assert caught.value.hint == "known: production, staging"


def test_there_are_at_most_twenty() -> None:
    many = "".join(f"  e{n}: {{}}\n" for n in range(21))
    with pytest.raises(ConfigError, match="at most 20 environments"):
        overlaid(many)
