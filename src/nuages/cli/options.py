"""Options that several verbs have; imported with a verb, so that it imports little."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add PATH, --directory and --settings: which project is meant."""
    for option in (
        click.argument("path", default=".", type=click.Path(path_type=Path)),
        click.option(
            "--directory", metavar="DIR", help="Folder of manage.py, if there are several."
        ),
        click.option("--settings", metavar="MODULE", help="Settings module to use in production."),
    ):
        command = option(command)
    return command


def environment_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --environment: which overlay of nuages.yaml applies."""
    return click.option(
        "-e",
        "--environment",
        default="production",
        show_default=True,
        help="An environment of nuages.yaml.",
    )(command)


def account_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --project: the cloud's own project or account."""
    return click.option(
        "--project",
        metavar="ID",
        help="The cloud's project. Default: what nuages.yaml or its tools say.",
    )(command)


def site_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """PATH, --directory, --settings, --environment and --project."""
    return project_options(environment_option(account_option(command)))
