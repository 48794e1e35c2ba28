"""``nuages status``"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from nuages.cli.operating import Hand, age
from nuages.cli.options import site_options
from nuages.cli.output import plain, print_json, stdout, table
from nuages.cli.releasing import site
from nuages.deploy.journal import Entry, Journal
from nuages.steps.site import DatabaseState, Execution, Leftover, Revision, SiteState, Worker

_STATES = {"succeeded": "green", "failed": "red", "cancelled": "yellow", "running": "cyan"}


@click.command("status")
@site_options
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    as_json: bool,
) -> None:
    """Say what serves, how it is, and what is left over.

    The address, the release, revisions with their traffic, workers, the last run of each job,
    the database; a release that was begun and not finished, and who is at one now; and whatever
    of the site is in the cloud that belongs to nothing that is deployed.

    \b
    Example:
      nuages status
    """
    hand = Hand(site(path, directory, settings, environment, project))
    state = hand.operator.perform(hand.operations.status(_others(hand)))
    journal, holder = hand.operator.journal, hand.operator.holder
    if as_json:
        print_json({**_released(journal, holder), **plain(state)})
    else:
        _show(state, journal, holder)


def _others(hand: Hand) -> tuple[str, ...]:
    """The site's other environments: what bears their names is no leftover."""
    reading = hand.site.reading
    every = set(reading.config.manifests) if reading.config else set()
    return tuple(sorted(every - {reading.environment}))


def _released(journal: Journal, holder: Mapping[str, Any] | None) -> dict[str, Any]:
    served, unfinished = journal.served[-1:], journal.unfinished
    return {
        "release": _entry(served[0]) if served else None,
        "unfinished": _entry(unfinished) if unfinished else None,
        "holder": dict(holder) if holder else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    found = {name: getattr(entry, name) for name in ("id", "at", "by", "stage", "status")}
    return {**found, "image": entry.outputs.get("image")}


def _show(state: SiteState, journal: Journal, holder: Mapping[str, Any] | None) -> None:
    if state.url:
        how = "[green]ready[/]" if state.ready else f"[red]not ready[/] {escape(state.message)}"
        stdout.print(f"[bold]{escape(state.url)}[/]  {how}")
    else:
        stdout.print("There is no site yet: `nuages deploy`")
    _show_release(journal, holder)
    for title, rows in (
        ("Revisions", _revisions(state.revisions)),
        ("Workers", _workers(state.workers)),
        ("Jobs, as they ran last", _jobs(state.jobs)),
        ("Database", _database(state.database)),
        ("Left over", _leftovers(state.leftovers)),
    ):
        if rows:
            _section(title, rows)


def _show_release(journal: Journal, holder: Mapping[str, Any] | None) -> None:
    if journal.served:
        last = journal.served[-1]
        stdout.print(f"Release {escape(last.id)}, {age(last.at)} ago, by {escape(last.by)}")
    if holder:
        who, what = str(holder.get("by")), str(holder.get("release"))
        stdout.print(f"[cyan]{escape(who)} is at a release now: {escape(what)}[/]")
    elif journal.unfinished:
        died = journal.unfinished
        stdout.print(
            f"[yellow]{escape(died.id)} died at {escape(died.stage or 'its start')}[/]: "
            "the next `nuages deploy` goes on with it, or undoes it"
        )


def _section(title: str, rows: list[tuple[str, ...]]) -> None:
    stdout.print(f"\n[bold]{title}[/]")
    shown = table(*("" for _ in rows[0]), header=False)
    for row in rows:
        shown.add_row(*row)
    stdout.print(shown)


def _health(ready: bool, message: str) -> str:
    return "[green]ready[/]" if ready else f"[red]not ready[/] {escape(message)}"


def _revisions(found: tuple[Revision, ...]) -> list[tuple[str, ...]]:
    """Those that serve or have a name, and the newest two besides."""
    used = [each for each in found if each.percent or each.tags]
    idle = [each for each in found if not each.percent and not each.tags][:2]
    return [
        (
            escape(each.name),
            f"{each.percent} %" if each.percent else "",
            escape(", ".join(each.tags)),
            age(each.at),
            _health(each.ready, each.message),
        )
        for each in sorted([*used, *idle], key=lambda each: each.at, reverse=True)
    ]


def _workers(found: tuple[Worker, ...]) -> list[tuple[str, ...]]:
    return [
        (
            escape(each.name),
            "" if each.instances is None else f"× {each.instances}",
            escape(each.release),
            _health(each.ready, each.message),
        )
        for each in found
    ]


def _jobs(found: tuple[Execution, ...]) -> list[tuple[str, ...]]:
    return [
        (escape(each.job), f"[{_STATES[each.state]}]{each.state}[/]", f"{age(each.at)} ago")
        for each in found
    ]


def _database(found: DatabaseState | None) -> list[tuple[str, ...]]:
    if found is None:
        return []
    return [(escape(found.name), escape(found.version), escape(found.tier), escape(found.state))]


def _leftovers(found: tuple[Leftover, ...]) -> list[tuple[str, ...]]:
    return [(each.kind, escape(each.name), escape(each.why)) for each in found]
