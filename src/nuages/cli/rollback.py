"""``nuages rollback``"""

from __future__ import annotations

from pathlib import Path

import click

from nuages.cli.options import site_options
from nuages.cli.releasing import site


@click.command("rollback")
@site_options
@click.option("--to", metavar="RELEASE", help="Default: the release that served before.")
@click.option("--force", is_flag=True, help="Although migrations since make it unsafe.")
@click.option("--verbose", is_flag=True, help="Show what every step prints.")
@click.option("--json", "as_json", is_flag=True, help="Print what serves now as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    to: str | None,
    force: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Send everybody back to an earlier release, whose revision is still there.

    Nothing is built and no migration is taken back: where migrations since have removed what the
    older code reads, rollback says so and does nothing.

    \b
    Examples:
      nuages rollback
      nuages rollback --to r261121-193012
    """
    from nuages.cli import released
    from nuages.deploy.rollback import Rollback

    found = site(path, directory, settings, environment, project)
    deployment = found.workspace.deployment
    release = released.begun(found)
    executor = released.executor(found, quiet=as_json, verbose=verbose)
    entry = Rollback(found.target, deployment, release, executor, released.notice, to, force).run()
    released.tell(entry, f"[green]Serving[/] {entry.id} again", as_json=as_json)
