"""What a month costs, as tables, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.markup import escape
from rich.table import Table

from nuages.cli.output import plain, stdout, table
from nuages.estimate import GIB, Range, Saving, Source
from nuages.targets.bill import Bill

_SURE = ("provider", "catalogue")
CENT = 0.005


def show(bills: Sequence[Bill], elsewhere: Sequence[str]) -> None:
    """Print every bill, what they are together, and where the prices are from."""
    for bill in bills:
        _one(bill)
    if len(bills) > 1:
        together = sum((bill.estimate.total for bill in bills), Range(0, 0, 0))
        stdout.print(f"[bold]All {len(bills)} environments together: {_month(together)}[/]\n")
    for environment in elsewhere:
        stdout.print(f"{escape(environment)} is on a server of your own: it is not reckoned.")
    for line in _origins(bills):
        stdout.print(f"[dim]{escape(line)}[/]")


def _one(bill: Bill) -> None:
    site = bill.deployment
    where = f"{site.provider} in {site.region}, profile {site.profile}"
    stdout.print(f"[bold]{escape(site.environment)}[/], {escape(where)}")
    stdout.print(_lines(bill))
    stdout.print()
    for sentence in paragraph(bill):
        stdout.print(escape(sentence))
    if bill.savings:
        stdout.print(_savings(bill.savings))
    stdout.print()


def _lines(bill: Bill) -> Table:
    rows = table("", "quantity", "US$ each", "quiet", "ordinary", "busy")
    for column in rows.columns[2:]:
        column.justify = "right"
    for group, lines in groupby(bill.estimate.lines, key=lambda line: line.group):
        name = f"[bold]{escape(group)}[/]"
        rows.add_row(name, "", "", *_sums(bill.estimate.groups[group], "bold"))
        for line in lines:
            cells = (f"  {line.resource}", f"{amount(line.quantity.expected)} {line.unit}")
            rows.add_row(
                *(escape(c) for c in cells), price(line.price), *_sums(line.monthly, "dim")
            )
    rows.add_row("[bold]a month[/]", "", "", *_sums(bill.estimate.total, "bold"))
    return rows


def _sums(monthly: Range, style: str) -> Iterator[str]:
    return (f"[{style}]{_dollars(figure)}[/]" for figure in _figures(monthly))


def price(usd: float) -> str:
    """Of one unit, without the zeros at its end."""
    return f"{usd:.9f}".rstrip("0").rstrip(".")


def amount(quantity: float) -> str:
    """With as many digits as say something."""
    return f"{quantity:,.0f}" if quantity >= 1000 else f"{quantity:,.4g}"


def _savings(savings: Sequence[Saving]) -> Table:
    rows = table("what would cost less", "saves", "then", "and gives up")
    for saving in savings:
        cells = (saving.change, _dollars(saving.saved.expected), _dollars(saving.monthly.expected))
        rows.add_row(*(escape(cell) for cell in (*cells, saving.gives_up)))
    return rows


def paragraph(bill: Bill) -> Iterator[str]:
    """In plain words: how much, for what, on which assumptions, and what would halve it."""
    total = bill.estimate.total
    yield f"{bill.deployment.environment.capitalize()} costs {_month(total)}. {_dominant(bill)}"
    yield _traffic(bill)
    if bill.halving:
        names = "; ".join(saving.change for saving in bill.halving)
        yield f"What halves it: {names}, then ${bill.halving[-1].monthly.expected:,.0f} a month."
    for given in bill.estimate.gives_up:
        yield f"It goes without {given}."
    for missing in bill.estimate.unpriced:
        yield f"Not counted, so it costs more: {missing}."


def _dominant(bill: Bill) -> str:
    total = bill.estimate.total.expected
    parts: list[str] = []
    for name, monthly in bill.estimate.groups.items():
        if monthly.expected >= max(CENT, total / 8) and len(parts) < 3:
            parts.append(f"{name} ${monthly.expected:,.2f} ({monthly.expected / total:.0%})")
    return f"Most of it: {', '.join(parts)}." if parts else "Everything is within what is free."


def _traffic(bill: Bill) -> str:
    said = bill.traffic
    return (
        "Assumed of a quiet, an ordinary and a busy month:"
        f" {_three(said.requests, ',.0f')} requests of {_three(said.duration, '.3g')} seconds,"
        f" {_three(said.egress * (1 / GIB), ',.3g')} GiB that visitors load,"
        f" {_three(said.uploads * (1 / GIB), ',.3g')} GiB of uploads,"
        f" {_three(said.releases, '.0f')} releases."
    )


def _origins(bills: Sequence[Bill]) -> Iterator[str]:
    """Where the prices are from, and what was taken for granted."""
    sources = dict.fromkeys(source for bill in bills for source in bill.estimate.sources)
    yield f"Prices as read on {bills[0].estimate.dated}; `nuages cost --json` names each page."
    unsure = [_named(source) for source in sources if source.confidence not in _SURE]
    if unsure:
        yield f"Not from the provider itself: {'; '.join(unsure)}."
    for assumption in dict.fromkeys(a for bill in bills for a in bill.estimate.assumptions):
        yield f"Assumed: {assumption}."


def _named(source: Source) -> str:
    return f"{source.title} ({source.published})"


def _month(monthly: Range) -> str:
    low, high = (f"{n:,.0f}" for n in (monthly.low, monthly.high))
    return f"about ${monthly.expected:,.0f} a month ({low} to {high})"


def _figures(said: Range) -> tuple[float, float, float]:
    return said.low, said.expected, said.high


def _dollars(figure: float) -> str:
    return f"{figure:,.2f}" if abs(figure) >= CENT else "0"


def _three(said: Range, style: str) -> str:
    figures = [format(n, style) for n in _figures(said)]
    return figures[0] if len(set(figures)) == 1 else " / ".join(figures)


def document(bills: Sequence[Bill]) -> dict[str, Any]:
    """Every line of every environment, in US dollars."""
    return {
        "currency": "USD",
        "prices_read": bills[0].estimate.dated,
        "total": plain(sum((bill.estimate.total for bill in bills), Range(0, 0, 0))),
        "environments": [
            {
                "environment": bill.deployment.environment,
                "provider": bill.deployment.provider,
                "region": bill.deployment.region,
                "profile": bill.deployment.profile,
                "traffic": plain(bill.traffic),
                "total": plain(bill.estimate.total),
                "groups": plain(bill.estimate.groups),
                "savings": plain(bill.savings),
                "halving": plain(bill.halving),
                **plain(bill.estimate),
            }
            for bill in bills
        ],
    }
