"""``nuages cost``"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from operator import mul, truediv
from pathlib import Path

import click

from nuages.cli import charges
from nuages.cli.options import project_options
from nuages.cli.output import print_json
from nuages.cli.reading import Reading
from nuages.config.quantities import size
from nuages.config.resolve import resolve
from nuages.config.schema import Config
from nuages.config.schema.provider import NAMES
from nuages.errors import UsageError
from nuages.estimate import Traffic, always, each, usual
from nuages.model import Deployment
from nuages.targets.bill import Bill, bill
from nuages.targets.target import names, target

PRODUCTION = "production"


def _bytes(_: click.Context, __: click.Parameter, written: str | None) -> float | None:
    if written is None or written == "0":
        return None if written is None else 0.0
    try:
        return float(size(written))
    except ValueError as wrong:
        raise click.BadParameter(f"{written!r} {wrong}") from wrong


def _finite(_: click.Context, __: click.Parameter, written: float | None) -> float | None:
    if written is not None and not math.isfinite(written):
        raise click.BadParameter(f"{written} is no number of anything")
    return written


_size = partial(click.option, metavar="SIZE", callback=_bytes)
_number = partial(click.option, type=click.FloatRange(min=0), callback=_finite)


@click.command("cost")
@project_options
@click.option("-e", "--environment", help="Only this environment of nuages.yaml. Default: all.")
@click.option("--provider", type=click.Choice(NAMES), metavar="NAME", help="As if it were there.")
@_number("--requests", metavar="NUMBER", help="Requests in a month: 1e6.")
@_number("--duration", metavar="SECONDS", help="What a request takes on average: 0.2.")
@_size("--egress", help="What visitors load in a month: 10GB.")
@_size("--uploads", help="What the uploads take up: 5GB.")
@click.option("--no-free-tier", is_flag=True, help="Something else uses the free allowances.")
@click.option("--json", "as_json", is_flag=True, help="Print every line as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str | None,
    provider: str | None,
    requests: float | None,
    duration: float | None,
    egress: float | None,
    uploads: float | None,
    no_free_tier: bool,
    as_json: bool,
) -> None:
    """Say what a month costs, line by line, and what would cost less.

    Nothing is asked of a cloud: the prices are a dated table that comes with Nuages, each with
    the page it was read on. Traffic is assumed for a quiet, an ordinary and a busy month,
    unless you say what it is: of production, or of the environment that you name. Others get
    a fiftieth of it, and no free allowance.

    \b
    Examples:
      nuages cost
      nuages cost --provider gcp
      nuages cost --requests 1e6 --egress 10GB --environment production
    """
    reading = Reading(path, directory, settings)
    config = _placed(reading.config or Config.empty(), provider)
    said = {"requests": requests, "duration": duration, "egress": egress, "uploads": uploads}
    bills, elsewhere = [], []
    for name in [environment] if environment else config.manifests:
        deployment = _deployment(reading, config, name)
        traffic = _traffic(name, said if name == (environment or PRODUCTION) else {})
        found = _bill(deployment, traffic, free=name == PRODUCTION and not no_free_tier)
        if found:
            bills.append(found)
        else:
            elsewhere.append(deployment)
    _tell(bills, elsewhere, as_json=as_json)


def _placed(config: Config, provider: str | None) -> Config:
    """The configuration as if it named this provider."""
    if provider is None:
        return config
    manifests = {
        name: manifest.model_copy(update={"provider": provider})
        for name, manifest in config.manifests.items()
    }
    return replace(config, manifests=manifests)


def _deployment(reading: Reading, config: Config, environment: str) -> Deployment:
    return resolve(reading.project, config, environment=environment)


def _traffic(environment: str, said: dict[str, float | None]) -> Traffic:
    """What is assumed, but for what was said; more requests load more."""
    assumed = usual(environment)
    known = {name: always(figure) for name, figure in said.items() if figure is not None}
    if "requests" in known and "egress" not in known:
        ratio = each(truediv, known["requests"], assumed.requests)
        known["egress"] = each(mul, assumed.egress, ratio)
    return replace(assumed, **known)


def _bill(deployment: Deployment, traffic: Traffic, *, free: bool) -> Bill | None:
    found = target(deployment.provider)
    return bill(found, deployment, traffic, free=free) if found else None


def _tell(bills: list[Bill], elsewhere: list[Deployment], *, as_json: bool) -> None:
    if not bills:
        raise UsageError(
            f"There is no price list for {elsewhere[0].provider!r}: a server of your own costs what"
            " you pay for it.",
            hint="Say what it would cost elsewhere: "
            + ", ".join(f"`nuages cost --provider {name}`" for name in names()),
            reason="no-prices",
        )
    if as_json:
        print_json(charges.document(bills))
    else:
        charges.show(bills, [deployment.environment for deployment in elsewhere])
