from __future__ import annotations

import pytest

from nuages.steps.stage import Outputs


def test_what_is_known_is_found_by_its_path() -> None:
    outputs = Outputs().having("service", {"traffic": {"percent": 100}})

    assert outputs.get("service", "traffic", "percent") == 100
    assert outputs.text("service", "traffic", "percent") == "100"
    assert outputs.mapping("service", "traffic") == {"percent": 100}
    assert outputs.get("service", "nothing", "here") is None


def test_what_no_stage_has_learned_is_a_mistake_of_the_order() -> None:
    with pytest.raises(KeyError, match=r"service\.uri"):
        Outputs().text("service", "uri")
    assert Outputs().mapping("service") == {}


def test_a_dry_run_names_what_it_cannot_know() -> None:
    outputs = Outputs(dry=True)

    assert outputs.text("service", "uri") == "‹service.uri›"
    assert outputs.mapping("environment") == {"…": "‹environment›"}
    assert outputs.having("image", "web@sha256:1").text("image") == "web@sha256:1"
