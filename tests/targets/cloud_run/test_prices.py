"""The price table against what Google and the Billing Catalog reckon with it."""

from __future__ import annotations

import datetime
import re

import pytest

from nuages.targets.cloud_run.cost.edge import ARMOR_RULES
from nuages.targets.cloud_run.prices import document, prices

from .conftest import MODULE

BASKETS = {
    # https://cloud.google.com/storage/pricing-examples: simple example, $1.19.
    "storage": (
        "us-central1",
        1.19,
        {
            "storage.standard": 50,
            "storage.class_a": 10_000,
            "storage.class_b": 50_000,
            "egress.internet": 1,
        },
    ),
    # https://cloud.google.com/nat/pricing: 14 virtual machines for 720 hours, 100 GiB, $18.61.
    "nat": ("us-central1", 18.61, {"nat.gateway": 14 * 720, "nat.data": 100}),
    # https://cloud.google.com/monitoring/alerts/cost-control: one condition over 100 machines.
    "alerts": ("us-central1", 4.52, {"alert.condition": 1, "alert.series": 8_640_000}),
    # https://cloud.google.com/load-balancing/pricing: the first five rules together, an hour.
    "balancer": ("us-central1", 18.25, {"balancer.rules": 730}),
    # infracost's goldens of 2024-07-01, from the Billing Catalog.
    "redis, 1 GiB": ("us-central1", 35.77, {"redis.basic.m1": 730}),
    "redis with a replica": ("us-central1", 46.72, {"redis.standard.m1": 730}),
    "redis, 5 GiB": ("us-central1", 98.55, {"redis.basic.m2": 5 * 730}),
    "tier 2 by requests": ("europe-west2", 60.48, {"run.cpu": 1_800_000}),
    "tier 2 memory": ("europe-west2", 3.15, {"run.memory": 900_000}),
    "tier 2 by instances": ("europe-west2", 113.53, {"run.always_cpu": 5_256_000}),
    "the smallest database": ("us-central1", 7.665, {"sql.micro": 730}),
    # https://www.usage.ai/blogs/gcp/cloud-sql/pricing: 4 vCPU and 15 GB.
    "a large database": ("us-central1", 197.24, {"sql.cpu": 4 * 730, "sql.memory": 15 * 730}),
}


@pytest.mark.parametrize("basket", BASKETS)
def test_published_sums(basket: str) -> None:
    region, published, units = BASKETS[basket]
    by_key = prices(region).by_key
    assert sum(by_key[key].of(n, free=False) for key, n in units.items()) == pytest.approx(
        published, abs=0.03
    )


@pytest.mark.parametrize(
    ("key", "units", "usd"),
    [
        # Each page's own words about what is free.
        ("run.requests", 2_000_000, 0),
        ("run.requests", 3_000_000, 0.4),
        ("run.cpu", 180_000, 0),
        ("secrets.version", 7, 0.06),
        ("scheduler.job", 4, 0.1),
        ("registry.storage", 1.5, 0.1),
        ("logs.storage", 51, 0.5),
        ("uptime.execution", 1_000_000, 0),
        ("egress.internet", 1024 + 10, 1024 * 0.12 + 10 * 0.11),
        ("egress.internet", 10240 + 1, 1024 * 0.12 + 9216 * 0.11 + 0.08),
        ("nat.gateway", 60 * 730, 32 * 730 * 0.0014),
    ],
)
def test_allowances_and_steps(key: str, units: float, usd: float) -> None:
    assert prices("us-central1").by_key[key].of(units) == pytest.approx(usd)


def test_an_allowance_is_worth_what_it_is_at_home() -> None:
    """https://cloud.google.com/run/pricing: free is an amount of money at tier 1's price."""
    dear = prices("europe-west2").by_key["run.cpu"]
    assert dear.of(180_000) == pytest.approx(180_000 * (0.0000336 - 0.000024))


def test_an_ample_allowance_is_enough_for_every_environment() -> None:
    by_key = prices("us-central1").by_key
    assert by_key["uptime.execution"].of(52_560, free=False) == 0
    assert by_key["secrets.version"].of(5, free=False) == pytest.approx(0.30)


BOOTSTRAP = {"google_artifact_registry_repository"}
"""Made before the module, as an image has to lie somewhere."""


def test_every_resource_of_the_module_has_its_price() -> None:
    declared = re.compile(r'^resource "(\w+)"', re.MULTILINE)
    made = {kind for path in MODULE.glob("*.tf") for kind in declared.findall(path.read_text())}
    said = document()["resources"]
    assert made | BOOTSTRAP == set(said)
    priced = {key for keys in said.values() if isinstance(keys, list) for key in keys}
    assert priced == set(document()["prices"])
    free = [reason for reason in said.values() if isinstance(reason, str)]
    assert all(reason.startswith("free") for reason in free)


def test_every_price_says_where_it_was_read() -> None:
    table = document()
    assert {price["source"] for price in table["prices"].values()} == set(table["sources"])
    for source in table["sources"].values():
        assert source["url"].startswith("https://")
        assert source["confidence"] in {"provider", "catalogue", "secondary", "low"}
        when = str(source["published"])
        assert when == "undated" or re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", when)
        assert when == "undated" or when <= str(table["read"])
    assert isinstance(table["read"], datetime.date)


def test_every_region_has_every_column() -> None:
    table = document()
    assert all(len(row) == len(table["columns"]) for row in table["regions"].values())
    assert {row[0] for row in table["regions"].values()} == {1, 2}
    assert all(figure > 0 for row in table["regions"].values() for figure in row)


@pytest.mark.parametrize(
    ("region", "priced_as"),
    [
        ("us-central1", "us-central1"),
        ("europe-west12", "europe-west1"),
        ("us-central2", "us-central1"),
        ("moon-base1", "us-central1"),
    ],
)
def test_an_unknown_region_takes_its_neighbours_prices(region: str, priced_as: str) -> None:
    assert prices(region).priced_as == priced_as


def test_the_firewall_has_as_many_rules_as_are_priced() -> None:
    text = (MODULE / "firewall.tf").read_text()
    of_owasp = re.findall(r'^\s*"[\w-]+-stable"', text, re.MULTILINE)
    own = re.findall(r"^\s*rule \{", text, re.MULTILINE)
    assert len(of_owasp) + len(own) == ARMOR_RULES
