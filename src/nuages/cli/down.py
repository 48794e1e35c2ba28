"""``nuages down``"""

from __future__ import annotations

from pathlib import Path

import click

from nuages.cli.output import stdout
from nuages.errors import UsageError
from nuages.local.engines import ENGINES


@click.command("down")
@click.argument("path", default=".", type=click.Path(path_type=Path))
def command(path: Path) -> None:
    """Stop what `nuages up --detach` started, and whatever a killed `up` left behind.

    \b
    Example:
      nuages down
    """
    if not path.is_dir():
        raise UsageError(f"{path} is not a folder.", hint="Name the project's folder.")
    stopped = [name for engine in ENGINES.values() for name in engine().stop(path.resolve())]
    for name in stopped:
        stdout.print(f"stopped {name}")
    if not stopped:
        stdout.print("Nothing of this project is running.")
