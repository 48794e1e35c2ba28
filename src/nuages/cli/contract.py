"""``nuages contract``"""

from __future__ import annotations

from pathlib import Path

import click

from nuages.cli.options import project_options
from nuages.cli.output import print_json, stdout, table
from nuages.cli.reading import Reading
from nuages.project.facts import Variable


@click.command("contract")
@project_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(path: Path, directory: str | None, settings: str | None, as_json: bool) -> None:
    """List every environment variable that the project reads, and where.

    A required variable without a value is an error before a deploy, not a KeyError after it.

    \b
    Examples:
      nuages contract
      nuages contract backend --json
    """
    project = Reading(path, directory, settings).project
    if as_json:
        found = {"variables": project.contract, "elsewhere": project.elsewhere}
        print_json({"settings": project.settings.module, **found})
        return
    rows = table("VARIABLE", "NEEDED", "DEFAULT", "CAST", "READ AT")
    everything = (*project.contract, *project.elsewhere)
    for variable in sorted(everything, key=lambda v: (not v.required, v.name)):
        rows.add_row(variable.name, _need(variable), _default(variable), *_reading(variable))
    stdout.print(rows)
    needed = sum(variable.required for variable in everything)
    beside = f" and {len(project.elsewhere)} beside it" if project.elsewhere else ""
    stdout.print(
        f"\n{len(everything)} variables, {needed} required, read by "
        f"{project.settings.module}{beside}"
    )


def _need(variable: Variable) -> str:
    words = ["required" if variable.required else "optional"]
    if variable.build_time:
        words.append("build")
    if variable.secret:
        words.append("secret")
    return ", ".join(words)


def _default(variable: Variable) -> str:
    if variable.default is None:
        return "-"
    return "(in code)" if variable.secret and variable.default else repr(variable.default)


def _reading(variable: Variable) -> tuple[str, str]:
    places = ", ".join(str(place) for place in variable.reads[:2])
    more = f" (+{len(variable.reads) - 2})" if len(variable.reads) > 2 else ""
    return variable.cast or "text", places + more
