"""``nuages db shell`` and ``nuages db proxy``"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import Any

import click
from rich.markup import escape

from nuages.cli.operating import Hand, placed
from nuages.cli.output import print_json, stderr
from nuages.cli.releasing import site
from nuages.effects import network, shell, terminal
from nuages.effects.shell import Call
from nuages.errors import StepFailed, ToolMissing, UsageError
from nuages.steps import clients
from nuages.steps.site import Access


def demand_way(access: Access, port: int) -> None:
    """Raises StepFailed where this machine has no way to the database."""
    if not network.reaches(access.host, port):
        raise StepFailed(
            f"{access.host}:{port} is a private address, and nothing answers there from here",
            hint=access.ways,
            reason="no-way",
        )


@click.command("shell", context_settings={"ignore_unknown_options": True})
@placed
@click.option("--admin", is_flag=True, help="As the administrator, who may do everything.")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def db_shell(words: tuple[str, ...], admin: bool, **where: Any) -> int:
    """Open the database in its own client, psql or mysql, as the site's role.

    The password goes to the client through its environment. WORDS behind -- are the client's
    own; SQL is read from standard input where that is no terminal. This machine needs a way to
    the database's private address.

    \b
    Examples:
      nuages db shell
      nuages db shell -- --command "select count(*) from auth_user"
    """
    hand = Hand(site(**where))
    hand.operator.demand_release()
    access = hand.operator.perform(hand.operations.access(admin=admin))
    program = _program(access)
    demand_way(access, access.port)
    maria = access.engine == "mysql" and "MariaDB" in shell.run(Call((program, "--version"))).text
    argv = clients.client(access, access.host, access.port, mariadb=maria)
    given = clients.environment(access, hand.site.client.secret(access.secret))
    return terminal.attached(Call((*argv, *words), {**os.environ, **given}))


def _program(access: Access) -> str:
    program = clients.PROGRAMS[access.engine]
    if shell.which(program) is None:
        raise ToolMissing(
            f"`{program}` is not installed here",
            hint="It is the database's own client: install it with your system's packages.",
            reason="no-client",
        )
    return program


@click.command("proxy")
@placed
@click.option("--port", type=click.IntRange(0, 65535), help="Here. Default: the database's own.")
@click.option("--json", "as_json", is_flag=True, help="Print where it listens as JSON.")
def db_proxy(port: int | None, as_json: bool, **where: Any) -> int:
    """Lead a port of this machine to the database, until Ctrl-C.

    The cloud's own proxy does it where it is installed; else the connection is led on as it is,
    and the client's TLS goes to the database itself. This machine needs a way to the database's
    private address: neither makes one.

    \b
    Example:
      nuages db proxy --port 15432
    """
    hand = Hand(site(**where))
    hand.operator.demand_release()
    access = hand.operator.perform(hand.operations.access(admin=False))
    chosen = access.port if port is None else port
    if shell.which(access.tunnel[0]):
        demand_way(access, access.tunnel_port)
        chosen = chosen or network.any_port()
        _told(access, chosen, as_json, access.tunnel[0])
        return terminal.attached(Call(tuple(word.format(port=chosen) for word in access.tunnel)))
    demand_way(access, access.port)
    _forward(access, chosen, as_json)
    return 0


def _forward(access: Access, port: int, as_json: bool) -> None:
    from nuages.effects.forwarding import forwarded
    from nuages.effects.signals import interrupting

    with ExitStack() as stack:
        stack.enter_context(interrupting())
        try:
            mine = stack.enter_context(forwarded(port, access.host, access.port))
        except OSError as error:
            raise UsageError(
                f"Port {port} cannot be had here: {error.strerror}",
                hint="Choose another with --port; 0 is any that is free.",
                reason="port-taken",
            ) from error
        _told(access, mine, as_json, "")
        terminal.wait_for_end()


def _told(access: Access, port: int, as_json: bool, by: str) -> None:
    if as_json:
        print_json({"host": network.LOOPBACK, "port": port, "name": access.name, "by": by})
        sys.stdout.flush()
        return
    to = escape(f"{access.name} at {access.host}:{access.port}")
    stderr.print(f"{network.LOOPBACK}:{port} leads to {to}. Ctrl-C ends it.")
