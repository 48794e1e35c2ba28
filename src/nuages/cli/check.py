"""``nuages check``"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

import click
from rich.markup import escape

from nuages.checks import baseline as baselines
from nuages.checks.finding import SEVERITIES, at_least
from nuages.checks.inspection import Inspection
from nuages.checks.production import Production
from nuages.checks.rule import Rule
from nuages.checks.runner import Report, Selection, report
from nuages.cli import unchanged
from nuages.cli.options import environment_option, project_options
from nuages.cli.reading import Reading
from nuages.config.schema import Config
from nuages.config.schema.checks import ChecksSection
from nuages.errors import CheckFailed, UsageError
from nuages.project.tree import Tree

FORMATS = ("text", "json", "sarif", "github")


def _words(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@click.command("check")
@project_options
@environment_option
@click.option("--select", multiple=True, metavar="IDS", callback=_words, help="Only these rules.")
@click.option("--ignore", multiple=True, metavar="IDS", callback=_words, help="Not these rules.")
@click.option("--fail-level", type=click.Choice(SEVERITIES), help="Fail from this severity on.")
@click.option("--as-is", is_flag=True, help="Judge the settings without the cloud settings.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Report what it does not have.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write it; report none.")
@click.option("--deep", is_flag=True, help="Ask Django too, in the project's own environment.")
@click.option("--fix", is_flag=True, help="Mend what is safe to mend: shows it, asks, writes.")
@click.option("--yes", is_flag=True, help="With --fix: write without asking.")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--explain", metavar="ID", help="Print the page of a rule, and check nothing.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_level: str | None,
    as_is: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    deep: bool,
    fix: bool,
    yes: bool,
    style: str,
    as_json: bool,
    explain: str | None,
) -> int:
    """Find what would break, leak or cost in production, before anything is deployed.

    The project is read, never imported. A rule is named by its id or by its prefix.

    \b
    Examples:
      nuages check
      nuages check --select SEC,MIG --fail-level warning
      nuages check --explain SEC001
      nuages check --fix
      nuages check --format sarif > nuages.sarif
      nuages check --write-baseline nuages-baseline.json
    """
    if explain:
        _explain(explain)
        return 0
    style = "json" if as_json else style
    if fix and style != "text":
        raise UsageError("--fix shows what it changes as text.", hint="Leave --format out.")
    remembered = _remembered(style, plain=not (deep or fix or baseline or write_baseline))
    before = unchanged.state(str(path)) if remembered else ""
    reading = Reading(path, directory, settings, environment)
    asked = Asked(reading, select, ignore, as_is, baseline, deep and _inspection(reading, style))
    found = asked.report()
    if write_baseline:
        _write_baseline(write_baseline, found, asked.production)
        return 0
    if fix and _fixed(found, asked, yes=yes):
        asked = replace(asked, reading=replace(asked.reading))
        found = asked.report()
    level = fail_level or asked.fail_level
    failed = any(at_least(f.severity, level) for f in found.findings)  # type: ignore[arg-type]
    _tell(found, asked, style, failed=failed)
    if remembered and not (found.findings or asked.broken):
        _remember(remembered, found, asked, before)
    return CheckFailed.exit_code if failed else 0


def production(reading: Reading) -> Production:
    """What a folder would run in production."""
    return Asked(reading, (), (), as_is=False, baseline=None).production


def demand(reading: Reading) -> None:
    """Raises CheckFailed, with what `nuages check` would print, where it finds an error."""
    asked = Asked(reading, (), (), as_is=False, baseline=None)
    found = asked.report()
    grave = tuple(each for each in found.findings if at_least(each.severity, "error"))
    if grave:
        lines = (f"{each.location}: {each.rule.id} {each.message}" for each in grave)
        raise CheckFailed(
            "The project is not ready for production",
            hint="`nuages check` explains each of these; `--no-check` deploys all the same.",
            detail="\n".join(lines),
        )


@dataclass(frozen=True)
class Asked:
    """What is to be checked, as the command line and nuages.yaml say together."""

    reading: Reading
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    as_is: bool
    baseline: Path | None
    inspection: Inspection | Literal[False] = False
    broken: list[str] = field(default_factory=list)
    """The rules that failed."""

    @cached_property
    def production(self) -> Production:
        """What the folder would run in production."""
        reading = self.reading
        config = reading.config or Config.empty()
        edited = Tree.edited(reading.root)
        said = self.inspection or Inspection()
        return Production(reading.tree, reading.project, config, reading.environment, edited, said)

    @property
    def folder(self) -> str:
        """The project's folder in the current one, where a pipeline has its repository."""
        here, root = Path.cwd(), self.reading.root.resolve()
        inside = root != here and root.is_relative_to(here)
        return f"{root.relative_to(here).as_posix()}/" if inside else ""

    @property
    def _section(self) -> ChecksSection:
        said = self.production.config.manifest(self.reading.environment).checks
        return said or ChecksSection.model_construct()

    @property
    def fail_level(self) -> str:
        """From which severity on the check fails."""
        return self._section.fail_level or "error"

    def report(self) -> Report:
        """What is found, less what the baseline has."""
        chosen = Selection(self.select or self._section.select or (), self.ignore)
        found = report(self.production, chosen, as_is=self.as_is, broken=self._broken)
        return _without(self.baseline, found, self.production) if self.baseline else found

    def _broken(self, rule: Rule, error: Exception) -> None:
        from nuages.cli.failure import kept

        self.broken.append(rule.id)
        print(
            f"note: {rule.id} could not judge this project. This is a bug in Nuages, not a mistake "
            f"of yours. The details are in {kept(error)}; please attach that file to a report.",
            file=sys.stderr,
        )


def _remembered(style: str, *, plain: bool) -> list[str]:
    """The command line whose answer may be kept; empty where none is."""
    argv = click.get_current_context().find_root().obj
    return argv if argv and style == "text" and plain else []


def _remember(argv: list[str], found: Report, asked: Asked, before: str) -> None:
    from nuages.cli.findings import summary

    unchanged.keep(argv, str(asked.reading.root), before, summary(found))


def _inspection(reading: Reading, style: str) -> Inspection:
    import os

    from nuages.checks.inspection import inspection_of
    from nuages.cli.output import stderr
    from nuages.cli.progress import Progress
    from nuages.local.engine import Request
    from nuages.local.process.engine import ProcessEngine

    request = Request(
        root=reading.root.resolve(),
        project=reading.project,
        deployment=reading.deployment(private=True),
        listener=Progress(stderr, quiet=style != "text", verbose=False),
        environment=dict(os.environ),
        tls=True,  # else the settings would be told that nobody uses https
    )
    said = inspection_of(ProcessEngine().inspect(request))
    for problem in said.problems:
        stderr.print(f"[yellow]note[/] could not be asked: {escape(problem)}")
    return said


def _fixed(found: Report, asked: Asked, *, yes: bool) -> bool:
    from nuages.cli.fixes import fix

    return fix(found.findings, asked.production, asked.reading.root, yes=yes)


def _tell(found: Report, asked: Asked, style: str, *, failed: bool) -> None:
    from nuages.cli.output import print_json

    production = asked.production

    if style == "json":
        from nuages.checks.formats.document import document

        print_json(document(found, failed=failed))
    elif style == "sarif":
        from nuages.checks.formats.sarif import sarif

        print_json(sarif(found, production, asked.folder))
    elif style == "github":
        from nuages.checks.formats.github import commands

        for line in commands(found.findings, asked.folder):
            print(line)
    else:
        from nuages.cli.findings import show

        show(found, production)


def _explain(rule_id: str) -> None:
    from nuages.checks.catalogue import rules
    from nuages.checks.explanation import page
    from nuages.cli.output import stdout
    from nuages.config.problems import did_you_mean

    known = {rule.id: rule for rule in rules()}
    rule = known.get(rule_id.upper())
    if rule is None:
        hint = did_you_mean(rule_id.upper(), known) or f"Known: {', '.join(known)}"
        raise UsageError(f"There is no rule {rule_id!r}.", hint=hint)
    if not stdout.is_terminal:
        print(page(rule), end="")
        return
    from rich.markdown import Markdown

    stdout.print(Markdown(page(rule)))


def _without(path: Path, found: Report, production: Production) -> Report:
    if not path.is_file():
        raise UsageError(f"There is no baseline {path}.", hint="--write-baseline writes it.")
    known = baselines.read(path.read_text("utf-8"), str(path))
    new, old = known.split(found.findings, production)
    return replace(found, findings=new, known=old)


def _write_baseline(path: Path, found: Report, production: Production) -> None:
    from nuages.cli.output import stdout
    from nuages.effects.files import write

    write(path, baselines.written(found.findings, production) + "\n")
    stdout.print(f"Wrote {path}: {len(found.findings)} findings. `--baseline {path}` hides them.")
