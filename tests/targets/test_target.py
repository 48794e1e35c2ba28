"""What holds for every target that there is."""

from __future__ import annotations

import pytest
from golden_cases import CASES, deployed

from nuages.estimate import PRODUCTION
from nuages.targets.target import names, target


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", names())
def test_it_renders_every_layout_and_no_secret(name: str, case: str) -> None:
    found = target(name)
    assert found is not None
    deployment = deployed(case, name)
    artifacts = found.artifacts(deployment)
    assert artifacts
    assert len({artifact.path for artifact in artifacts}) == len(artifacts)
    for default in (v.default for v in deployment.contract if v.secret and v.default):
        assert not [a.path for a in artifacts if default in a.text], default
    assert artifacts == found.artifacts(deployment)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", names())
def test_it_says_what_every_layout_costs(name: str, case: str) -> None:
    found = target(name)
    assert found is not None
    said = found.estimate(deployed(case, name), PRODUCTION)
    assert 0 < said.total.low <= said.total.expected <= said.total.high
    assert said.dated
    assert not said.unpriced
    assert sum(group.expected for group in said.groups.values()) == pytest.approx(
        said.total.expected
    )


def test_a_docker_host_needs_no_more_than_the_image() -> None:
    assert target("docker_host") is None
