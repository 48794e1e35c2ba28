"""What would cost less: the same deployment with one change each, estimated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from nuages.config.profiles import PROFILES
from nuages.estimate import Estimate, Saving
from nuages.model import Deployment

WORTH = 0.5
"""Dollars a month that a change must save to be named."""
Reckon = Callable[[Deployment], Estimate]


@dataclass(frozen=True)
class Change:
    """One that nuages.yaml can make."""

    key: str
    """What to write there, in Markdown."""
    gives_up: str
    apply: Callable[[Deployment], Deployment]


def _no_instances(site: Deployment) -> Deployment:
    scaling = replace(site.web.scaling, min_instances=0)
    return replace(site, web=replace(site.web, scaling=scaling))


def _by_requests(site: Deployment) -> Deployment:
    return replace(site, web=replace(site.web, cpu_always_on=False))


def _small_web(site: Deployment) -> Deployment:
    small = PROFILES["small"]
    cpu, memory = min(site.web.cpu, small.cpu), min(site.web.memory, small.memory)
    return replace(site, web=replace(site.web, cpu=cpu, memory=memory))


def _no_standby(site: Deployment) -> Deployment:
    database, cache = site.database, site.cache
    return replace(
        site,
        database=database and replace(database, high_availability=False),
        cache=cache and replace(cache, high_availability=False),
    )


def _small_database(site: Deployment) -> Deployment:
    disk = PROFILES["small"].disk
    database = site.database and replace(
        site.database, tier=None, disk=min(site.database.disk, disk)
    )
    return replace(site, profile="small", database=database)


def _no_cache(site: Deployment) -> Deployment:
    """Unless workers take their tasks from it."""
    return site if site.services else replace(site, cache=None)


def _no_firewall(site: Deployment) -> Deployment:
    return replace(site, waf=False)


def _no_name(site: Deployment) -> Deployment:
    static = "whitenoise" if site.static == "bucket" else site.static
    return replace(site, domain=None, aliases=(), cdn=False, waf=False, static=static)


def _unwatched(site: Deployment) -> Deployment:
    watched = replace(site.observability, uptime_check=None, alerts=())
    return replace(site, observability=watched)


def _no_address(site: Deployment) -> Deployment:
    return replace(site, network=replace(site.network, egress="private-ranges"))


CHANGES = (
    Change(
        "`min_instances: 0`",
        "an instance that waits: after a quiet time somebody waits for a start",
        _no_instances,
    ),
    Change("`cpu_always_on: false`", "work between requests, in threads", _by_requests),
    Change(
        "`resources: {cpu: 1, memory: 1Gi}`",
        "CPU and memory of an instance: more of them are started instead",
        _small_web,
    ),
    Change(
        "`high_availability: false`",
        "the standby in another zone: while a zone is down, the site is",
        _no_standby,
    ),
    Change(
        "the small profile's database",
        "a CPU of the database's own, most of its memory, and connections",
        _small_database,
    ),
    Change(
        "`cache: {type: none}`",
        "a cache that the instances share: each has its own, and forgets it when it ends",
        _no_cache,
    ),
    Change("`waf: false`", "the firewall against known attacks and floods", _no_firewall),
    Change(
        "no `domain`, `cdn` and `waf`",
        "the load balancer: the site is reached at the name that the cloud gives it",
        _no_name,
    ),
    Change(
        "no `uptime_check` and `alerts`",
        "whoever tells you that the site is down, before its visitors do",
        _unwatched,
    ),
    Change(
        "`network: {egress: private-ranges}`",
        "the one address from which the site calls others",
        _no_address,
    ),
)


def savings(site: Deployment, reckon: Reckon) -> tuple[Saving, ...]:
    """Every change that saves something in an ordinary month, the best first."""
    return tuple(_best(site, reckon, CHANGES))


def halving(site: Deployment, reckon: Reckon) -> tuple[Saving, ...]:
    """The fewest changes, the best first, that halve the bill together; none where none can.

    Each saving is the one after those before it.
    """
    half = reckon(site).total.expected / 2
    taken: list[Saving] = []
    left = list(CHANGES)
    while left and (found := _best(site, reckon, left)):
        best = found[0]
        change = next(change for change in left if change.key == best.change)
        site = change.apply(site)
        left.remove(change)
        taken.append(best)
        if best.monthly.expected <= half:
            return tuple(taken)
    return ()


def _best(site: Deployment, reckon: Reckon, changes: Iterable[Change]) -> list[Saving]:
    return sorted(_savings(site, reckon, changes), key=lambda saving: -saving.saved.expected)


def _savings(site: Deployment, reckon: Reckon, changes: Iterable[Change]) -> Iterator[Saving]:
    now = reckon(site).total
    for change in changes:
        then = reckon(change.apply(site)).total
        if now.expected - then.expected >= WORTH:
            yield Saving(change.key, change.gives_up, then, now - then)
