"""``nuages logs``"""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from nuages.cli.operating import Hand
from nuages.cli.options import site_options
from nuages.cli.output import stdout
from nuages.cli.releasing import site
from nuages.deploy.following import Following
from nuages.errors import CloudRefused, UsageError
from nuages.steps.site import LogQuery, Record

SEVERITIES = ("DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_STYLES = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "bold red"}
_FOR_GOOD = (400, 401, 403, 404)
EVERY = 2.0
"""Seconds between two looks: the API answers sixty questions a minute."""


def _seconds(_: click.Context, __: click.Parameter, written: str) -> int:
    """``90s``, ``15m``, ``1h``, ``2d`` as seconds."""
    found = re.fullmatch(r"(\d+)\s*([smhd])", written.strip())
    if found is None or int(found[1]) == 0:
        raise click.BadParameter(f"{written!r} is no time such as 15m, 1h or 2d")
    return int(found[1]) * _UNITS[found[2]]


@click.command("logs")
@site_options
@click.option("-f", "--follow", is_flag=True, help="Go on with what will be printed.")
@click.option("--since", default="1h", show_default=True, callback=_seconds, help="How far back.")
@click.option("-n", "--limit", default=200, show_default=True, type=click.IntRange(1, 1000))
@click.option("--severity", type=click.Choice(SEVERITIES, case_sensitive=False), help="The least.")
@click.option("--service", multiple=True, metavar="NAME", help="web, a worker or a job.")
@click.option("--grep", default="", metavar="TEXT", help="Only entries in which that stands.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    as_json: bool,
    **asked: Any,
) -> None:
    """Show what the site, its workers and its jobs have printed, in the order of time.

    Requests are one line each. With --follow nothing is shown twice, however late it arrives.

    \b
    Examples:
      nuages logs --since 15m
      nuages logs --follow --severity ERROR
      nuages logs --service migrate
    """
    hand = Hand(site(path, directory, settings, environment, project))
    query = _query(hand, asked)
    show = _as_json if as_json else _show
    found = hand.operator.perform(hand.operations.logs(query, asked["limit"]))
    for record in found:
        show(record)
    if asked["follow"]:
        _follow(hand, query, found, asked["limit"], show)


def _query(hand: Hand, asked: dict[str, Any]) -> LogQuery:
    from nuages.effects import clock

    since = clock.now() - timedelta(seconds=asked["since"])
    known = hand.operations.processes()
    unknown = [name for name in asked["service"] if name not in known]
    if unknown:
        raise UsageError(
            f"There is no process {unknown[0]!r}",
            hint=f"There are: {', '.join(known)}.",
            reason="unknown-process",
        )
    return LogQuery(
        tuple(asked["service"]),
        since.isoformat(timespec="seconds").replace("+00:00", "Z"),
        (asked["severity"] or "").upper(),
        asked["grep"],
    )


def _follow(hand: Hand, query: LogQuery, shown: tuple[Record, ...], limit: int, show: Any) -> None:
    """What is older than what ``limit`` has let through stays unseen."""
    from nuages.effects import clock

    since = shown[0].at if len(shown) >= limit else query.since
    tail = hand.operations.following(dataclasses.replace(query, since=since))
    log = Following(hand.site.client, tail)
    log.take(shown)
    while True:
        clock.pause(EVERY)
        for record in _new(log):
            show(record)


def _new(log: Following) -> list[Record]:
    """What came; nothing where the cloud is out of breath for a moment."""
    try:
        return log.new()
    except CloudRefused as refused:
        if refused.status in _FOR_GOOD:
            raise
        return []


def _as_json(record: Record) -> None:
    print(json.dumps(dataclasses.asdict(record), ensure_ascii=False), flush=True)


def _show(record: Record) -> None:
    style = _STYLES.get(record.severity, "")
    at = record.at[:19].replace("T", " ")
    for line in record.text.splitlines() or [""]:
        text = f"[{style}]{escape(line)}[/]" if style else escape(line)
        stdout.print(f"[dim]{at}[/] [cyan]{escape(record.process)}[/] {text}")
