"""``nuages run``"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click
from rich.markup import escape

from nuages.cli.operating import Hand, attended, placed
from nuages.cli.output import print_json, stderr
from nuages.cli.releasing import site
from nuages.errors import NuagesError
from nuages.steps.site import Execution

_FAILED = 1
"""Where nobody knows what the process ended with."""


@click.command("run", context_settings={"ignore_unknown_options": True})
@placed
@click.option("-d", "--detach", is_flag=True, help="Start it, and do not wait for its end.")
@click.option("--timeout", type=click.IntRange(1, 604800), help="Seconds. Default: 3600.")
@click.option("--json", "as_json", is_flag=True, help="Print how it ended as JSON.")
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED)
def command(
    argv: tuple[str, ...], detach: bool, timeout: int | None, as_json: bool, **where: Any
) -> int:
    """Run a command once in the released image, with the site's secrets and database.

    What it prints is shown while it runs, and its exit code becomes this one's. manage.py stands
    for `python -m django` with the settings of production. Nothing can be typed into it. Ctrl-C
    asks whether to end it; a second one leaves it running.

    \b
    Examples:
      nuages run -- manage.py migrate --plan
      nuages run -- python -c "print('hello')"
      nuages run --detach -- manage.py rebuild_index
    """
    hand = Hand(site(**where), _Lines(sys.stderr if as_json else sys.stdout))
    hand.operator.demand_release()
    execution = hand.operator.perform(hand.operations.run(words(argv), timeout))
    if not detach:
        execution = _to_its_end(hand, execution, timeout)
    _tell(execution, as_json)
    if detach or execution.exit_code == 0:
        return 0
    return execution.exit_code or _FAILED


def words(argv: tuple[str, ...]) -> tuple[str, ...]:
    """manage.py may choose other settings than those of production."""
    first = argv[0].rpartition("/")[2]
    if first == "manage.py":
        return ("python", "-m", "django", *argv[1:])
    if first.startswith("python") and len(argv) > 1 and argv[1].endswith("manage.py"):
        return (argv[0], "-m", "django", *argv[2:])
    return argv


def _to_its_end(hand: Hand, execution: Execution, timeout: int | None) -> Execution:
    from nuages.effects.signals import interrupting

    try:
        with interrupting():
            return hand.operator.perform(hand.operations.awaited(execution, timeout))
    except KeyboardInterrupt:
        _interrupted(hand, execution)
        raise


def _interrupted(hand: Hand, execution: Execution) -> None:
    """End it, unless somebody says that it shall go on."""
    name = execution.id.rpartition("/")[2]
    with suppress(KeyboardInterrupt, click.Abort):
        if not attended() or click.confirm(f"\nEnd {name}?", default=True, err=True):
            with suppress(NuagesError):
                hand.operator.perform(hand.operations.cancelled(execution))
                stderr.print(f"{escape(name)} is ended.")
                return
    stderr.print(f"\n{escape(name)} runs on: nuages logs --service run --follow")


def _tell(execution: Execution, as_json: bool) -> None:
    name = escape(execution.id.rpartition("/")[2])
    if as_json:
        print_json(execution)
    elif execution.state == "running":
        stderr.print(f"Started {name}. nuages logs --service run --follow")
    elif execution.state != "succeeded":
        code = "" if execution.exit_code is None else f" with exit code {execution.exit_code}"
        why = f" {escape(execution.message)}" if execution.exit_code is None else ""
        stderr.print(f"[red]{name} {execution.state}{code}[/].{why}")


class _Lines:
    """Shows what the command prints and nothing else; see ``deploy.execute.Listener``."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        yield

    def line(self, text: str) -> None:
        print(text, file=self.stream, flush=True)
