"""What the verbs about a released site share: who carries them out, ages, questions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from nuages.cli.options import account_option, environment_option
from nuages.cli.output import stderr
from nuages.cli.progress import Progress
from nuages.cli.releasing import Site
from nuages.deploy.execute import Executor, Listener
from nuages.deploy.operator import Operator
from nuages.effects import clock
from nuages.errors import InputNeeded
from nuages.steps.release import Release
from nuages.targets.operations import Operations


@dataclass(frozen=True)
class Hand:
    """A site, and who does with it what the verbs say."""

    site: Site
    listener: Listener = field(default_factory=lambda: Progress(stderr, quiet=True))
    given: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def operations(self) -> Operations:
        return self.site.target.operations(self.site.deployment, self.site.account)

    @cached_property
    def operator(self) -> Operator:
        root = self.site.reading.root.resolve()
        logs = root / ".nuages" / "logs"
        environment = dict(os.environ)
        executor = Executor(
            root, self.site.client, self.listener, environment, logs, given=self.given
        )
        release = Release("", self.site.account)
        return Operator(executor, *self.site.target.place(self.site.deployment, release))


def placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --path, --directory, --settings, --environment, --project, for a verb with words."""
    for option in (
        click.option("--settings", metavar="MODULE", help="Settings module used in production."),
        click.option(
            "--directory", metavar="DIR", help="Folder of manage.py, if there are several."
        ),
        click.option(
            "-C",
            "--path",
            default=".",
            type=click.Path(path_type=Path),
            help="The project's folder.",
        ),
    ):
        command = option(command)
    return environment_option(account_option(command))


def attended() -> bool:
    """Whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def demand_word(question: str, word: str, given: str | None, option: str) -> None:
    """Go on only where ``word`` was typed; raises InputNeeded where nobody can be asked."""
    if given is None and not attended():
        raise InputNeeded(
            f"{question} Nobody can be asked here.",
            hint=f"Confirm it with {option} {word}.",
            reason="not-confirmed",
        )
    typed = given
    if typed is None:
        typed = click.prompt(f"{question}\nType {word} to go on", default="", err=True)
    if typed != word:
        raise InputNeeded(f"{typed!r} is not {word!r}: nothing was done", reason="not-confirmed")


def age(moment: str) -> str:
    """``5m``, ``3h``, ``12d`` before now; empty for no moment."""
    if not moment:
        return ""
    seconds = (clock.now() - datetime.fromisoformat(moment)).total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit}"
    return f"{max(seconds, 0):.0f}s"


def moment() -> str:
    """The present one, as it ends the names of things: ``261121-193012``."""
    return clock.now().strftime("%y%m%d-%H%M%S")
