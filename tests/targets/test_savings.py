"""What would cost less: one change at a time, each estimated for itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from golden_cases import deployed

from nuages.estimate import PRODUCTION, Estimate
from nuages.model import Deployment
from nuages.targets.bill import bill
from nuages.targets.savings import CHANGES, WORTH, halving, savings
from nuages.targets.target import names, target

DEAR = deployed("split_postgres", "gcp")
DEAR = replace(
    DEAR,
    domain="jazz.example.com",
    waf=True,
    services=(),
    web=replace(
        DEAR.web,
        cpu=2.0,
        memory=2 * 1024**3,
        cpu_always_on=True,
        scaling=replace(DEAR.web.scaling, min_instances=2),
    ),
    network=replace(DEAR.network, egress="all"),
    observability=replace(DEAR.observability, alerts=("team@example.com",)),
    database=DEAR.database
    and replace(DEAR.database, tier="db-custom-2-7680", high_availability=True),
)


def reckon(site: Deployment) -> Estimate:
    found = target("cloud_run")
    assert found is not None
    return found.estimate(site, PRODUCTION)


def test_every_change_saves_something_somewhere() -> None:
    """On a site that has everything, each of them does."""
    assert {saving.change for saving in savings(DEAR, reckon)} == {change.key for change in CHANGES}


def test_the_best_comes_first_and_the_sums_are_true() -> None:
    now = reckon(DEAR).total
    found = savings(DEAR, reckon)
    assert [s.saved.expected for s in found] == sorted(s.saved.expected for s in found)[::-1]
    by_key = {change.key: change for change in CHANGES}
    for saving in found:
        assert saving.monthly == reckon(by_key[saving.change].apply(DEAR)).total
        assert saving.saved == now - saving.monthly
        assert saving.saved.expected >= WORTH
        assert saving.gives_up


def test_halving_takes_no_more_changes_than_it_must() -> None:
    steps = halving(DEAR, reckon)
    half = reckon(DEAR).total.expected / 2
    assert [step.monthly.expected <= half for step in steps] == [False] * (len(steps) - 1) + [True]


def test_a_change_that_was_made_is_not_offered_again() -> None:
    site = DEAR
    for change in CHANGES:
        site = change.apply(site)
    assert savings(site, reckon) == ()
    assert halving(site, reckon) == ()


def test_workers_keep_the_cache_that_has_their_tasks() -> None:
    worker = replace(DEAR.web, name="worker", server=None)
    offered = {saving.change for saving in savings(replace(DEAR, services=(worker,)), reckon)}
    assert "`cache: {type: none}`" not in offered


@pytest.mark.parametrize("name", names())
def test_a_bill_has_both(name: str) -> None:
    found = target(name)
    assert found is not None
    said = bill(found, DEAR, PRODUCTION, free=True)
    assert said.estimate.total == reckon(DEAR).total
    assert said.savings
    assert said.halving
