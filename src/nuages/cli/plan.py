"""``nuages plan``"""

from __future__ import annotations

import os
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nuages.cli.options import site_options
from nuages.cli.prepared import Options, prepared
from nuages.deploy.forecast import Forecaster
from nuages.deploy.tools import terraform
from nuages.errors import Drift

if TYPE_CHECKING:
    from nuages.cli.progress import Progress


@click.command("plan")
@site_options
@click.option("--exit-code", is_flag=True, help="End with status 6 where anything would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    exit_code: bool,
    as_json: bool,
) -> int:
    """Say what a deployment would make, change and destroy, before it does.

    Terraform (or OpenTofu) plans the infrastructure as `render` would write it, hand edits
    included; what it finds is told in plain words, what would be destroyed first. Nothing is
    changed, and nothing is written outside .nuages.

    \b
    Examples:
      nuages plan
      nuages plan --environment staging
      nuages plan --json
    """
    program = terraform()
    about = prepared(Options(path, directory, settings, environment, project))
    # What shows the plan is brought while Terraform works.
    threading.Thread(target=import_module, args=("nuages.cli.planned",), daemon=True).start()
    forecaster = Forecaster(
        program, about.draft, about.configuration, os.environ, _listener(quiet=as_json)
    )
    found = forecaster.run()
    from nuages.cli import planned
    from nuages.cli.output import print_json
    from nuages.targets.target import target

    chosen = target(about.provider)
    nouns = chosen.nouns() if chosen else {}
    if as_json:
        print_json(planned.document(found, about, nouns))
    else:
        planned.show(found, about, nouns)
    return Drift.exit_code if exit_code and found.plan.changed else 0


def _listener(*, quiet: bool) -> Progress:
    from nuages.cli.output import stderr
    from nuages.cli.progress import Progress

    return Progress(stderr, quiet=quiet)
