"""``nuages destroy``"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from nuages.changes import words
from nuages.changes.change import Change, Plan
from nuages.changes.nouns import Nouns, lost
from nuages.cli.operating import Hand, demand_word, moment
from nuages.cli.options import site_options
from nuages.cli.output import plain, print_json, stderr, stdout, table
from nuages.cli.progress import Progress
from nuages.cli.releasing import Site, site
from nuages.steps.site import Leftover


@click.command("destroy")
@site_options
@click.option("--yes", metavar="SITE", help="The site's name: confirms it without a question.")
@click.option("--no-final-backup", is_flag=True, help="Keep nothing of the database.")
@click.option("--delete-files", is_flag=True, help="What people have uploaded goes too.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and destroy nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what went and what stays as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    yes: str | None,
    no_final_backup: bool,
    delete_files: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the site down: everything that Terraform has made for it.

    What goes is told first, and the site's name has to be typed. A last backup of the database
    outlives its server, and uploads stay in their bucket. What stays is named at the end.

    \b
    Examples:
      nuages destroy --dry-run
      nuages destroy -e staging --yes mysite-staging --no-final-backup
    """
    from nuages.deploy.tools import new_terraform
    from nuages.effects import signals

    hand = Hand(
        site(path, directory, settings, environment, project), Progress(stderr, quiet=as_json)
    )
    release = hand.site.release(f"end-{moment()}", terraform=new_terraform())
    plan = hand.operator.perform(hand.operations.doomed(release, files=delete_files))
    if not as_json:
        nouns = hand.site.target.nouns()
        _show(plan, nouns, backup=not no_final_backup, files=delete_files)
    if dry_run or not plan.changes:
        _tell(plan, (), dry_run, as_json)
        return
    word = _word(hand.site)
    demand_word(f"All of this will be destroyed: {word}.", word, yes, "--yes")
    task = hand.operations.destroyed(release, backup=not no_final_backup, files=delete_files)
    with signals.interrupting(), hand.operator.alone(release.id):
        remains = hand.operator.perform(task)
        hand.operator.forget()
    _tell(plan, remains, dry_run, as_json)


def _word(found: Site) -> str:
    """The site's name, and its environment unless that is production."""
    deployment = found.deployment
    production = deployment.environment == "production"
    return deployment.name if production else f"{deployment.name}-{deployment.environment}"


def _show(plan: Plan, nouns: Nouns, *, backup: bool, files: bool) -> None:
    """What has data in it by itself and loudly; of the rest, what is of one kind is counted."""
    from nuages.cli.planned import destruction, subjects

    changes = [unprotected(change) for change in plan.changes]
    loud = [change for change in changes if lost(change, nouns)]
    rest = [change for change in changes if not lost(change, nouns)]
    for line in (*destruction(loud, nouns), *subjects(rest, nouns)):
        stdout.print(line)
    stdout.print(f"\n[bold]{escape(words.summary(plan))}[/]")
    if backup and plan.changes:
        stdout.print("A last backup of the database is made before, and kept.")
    if not files and plan.changes:
        stdout.print("What people have uploaded stays in its bucket.")


def unprotected(change: Change) -> Change:
    """As it will be: protection is lifted before anything is destroyed."""
    lifted = {"deletion_protection": False, "force_destroy": True}
    off = {name: value for name, value in lifted.items() if name in change.before}
    return dataclasses.replace(change, before={**change.before, **off})


def _tell(plan: Plan, remains: Sequence[Leftover], dry_run: bool, as_json: bool) -> None:
    gone = [change.address for change in plan.changes]
    if as_json:
        print_json({"dry_run": dry_run, "destroyed": gone, "remains": plain(remains)})
    elif dry_run:
        stdout.print("Nothing was destroyed: that was a dry run.")
    elif not gone:
        stdout.print("There is nothing to destroy.")
    else:
        stdout.print(f"[green]Destroyed[/]: {len(gone)}. These stay:")
        rows = table("", "", "", header=False)
        for each in remains:
            rows.add_row(each.kind, escape(each.name), escape(each.why))
        stdout.print(rows)
