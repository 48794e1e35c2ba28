"""``nuages deploy``"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape
from rich.text import Text

from nuages.cli import unchanged
from nuages.cli.options import site_options
from nuages.cli.output import plain, stdout
from nuages.cli.releasing import Site, site
from nuages.deploy import tools
from nuages.steps.release import Builder

if TYPE_CHECKING:
    from nuages.deploy.dry_run import PlannedStage


def _shares(_: click.Context, __: click.Parameter, written: str | None) -> tuple[int, ...]:
    """``10,50,100`` as numbers, each larger than the one before."""
    if not written:
        return ()
    try:
        found = tuple(int(word.strip(" %")) for word in written.split(","))
    except ValueError:
        found = ()
    if not found or list(found) != sorted(set(found)) or not 0 < found[0] <= found[-1] <= 100:
        raise click.BadParameter(f"{written!r} is no rising list of per cents such as 10,50,100")
    return found


@click.command("deploy")
@site_options
@click.option("--dry-run", is_flag=True, help="Print every step, and do none.")
@click.option(
    "--canary", callback=_shares, metavar="10,50,100", help="Shares of the traffic, step by step."
)
@click.option("--bake", default=60, show_default=True, help="Seconds between two such shares.")
@click.option("--page", default="/", show_default=True, help="The page that must answer.")
@click.option(
    "--builder",
    type=click.Choice(["auto", "local", "cloud"]),
    default="auto",
    show_default=True,
    help="Who builds the image: this machine's Docker engine, or the cloud.",
)
@click.option(
    "--patience",
    default=60,
    show_default=True,
    help="Seconds for the new revision to answer as it must.",
)
@click.option("--no-check", is_flag=True, help="Deploy what `nuages check` finds errors in.")
@click.option("--infrastructure", is_flag=True, help="Apply it although nothing was changed in it.")
@click.option("--allow-loss", is_flag=True, help="Although the infrastructure loses data by it.")
@click.option("--verbose", is_flag=True, help="Show what every step prints.")
@click.option("--json", "as_json", is_flag=True, help="Print what was released as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    project: str | None,
    dry_run: bool,
    canary: tuple[int, ...],
    bake: int,
    page: str,
    builder: str,
    patience: int,
    no_check: bool,
    infrastructure: bool,
    allow_loss: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Release the project to the cloud that nuages.yaml names.

    Build and push the image, make the infrastructure, migrate once, make a new revision that
    nobody is sent to, ask it, and only then send people there. What fails on the way leaves
    what serves now as it is. A release that died is gone on with by the next `nuages deploy`.

    \b
    Examples:
      nuages deploy
      nuages deploy --dry-run
      nuages deploy -e staging --canary 10,50,100
    """
    found = site(path, directory, settings, environment, project)
    extra = {"canary": canary, "bake": bake, "page": page, "patience": patience}
    extra |= {"reapply": infrastructure, "allow_loss": allow_loss}
    extra["terraform"] = _tool_or_name() if dry_run else tools.new_terraform()
    extra["builder"] = _builder(builder, dry_run=dry_run, as_json=as_json)
    if not no_check:
        _check(found)
    if dry_run:
        _dry_run(found, extra, as_json=as_json)
    else:
        _deploy(found, extra, verbose=verbose, as_json=as_json)


def _check(found: Site) -> None:
    """Raises CheckFailed for what `nuages check` calls an error."""
    from nuages.cli.check import demand

    demand(found.reading)


def _builder(wanted: str, *, dry_run: bool, as_json: bool) -> Builder:
    """Who builds; raises ToolMissing where an engine was asked for by name, and none answers."""
    lack = None if wanted == "cloud" else tools.no_engine()
    if lack is not None and wanted == "local" and not dry_run:
        raise lack
    if lack is not None and wanted == "auto":
        _told(f"{lack.message}: the image is built by the cloud", as_json)
    return "cloud" if wanted == "cloud" or (lack and wanted == "auto") else "local"


def _dry_run(found: Site, extra: dict[str, Any], *, as_json: bool) -> None:
    """Print the steps; to no terminal what is printed is remembered until something changes.

    Not where no engine answers just now: one may the next time, and no file tells of it. Where
    one does, what is remembered holds for as long as it does.
    """
    from nuages.deploy.dry_run import planned

    before = unchanged.state(str(found.reading.root))
    release = found.release("‹release›", **extra)
    stages = planned(found.target, found.workspace.deployment, release)
    if as_json:
        said = json.dumps(plain({"stages": stages}), indent=2, ensure_ascii=False)
    else:
        said = "\n".join(_lines(stages))
    if stdout.is_terminal and not as_json:
        stdout.print(said)
        return
    text = said if as_json else Text.from_markup(said).plain
    context = click.get_current_context()
    argv = context.find_root().obj
    print(text)
    chosen = context.params["builder"] == "auto"
    engine = tools.engine() if chosen and release.builder == "local" else ""
    if argv and (engine or not chosen):
        unchanged.keep(argv, str(found.reading.root), before, text, engine)


def _lines(stages: Iterable[PlannedStage]) -> Iterator[str]:
    for stage in stages:
        yield f"[bold]{escape(stage.title)}[/]"
        for step in stage.steps:
            yield f"  {escape(step.label)}"
            yield from (f"    [dim]{escape(line)}[/]" for line in step.does.splitlines())


def _tool_or_name() -> str:
    """What is printed, be it installed or not."""
    from nuages.errors import ToolMissing

    try:
        return tools.terraform()
    except ToolMissing:
        return "terraform"


def _deploy(found: Site, extra: dict[str, Any], *, verbose: bool, as_json: bool) -> None:
    from nuages.cli import released
    from nuages.cli.check import production
    from nuages.deploy.deployer import Deployer, Order
    from nuages.deploy.migrations import migrations
    from nuages.deploy.workspace import fingerprint

    release = released.begun(found, **extra)
    work = found.workspace
    executor = released.executor(found, quiet=as_json, verbose=verbose)
    brought = migrations(production(found.reading))
    order = Order(work.deployment, release, fingerprint(work.root, work.deployment), brought)
    entry = Deployer(found.target, order, executor, lambda text: _told(text, as_json)).run()
    released.tell(entry, f"[green]Released[/] {entry.id}", as_json=as_json)


def _told(text: str, as_json: bool) -> None:
    from nuages.cli.released import notice

    if not as_json:
        notice(text)
