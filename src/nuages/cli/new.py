"""``nuages new``"""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from nuages.cli.output import print_json, stdout
from nuages.effects import shell
from nuages.effects.signals import interrupting
from nuages.errors import ToolMissing
from nuages.starter.create import Created, create


@click.command("new")
@click.argument("name")
@click.option("--path", type=click.Path(path_type=Path), help="The folder; default: NAME, here.")
@click.option("--git", is_flag=True, help="Make it a git repository, too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def command(name: str, path: Path | None, git: bool, as_json: bool) -> None:
    """Make a new Django project that runs, tests and deploys with nothing to fill in.

    Ordinary Django, all yours: accounts with e-mail as the login, a REST API, settings from the
    environment. A secret key is made up and put into .env, which git ignores.

    \b
    Examples:
      nuages new mysite
      nuages new mysite --path work/mysite --git
    """
    folder = path or Path(name)
    if git and shell.which("git") is None:
        raise ToolMissing("git is not on PATH", hint="Install it, or leave out --git.")
    with interrupting():
        created = create(name, folder)
    if git:
        started = shell.run(shell.Call(("git", "init", "--quiet"), directory=folder))
        shell.demand(started, "Make a git repository")
    if as_json:
        print_json(created)
    else:
        _tell(name, created)


def _tell(name: str, created: Created) -> None:
    stdout.print(f"[green]✓[/] {escape(name)}: {len(created.files)} files. Next:\n")
    if created.root.resolve() != Path.cwd():
        stdout.print(f"  cd {escape(str(created.root))}")
    stdout.print("  make dev       # http://localhost:8000, with SQLite; uv brings all it needs")
    stdout.print("  nuages up      # the same in production mode, proved")
