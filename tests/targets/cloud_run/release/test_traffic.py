"""Who is sent where, at every point of a release."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.steps.stage import Outputs
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import traffic

LATEST = {
    "latestReadyRevision": "projects/p/locations/l/services/s/revisions/s-r1",
    "trafficStatuses": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
}
SPLIT = {
    "trafficStatuses": [
        {"revision": "s-r1", "percent": 90},
        {"revision": "s-r2", "percent": 10},
        {"revision": "s-r0", "tag": "old"},
        {"revision": "s-r3", "tag": "candidate", "uri": "https://candidate---s"},
    ]
}


def sent(targets: list[dict[str, object]]) -> dict[object, object]:
    return {each["revision"]: each["percent"] for each in targets if "percent" in each}


def test_the_newest_revision_is_called_by_its_name() -> None:
    assert sent(traffic.now(LATEST)) == {"s-r1": 100}


def test_the_candidate_takes_nothing_from_anybody() -> None:
    targets = traffic.candidate(traffic.now(SPLIT))

    assert sent(targets) == {"s-r1": 90, "s-r2": 10}
    assert [(each.get("revision"), each.get("tag")) for each in targets[2:]] == [
        ("s-r0", "old"),
        (None, "candidate"),
    ]


def test_at_the_end_everybody_is_at_the_new_one_and_its_tag_is_gone() -> None:
    targets = traffic.share(traffic.now(SPLIT), "s-r4", 100)

    assert sent(targets) == {"s-r4": 100}
    assert [each["tag"] for each in targets if "tag" in each] == ["old"]


@given(st.integers(min_value=1, max_value=100), st.sampled_from([LATEST, SPLIT]))
def test_every_share_adds_up(percent: int, service: dict[str, object]) -> None:
    found = sent(traffic.share(traffic.now(service), "s-r4", percent))

    assert sum(found.values()) == 100  # type: ignore[arg-type]
    assert found["s-r4"] == percent


@pytest.mark.parametrize(
    ("policy", "is_open"),
    [
        ({}, False),
        ({"bindings": [{"role": "roles/run.invoker", "members": ["user:a@b.c"]}]}, False),
        ({"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}, True),
    ],
)
def test_what_is_open_already_is_left_alone(policy: dict[str, object], is_open: bool) -> None:
    assert traffic.is_open(policy) is is_open


def policy(public: bool, *bindings: dict[str, object]) -> list[dict[str, object]] | None:
    """Who may call the service afterwards; None: nothing is changed."""
    _, change = traffic.opening(Places("p", "l", "s"), public=public)
    found = Outputs({"policy": {"etag": "1", "bindings": list(bindings)}})
    steps = list(change.steps(found))
    return steps[0].body["policy"]["bindings"] if steps else None  # type: ignore[union-attr,index]


def test_a_private_service_lets_go_of_the_public_and_of_nobody_else() -> None:
    team = {"role": traffic.INVOKER, "members": ["group:team@example.com", traffic.EVERYBODY]}
    reader = {"role": "roles/run.viewer", "members": [traffic.EVERYBODY]}
    kept = {"role": traffic.INVOKER, "members": ["group:team@example.com"]}

    assert policy(False, team, reader) == [kept, reader]
    assert policy(False, kept) is None
    assert policy(True, team) is None
    assert policy(True, kept) == [kept, {"role": traffic.INVOKER, "members": ["allUsers"]}]
