"""``nuages rollback``"""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.markup import escape

from nuages.cli.options import site_options
from nuages.cli.output import print_json, stderr, stdout
from nuages.cli.progress import Progress
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
    from nuages.deploy.execute import Executor
    from nuages.deploy.rollback import Rollback
    from nuages.effects import clock

    found = site(path, directory, settings, environment, project)
    work = found.workspace
    release = found.release(clock.now().strftime("r%y%m%d-%H%M%S"))
    progress = Progress(stderr, quiet=as_json, verbose=verbose)
    executor = Executor(work.root, found.client, progress, dict(os.environ), work.logs)
    entry = Rollback(
        found.target,
        work.deployment,
        release,
        executor,
        lambda text: stderr.print(f"  [yellow]![/] {escape(text)}"),
        to,
        force,
    ).run()
    address = entry.outputs.get("infrastructure", {}).get("url")
    if as_json:
        print_json({"release": entry.id, "url": address, "image": entry.outputs.get("image")})
    else:
        stdout.print(f"[green]Serving[/] {entry.id} again: {address}")
