"""``nuages render``"""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.syntax import Syntax

from nuages.artifacts import Artifact
from nuages.artifacts.container import container_artifacts, development_artifacts
from nuages.cli.options import environment_option, project_options
from nuages.cli.output import print_json, stdout
from nuages.cli.reading import Reading
from nuages.config.pipeline import Kind
from nuages.config.schema.manifest import PIPELINES
from nuages.effects.generated import Difference, Written, differences, write_artifacts
from nuages.errors import Drift, UsageError
from nuages.targets.pipelines import pipelines
from nuages.targets.target import target


@click.command("render")
@project_options
@environment_option
@click.option("--check", is_flag=True, help="Write nothing; fail when a file has drifted.")
@click.option(
    "--ci",
    multiple=True,
    type=click.Choice(PIPELINES),
    help="Write this pipeline, too. Several can be given; nuages.yaml has `ci` for it.",
)
@click.option("--dev", is_flag=True, help="Write the files for development with compose, too.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand.")
@click.option("--keep", is_flag=True, help="Leave files of your own as they are; write the rest.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    check: bool,
    ci: tuple[Kind, ...],
    dev: bool,
    force: bool,
    keep: bool,
    as_json: bool,
) -> None:
    """Write the Dockerfile, compose.yaml, nginx.conf, cloud settings and the infrastructure.

    Plain files, yours to own. One that was edited by hand is never overwritten: render says so
    and shows the difference.

    \b
    Examples:
      nuages render
      nuages render --check
      nuages render --keep
      nuages render --dev
      nuages render --ci github-actions
    """
    if force and keep:
        raise UsageError("--force and --keep exclude each other.", hint="Give one of them.")
    reading = Reading(path, directory, settings, environment)
    deployment = reading.deployment()
    artifacts = container_artifacts(deployment)
    goal = target(deployment.provider)
    if goal is not None:
        artifacts += goal.artifacts(deployment)
    artifacts += pipelines(deployment, reading.pipeline(ci))
    if dev:
        artifacts += development_artifacts(deployment, reading.project.development)
    if check:
        _check(reading.root, artifacts, as_json=as_json)
    else:
        done = write_artifacts(reading.root, artifacts, force=force, keep=keep)
        print_json(done) if as_json else _tell(done)


def _check(root: Path, artifacts: tuple[Artifact, ...], *, as_json: bool) -> None:
    drifted = [d for d in differences(root, artifacts) if d.drifted]
    if as_json:
        print_json({"drifted": drifted})
    for difference in [] if as_json else drifted:
        stdout.print(f"[yellow]{difference.state}[/] {escape(difference.path)}")
        _show(difference)
    if drifted:
        names = ", ".join(difference.path for difference in drifted)
        raise Drift(f"Not as they would be written now: {names}", hint="Run `nuages render`.")
    if not as_json:
        stdout.print(f"{len(artifacts)} files are as they would be written now.")


def _tell(done: Written) -> None:
    for path in done.written:
        stdout.print(f"[green]wrote[/]     {escape(path)}")
    for path in done.unchanged:
        stdout.print(f"[dim]unchanged {escape(path)}[/]")
    for difference in done.kept:
        stdout.print(f"[yellow]kept[/]      {escape(difference.path)}, yours")
        _show(difference)


def _show(difference: Difference) -> None:
    if difference.diff:
        stdout.print(Syntax(difference.diff, "diff", theme="ansi_dark", background_color="default"))
