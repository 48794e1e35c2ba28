"""``nuages plan``"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import click

from nuages.changes.nouns import Nouns
from nuages.cli.options import site_options
from nuages.cli.prepared import Options, prepared
from nuages.deploy.forecast import Forecaster, Listener, Silence
from nuages.deploy.tools import terraform
from nuages.errors import Drift


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
    threading.Thread(target=_bring, args=(about.provider,), daemon=True).start()
    forecaster = Forecaster(
        program, about.draft, about.configuration, os.environ, _listener(quiet=as_json)
    )
    found = forecaster.run()
    from nuages.cli import planned
    from nuages.cli.output import print_json

    nouns = _bring(about.provider)
    if as_json:
        print_json(planned.document(found, about, nouns))
    else:
        planned.show(found, about, nouns)
    return Drift.exit_code if exit_code and found.plan.changed else 0


def _bring(provider: str) -> Nouns:
    """Import what a plan is told with; return the words of a target."""
    from nuages.cli import planned
    from nuages.targets.target import target

    chosen = target(provider)
    return chosen.nouns() if planned and chosen else {}


def _listener(*, quiet: bool) -> Listener:
    """Steps are shown to somebody who waits at a terminal; to nobody else is it worth the time."""
    if quiet or not sys.stderr.isatty():
        return Silence()
    from nuages.cli.output import stderr
    from nuages.cli.progress import Progress

    return Progress(stderr)
