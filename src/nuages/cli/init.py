"""``nuages init``"""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from nuages.artifacts.nuages_yaml import first_config
from nuages.cli.options import project_options
from nuages.cli.output import print_json, stdout
from nuages.cli.reading import Reading
from nuages.effects.files import write
from nuages.project.explanation import explain
from nuages.project.facts import Project


@click.command("init")
@project_options
@click.option("--dry-run", is_flag=True, help="Say what was found; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole reading as JSON.")
def command(
    path: Path, directory: str | None, settings: str | None, dry_run: bool, as_json: bool
) -> None:
    """Read a Django project, say what was found and why, write nuages.yaml.

    The project is read, never imported. An existing nuages.yaml is left alone, and --json and
    --dry-run write nothing.

    \b
    Examples:
      nuages init
      nuages init backend --dry-run
      nuages init --json | jq .settings_module.value
    """
    reading = Reading(path, directory, settings)
    project = reading.project
    if as_json:
        print_json(project)
        return
    describe(project)
    if not dry_run:
        stdout.print(f"\n{_write(reading, project)}")


def describe(project: Project) -> None:
    """Print each answer with the place it was read at."""
    for row in explain(project):
        stdout.print(f"{escape(row.topic):<18}[bold]{escape(row.answer)}[/]")
        for place in row.evidence[:2]:
            stdout.print(f"{'':18}[dim]{escape(place)}[/]")
    for problem in project.problems:
        stdout.print(f"[yellow]note[/] {problem.location}: {escape(problem.message)}")


def _write(reading: Reading, project: Project) -> str:
    if reading.config_path is not None:
        return f"{reading.config_path.name} is there already and was left alone."
    write(reading.root / "nuages.yaml", first_config(project))
    return "Wrote nuages.yaml. Next: `nuages up` runs it here, `nuages render` writes its files."
