"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import COMPOSE, compose
from clean_site import Files, found, texts_of


def test_a_worker_in_a_script_may_be_one() -> None:
    command = (
        '["celery", "-A", "config.celery_app", "worker", "--loglevel=INFO", "--concurrency=2"]'
    )
    assert not found("CEL013", compose(command, "/start-celeryworker"), base="split")


def test_a_service_that_nuages_yaml_takes_away() -> None:
    yaml = texts_of("split")["nuages.yaml"] + "services:\n  worker: false\n"
    plain: Files = {"nuages.yaml": yaml, COMPOSE: None}
    (finding,) = found("CEL013", plain, base="split")
    assert finding.location.path == "nuages.yaml"


@pytest.mark.parametrize("option", ["-c 2", "-c2", "--concurrency 2", "--autoscale=4,1", "-P solo"])
def test_a_worker_that_says_how_many(option: str) -> None:
    worker = '"worker", "--loglevel=INFO", "--concurrency=2"]'
    words = ", ".join(f'"{word}"' for word in option.split())
    assert not found("CEL015", compose(worker, f'"worker", {words}]'), base="split")
    assert found("CEL015", compose(worker, '"worker"]'), base="split")


def test_several_clocks_are_an_error() -> None:
    yaml = texts_of("split")["nuages.yaml"] + (
        "services:\n  worker:\n    command: celery -A config.celery_app worker -B -c 2\n"
        "    instances: COUNT\n"
    )
    for count, severity in (("1", "warning"), ("3", "error")):
        files: Files = {"nuages.yaml": yaml.replace("COUNT", count)}
        assert [f.severity for f in found("CEL017", files, base="split")] == [severity]
