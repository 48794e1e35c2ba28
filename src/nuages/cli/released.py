"""What `deploy` and `rollback` share: a release with an id, who carries it out, what came of it."""

from __future__ import annotations

import os
from typing import Any

from rich.markup import escape

from nuages.cli.output import print_json, stderr, stdout
from nuages.cli.progress import Progress
from nuages.cli.releasing import Site
from nuages.deploy.execute import Executor
from nuages.deploy.journal import Entry
from nuages.effects import clock
from nuages.steps.release import Release


def begun(site: Site, **extra: Any) -> Release:
    """A release of what the site is now, called by the moment."""
    return site.release(clock.now().strftime("r%y%m%d-%H%M%S"), **extra)


def executor(site: Site, *, quiet: bool, verbose: bool) -> Executor:
    """Who does the steps, and shows them."""
    progress = Progress(stderr, quiet=quiet, verbose=verbose)
    work = site.workspace
    return Executor(work.root, site.client, progress, dict(os.environ), work.logs)


def notice(text: str) -> None:
    """Something to know beyond the steps."""
    stderr.print(f"  [yellow]![/] {escape(text)}")


def tell(entry: Entry, words: str, *, as_json: bool) -> None:
    """What serves now, and where."""
    address = entry.outputs.get("infrastructure", {}).get("url")
    if as_json:
        print_json({"release": entry.id, "url": address, "image": entry.outputs.get("image")})
    else:
        stdout.print(f"{words}: {address}")
