"""What stands between the site and its visitors, and the data that they load."""

from __future__ import annotations

from collections.abc import Iterator

from nuages.estimate import GIB, HOURS, Line, Range, Traffic, always, each
from nuages.model import Deployment
from nuages.targets.cloud_run.cost.running import instances
from nuages.targets.cloud_run.prices import Prices
from nuages.targets.cloud_run.reach import has_balancer

ARMOR_RULES = 10
"""In firewall.tf: seven of OWASP's, one for Log4j, the rate limit, and what everybody gets."""
CACHED = 0.6
"""Of what visitors load, the share that a CDN has."""
FILLED = 0.1
"""Of what a CDN sends, the share that it has to fetch first."""
REQUEST = 2 * 1024 / GIB
"""GiB of a request on its way in."""
CALLED = 0.1
"""Of what visitors load, what the site itself sends to others through the private network."""


def has_cdn(deployment: Deployment) -> bool:
    return deployment.cdn or deployment.static == "bucket"


def egress(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """What visitors load, from the site or from the caches at the edge."""
    loaded = each(lambda size: size / GIB, traffic.egress)
    said = f"{_three(loaded)} GiB that visitors load"
    share = CACHED if has_cdn(deployment) else 0.0
    if share:
        said += f", {1 - share:.0%} of it not from the CDN"
    yield prices.line("egress.internet", "egress", "data to visitors", loaded * (1 - share), said)
    if not share:
        return
    cached = loaded * share
    said = f"{share:.0%} of what visitors load"
    yield prices.line("cdn.egress", "CDN", "data to visitors", cached, said)
    yield prices.line("cdn.fill", "CDN", "cache fill", cached * FILLED)
    lookups = traffic.requests * (3.0 if deployment.static == "bucket" else 1.0)
    yield prices.line("cdn.lookup", "CDN", "cache lookups", lookups)


def balancer(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """Four forwarding rules cost what one does; the firewall costs by its rules."""
    if not has_balancer(deployment):
        return
    rules = "IPv4 and IPv6, http and https: up to five rules have one price"
    yield prices.line("balancer.rules", "load balancer", "rules", always(HOURS), rules)
    share = 1 - CACHED if has_cdn(deployment) else 1.0
    through = each(
        lambda out, requests: out / GIB * share + requests * REQUEST,
        traffic.egress,
        traffic.requests,
    )
    yield prices.line("balancer.data", "load balancer", "data processed", through, "in and out")
    if deployment.waf:
        yield prices.line("armor.policy", "firewall", "policy", always(1))
        yield prices.line("armor.rule", "firewall", "rules", always(ARMOR_RULES))
        yield prices.line("armor.requests", "firewall", "requests", traffic.requests)


def outward(prices: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    """One outgoing address for everything, where nuages.yaml asks for it."""
    if deployment.network.egress != "all" or deployment.network.vpc is not None:
        return
    said = "an hour of each instance behind it"
    hours = instances(deployment) * HOURS
    yield prices.line("nat.gateway", "outgoing address", "gateway", hours, said)
    yield prices.line("nat.address", "outgoing address", "address", always(HOURS))
    calls = each(lambda size: size / GIB * CALLED, traffic.egress)
    said = "calls to others are a tenth of what visitors load"
    yield prices.line("nat.data", "outgoing address", "data", calls, said)


def _three(figures: Range) -> str:
    return " / ".join(f"{n:.3g}" for n in (figures.low, figures.expected, figures.high))
