"""Write explanation/cost.md from the price table: ``python docs/cost.py``; a test compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nuages.cli.charges import amount, price
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.estimate import PRODUCTION, Estimate, Line, Range, Saving, Source, always
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.tree import Tree
from nuages.targets.bill import bill
from nuages.targets.cloud_run.prices import document, prices
from nuages.targets.target import target

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).parent / "explanation" / "cost.md"
STARTER = ROOT / "src/nuages/starter/project"
EXAMPLE = (ROOT / "tests/config/infera.yaml").read_text("utf-8")
SAID = {"Cloud Run (2 instances)": 50, "Cloud SQL": 50, "Redis": 35, "Cloud Storage": 5}
HOME = "us-central1"
TRUST = {
    "provider": "Google's own",
    "catalogue": "Google's catalogue, as somebody keeps it",
    "secondary": "secondary",
    "low": "uncertain",
}


def page() -> str:
    """The whole page."""
    parts = (_head(), _example(), _as_terraform_would(), _profiles(), _reckoning(), _sources())
    return "\n".join(line for part in parts for line in part) + "\n"


def deployed(text: str, **extra: str) -> Deployment:
    """What a nuages.yaml asks for, on the starter."""
    said = "".join(f"{key}: {value}\n" for key, value in extra.items()) + text
    return resolve(detect(Tree.open(STARTER)), load(said.encode(), "nuages.yaml"))


def estimated(site: Deployment) -> Estimate:
    found = target(site.provider)
    if found is None:
        raise LookupError(site.provider)
    return found.estimate(site, PRODUCTION)


def _head() -> Iterator[str]:
    read = document()["read"]
    yield f"""<!-- Written by docs/cost.py from the price table; edit that. -->

# What a month costs

`nuages cost` says it for every environment of your nuages.yaml, before anything is made and \
without asking a cloud: the prices are a table that comes with Nuages, read on {read}, each with \
the page it was read on. All sums are US dollars, list prices, without tax.
"""


def _example() -> Iterator[str]:
    site = deployed(EXAMPLE)
    found = target(site.provider)
    if found is None:
        raise LookupError(site.provider)
    whole = bill(found, site, PRODUCTION, free=True)
    body = EXAMPLE.partition("\n")[2].rstrip()
    yield f"""## A usual configuration, line by line

Two instances kept warm, a database with a core of its own, a Redis, a bucket of uploads:

```yaml
{body}
```

Such a site is commonly put at about ${sum(SAID.values())} a month: \
{", ".join(f"{name} ${usd}" for name, usd in SAID.items())}. \
In {site.region}, where `provider: gcp` goes by itself, with the project that `nuages new` \
makes, it is:
"""
    yield from _table(whole.estimate.lines)
    idle = sum(n.monthly.expected for n in whole.estimate.lines if "idle" in n.resource)
    web = whole.estimate.groups["web"].expected
    yield f"""
About ${_usd(whole.estimate.total.expected)}, and the four known positions are not all of it:

- The two instances are ${_usd(web)}, nearly all of it (${_usd(idle)}) for waiting: an idle \
CPU is about a tenth of a busy one's price, and idle memory is as dear as busy memory. That holds \
only while CPU is not always on; see below.
- The database's machine is dearer by its disk and its backups.
- Data to visitors is counted in no such table, and in a busy month it is \
${_usd(whole.estimate.groups["egress"].high)}.
- Secrets, images, logs and jobs are little or free, as long as nothing else in the billing \
account uses the allowances up.

What would cost less, one change at a time:
"""
    yield from _savings(whole.savings)
    yield f"""
{_halving(whole.halving)}
"""


def _as_terraform_would() -> Iterator[str]:
    site = deployed(EXAMPLE)
    plain = estimated(site).total.expected
    here = _hand_written(site)
    sum_here, sum_home = _total(here), _total(_hand_written(replace(site, region=HOME)))
    dearest = estimated(replace(site, region=HOME)).total.expected
    yield f"""## Why it is often twice as much

The same site as Terraform is commonly written for it: `cpu_idle = false` ("keep warm"), \
`tier = "STANDARD_HA"` for Redis, and a Serverless VPC Access connector. None of the three is in \
the table of ${sum(SAID.values())}:
"""
    yield from _table(here)
    yield f"""
${_usd(sum_here)} instead of ${_usd(plain)} in {site.region}; in {HOME} ${_usd(sum_home)} instead \
of ${_usd(dearest)}. `cpu_idle = false` bills both instances' CPU and memory for every second of \
the month at the full rate of instance-based billing; a Redis with a replica for a site whose \
database has none makes nothing safer; and the connector is two machines that Direct VPC egress \
does without. Nuages' module takes none of them unless nuages.yaml asks for it \
(`cpu_always_on: true`, `high_availability: true`).
"""


def _hand_written(site: Deployment) -> tuple[Line, ...]:
    changed = replace(
        site,
        web=replace(site.web, cpu_always_on=True),
        cache=site.cache and replace(site.cache, high_availability=True),
    )
    machines = prices(site.region).line(
        "connector.instance", "connector", "machines", Range(2, 2, 3), "two to three e2-micro"
    )
    return (*estimated(changed).lines, machines)


def _profiles() -> Iterator[str]:
    text = (STARTER / "nuages.yaml").read_text("utf-8")
    profiles = ("small", "standard", "high-availability")
    sites = {name: deployed(text, provider="gcp", profile=name) for name in profiles}
    small = estimated(sites["small"])
    yield """## The three profiles

The project that `nuages new` makes, with nothing but `provider: gcp` and the profile in its \
nuages.yaml:

| profile | quiet | ordinary | busy | most of it |
| --- | --: | --: | --: | --- |"""
    for name, site in sites.items():
        found = estimated(site)
        most = [f"{group} ${_usd(n.expected)}" for group, n in found.groups.items()][:3]
        total = found.total
        figures = " | ".join(_usd(n) for n in (total.low, total.expected, total.high))
        yield f"| {name} | {figures} | {', '.join(most)} |"
    yield f"""
`small` stays under $20 in an ordinary month ({_usd(small.total.expected)}), and this is what it \
goes without:
"""
    yield from (f"- {given}" for given in small.gives_up)
    yield """
Its cache is `optional: true` in nuages.yaml: the smallest Redis alone is more than twice all the \
rest, billed by the hour whether it is used or not. Sessions are then in the database, and tries \
to log in are counted by each process for itself. On a server of your own (`provider: docker`), \
where Redis costs nothing more, the small profile has it.
"""


def _reckoning() -> Iterator[str]:
    said = PRODUCTION
    yield f"""## How it is reckoned

Traffic is assumed, for nobody knows it before: {_three(said.requests, ",.0f")} requests of \
{_three(said.duration, ".1f")} seconds in a quiet, an ordinary and a busy month, and \
{_three(said.egress * (1 / 1024**3), ",.3g")} GiB that visitors load. `--requests`, `--duration`, \
`--egress` and `--uploads` say yours. Environments beside production get a fiftieth of it, and \
none of the free allowances, which an account has once.

- A month has 730 hours. Requests come at random; an instance is billed while at least one is in \
it, and is kept for at most 15 minutes after. Probes are billed as Google says they are, a tenth \
of a second each.
- With requests in the free allowance, a busy second of a warm instance may cost less than an idle \
one, which is in no allowance: a quiet month can cost a few cents more than an ordinary one.
- A disk grows by itself; in a busy month it is taken as twice as large.
- Where a region is not in the table, the nearest that is stands for it, and the output says so.
- Not in it: support, discounts for commitment, what crosses zones in the private network, data \
to Asia and Australia at its higher price, endpoints of Private Service Connect before Valkey, \
and whatever your site itself calls and pays for.
"""


def _sources() -> Iterator[str]:
    table = document()
    yield f"""## The prices and where they were read

Prices of {HOME}. A stored copy of each page was read on {table["read"]}; its own date is beside \
it, where it bears one. What no page of Google's said is marked: those rows are the first to \
compare with [Google's calculator](https://cloud.google.com/products/calculator).

| price | US$ | each | source | of | how sure |
| --- | --: | --- | --- | --- | --- |"""
    for said in prices(HOME).by_key.values():
        tiers = "".join(f"; from {start:,.0f} on {price(usd)}" for start, usd in said.steps)
        source: Source = said.source
        title = f"[{source.title}]({source.url})"
        sure = TRUST[source.confidence]
        steps = f"{price(said.usd)}{tiers}"
        yield f"| {said.sku} | {steps} | {said.unit} | {title} | {source.published} | {sure} |"
    regions = table["regions"]
    second = [name for name, row in regions.items() if row[0] == 2]
    yield f"""
Regions: {len(regions)}, of which Cloud Run counts {", ".join(f"`{name}`" for name in second)} to \
its dearer tier (2): 1.4 times by requests, 1.2 times by instances. Cloud SQL, Memorystore and \
Cloud Storage have their own factors for each."""


def _table(lines: Iterable[Line]) -> Iterator[str]:
    yield "| | | quantity, ordinary | US$ each | quiet | ordinary | busy |"
    yield "| --- | --- | --- | --: | --: | --: | --: |"
    group, kept = "", tuple(lines)
    for line in kept:
        name = "" if line.group == group else line.group
        group = line.group
        month = line.monthly
        figures = " | ".join(_usd(n) for n in (month.low, month.expected, month.high))
        quantity = amount(line.quantity.expected)
        yield (
            f"| {name} | {line.resource} | {quantity} {line.unit} | {price(line.price)} "
            f"| {figures} |"
        )
    total = sum((line.monthly for line in kept), always(0))
    figures = " | ".join(f"**{_usd(n)}**" for n in (total.low, total.expected, total.high))
    yield f"| **a month** | | | | {figures} |"


def _savings(savings: Iterable[Saving]) -> Iterator[str]:
    yield "| change | saves | then | and gives up |"
    yield "| --- | --: | --: | --- |"
    for one in savings:
        saved, then = _usd(one.saved.expected), _usd(one.monthly.expected)
        yield f"| {one.change} | {saved} | {then} | {one.gives_up} |"


def _halving(changes: tuple[Saving, ...]) -> str:
    names = "; ".join(one.change for one in changes)
    return f"What halves it: {names}, then ${_usd(changes[-1].monthly.expected)} a month."


def _total(lines: Iterable[Line]) -> float:
    return sum(line.monthly.expected for line in lines)


def _usd(figure: float) -> str:
    return f"{figure:,.2f}"


def _three(said: Range, style: str) -> str:
    return " / ".join(format(n, style) for n in (said.low, said.expected, said.high))


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
