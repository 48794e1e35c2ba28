"""``nuages shell``"""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from nuages.cli.db_access import demand_way
from nuages.cli.operating import Hand, placed
from nuages.cli.output import stderr
from nuages.cli.progress import Progress
from nuages.cli.releasing import site
from nuages.effects import files, shell, terminal
from nuages.effects.shell import Call
from nuages.errors import ToolMissing
from nuages.steps import docker
from nuages.steps.site import Surroundings


@click.command("shell", context_settings={"ignore_unknown_options": True})
@placed
@click.argument("argv", nargs=-1, type=click.UNPROCESSED)
def command(argv: tuple[str, ...], **where: Any) -> int:
    """Open Django's shell in the released image, here, on the site's database.

    A job of the cloud has no keyboard, so that the image runs on this machine: with the site's
    variables, and its secrets in the process's environment only. This machine needs a Docker
    engine and a way to the database's private address. ARGV behind -- is run instead of the
    shell.

    \b
    Examples:
      nuages shell
      nuages shell -- manage.py dbshell
    """
    from nuages.cli.run import words

    if shell.which("docker") is None:
        raise ToolMissing(
            "`docker` is not installed here, which runs the site's image",
            hint="Install Docker; or run what you want to know in the cloud: "
            "nuages run -- manage.py shell -c CODE",
            reason="no-docker",
        )
    hand = Hand(site(**where), Progress(stderr))
    hand.operator.demand_release()
    if hand.operator.known.get("infrastructure", "database"):
        access = hand.operator.perform(hand.operations.access(admin=False))
        demand_way(access, access.port)
    files.folder(files.private_folder(hand.site.reading.root.resolve()) / "logs")
    around = hand.operator.perform(hand.operations.surroundings())
    return _run(hand, around, words(argv or ("manage.py", "shell")))


def _run(hand: Hand, around: Surroundings, argv: tuple[str, ...]) -> int:
    secrets = {name: hand.site.client.secret(id) for name, id in around.secrets.items()}
    values = {**around.plain, **secrets}
    started = docker.run(around.image, argv, variables=sorted(values), terminal=sys.stdin.isatty())
    return terminal.attached(Call(started, {**os.environ, **values}))
