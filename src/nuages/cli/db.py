"""``nuages db``"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
from rich.markup import escape

from nuages.cli.db_access import db_proxy, db_shell
from nuages.cli.operating import Hand, age, demand_word, moment, placed
from nuages.cli.output import print_json, stderr, stdout, table
from nuages.cli.progress import Progress
from nuages.cli.releasing import site
from nuages.effects import clock
from nuages.errors import StepFailed
from nuages.steps.site import Backup, Restored


@click.group("db")
def command() -> None:
    """Back the database up, bring it back, try a backup, and get into it.

    \b
    Examples:
      nuages db backup
      nuages db restore latest --drill
      nuages db shell
    """


command.add_command(db_shell)
command.add_command(db_proxy)


@command.command("backup")
@placed
@click.option("--list", "only_list", is_flag=True, help="Make none; show those there are.")
@click.option("--description", default="by nuages db backup", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the backups as JSON.")
def backup(only_list: bool, description: str, as_json: bool, **where: Any) -> None:
    """Make a backup beside those of every night, and list them.

    \b
    Examples:
      nuages db backup
      nuages db backup --list
    """
    hand = Hand(site(**where), Progress(stderr, quiet=as_json or only_list))
    hand.operator.demand_release()
    made = hand.operations
    task = made.backups() if only_list else made.back_up(description)
    found = hand.operator.perform(task)
    if as_json:
        print_json({"backups": found})
    else:
        _show(found)


def _show(found: Sequence[Backup]) -> None:
    rows = table("BACKUP", "STATE", "KIND", "AGE", "WHY")
    for each in found:
        rows.add_row(each.id, each.state, each.kind, age(each.at), escape(each.description))
    stdout.print(rows if found else "There is no backup yet: nuages db backup")


@command.command("restore")
@click.argument("backup_id", metavar="BACKUP")
@placed
@click.option("--drill", is_flag=True, help="Into a server of its own, which is deleted again.")
@click.option("--yes", metavar="SITE", help="The site's name: confirms it without a question.")
@click.option("--no-backup", is_flag=True, help="Do not back up first what is there now.")
@click.option("--json", "as_json", is_flag=True, help="Print how it went as JSON.")
def restore(
    backup_id: str, drill: bool, yes: str | None, no_backup: bool, as_json: bool, **where: Any
) -> None:
    """Bring a backup back over what is there now, or try one out.

    BACKUP is an id of `nuages db backup --list`, or latest. What is there now is backed up
    first. Then accounts get the passwords that the site has, and the site's own code reads the
    database: its checks, which migrations it lacks, how many rows are in it.

    With --drill nothing of the site is touched: the backup goes to a server that is made for it,
    is read there, and the server is deleted. It costs what such a server costs for that time.

    \b
    Examples:
      nuages db restore latest --drill
      nuages db restore 1763752212000 --yes mysite
    """
    lines = _Shown(stderr if as_json else stdout, quiet=as_json)
    hand = Hand(site(**where), lines)
    hand.operator.demand_release()
    if not drill:
        name = hand.site.deployment.name
        question = f"{backup_id} will replace the whole database of {name}."
        demand_word(question, name, yes, "--yes")
    began = clock.elapsed()
    made = hand.operations
    task = made.drill(backup_id, moment()) if drill else made.restore(backup_id, keep=not no_backup)
    _tell(hand.operator.perform(task), drill, clock.elapsed() - began, as_json)


def _tell(found: Restored, drill: bool, seconds: float, as_json: bool) -> None:
    told = {"backup": found.backup, "instance": found.instance, "drill": drill}
    told |= {"seconds": round(seconds), "readable": found.check.exit_code == 0}
    if found.check.exit_code != 0:
        raise StepFailed(
            f"The backup {found.backup} was brought back, and the site's code cannot use it",
            hint="nuages logs --service run",
            reason="restore-unreadable",
            told=told,
        )
    if as_json:
        print_json(told)
        return
    how = "The drill is over" if drill else "It is back"
    stdout.print(
        f"[green]{how}[/]: {found.backup} was restored and read in {round(seconds)} s"
        + (f"; {escape(found.instance)} is deleted" if drill else "")
    )


class _Shown(Progress):
    """Steps on stderr as ever, and what the check has read."""

    def __init__(self, out: Any, *, quiet: bool) -> None:
        super().__init__(stderr, quiet=quiet)
        self.out = out

    def line(self, text: str) -> None:
        self.out.print(f"    {escape(text)}", style="dim")
