"""What a deployment on Cloud Run costs a month, from the dated price table beside this package."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from nuages.estimate import Estimate, Line, Traffic
from nuages.model import Deployment
from nuages.targets.cloud_run.cost import edge, operation, running, stores
from nuages.targets.cloud_run.prices import Prices, prices
from nuages.targets.cloud_run.reach import has_balancer


def estimate(deployment: Deployment, traffic: Traffic, *, free: bool = True) -> Estimate:
    """Every line of the bill. With ``free``, the account's allowances are this site's to use."""
    table = prices(deployment.region, free=free)
    return Estimate(
        lines=tuple(_lines(table, deployment, traffic)),
        dated=table.dated,
        assumptions=tuple(_assumptions(table)),
        unpriced=tuple(stores.unpriced(deployment)),
        gives_up=tuple(_gives_up(deployment)),
    )


def _lines(table: Prices, deployment: Deployment, traffic: Traffic) -> Iterator[Line]:
    return chain(
        running.web(table, deployment, traffic),
        running.workers(table, deployment),
        running.jobs(table, deployment, traffic),
        stores.database(table, deployment),
        stores.cache(table, deployment),
        stores.storage(table, deployment, traffic),
        edge.balancer(table, deployment, traffic),
        edge.egress(table, deployment, traffic),
        edge.outward(table, deployment, traffic),
        operation.secrets(table, deployment),
        operation.images(table, deployment),
        operation.logs(table, deployment, traffic),
        operation.watching(table, deployment),
        operation.schedules(table, deployment),
    )


def _assumptions(table: Prices) -> Iterator[str]:
    yield "list prices in US dollars, without tax, support and discounts for commitment"
    if table.free:
        yield "the billing account's free allowances are used by nothing else"
    else:
        yield "without the billing account's free allowances: production has them"
    yield "data to visitors in Asia, Australia and China costs more than is reckoned here"
    if table.priced_as != table.region:
        yield f"{table.region} is not in the price table: {table.priced_as}'s prices are taken"


def _gives_up(deployment: Deployment) -> Iterator[str]:
    """What a small site goes without, in words of what its visitors notice."""
    if deployment.profile != "small":
        return
    if deployment.web.scaling.min_instances == 0:
        yield "an instance that waits: after a quiet quarter of an hour somebody waits for a start"
    database = deployment.database
    if database is not None and stores.tier(deployment) == "db-f1-micro":
        yield "a database with a CPU of its own: db-f1-micro shares one, and has 0.6 GB of memory"
    if database is not None and not database.high_availability:
        yield "a standby of the database: while its zone is down, the site is"
    if deployment.cache is None:
        yield "a shared cache: each instance has its own, and forgets it when it ends"
    if not has_balancer(deployment):
        yield "a name of its own with a load balancer (`domain`): it is reached at its run.app name"
