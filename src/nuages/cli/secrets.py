"""``nuages secrets``"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from nuages.cli.operating import Hand, age, attended, moment, placed
from nuages.cli.output import plain, print_json, stderr, stdout, table
from nuages.cli.progress import Progress
from nuages.cli.releasing import site
from nuages.errors import InputNeeded, UsageError
from nuages.steps.site import GivenSecret, SecretState


@click.group("secrets")
def command() -> None:
    """List, give and renew what is kept secret. A value is never shown.

    \b
    Examples:
      nuages secrets list
      nuages secrets set STRIPE_SECRET_KEY < key.txt
      nuages secrets set --from .env
      nuages secrets rotate DJANGO_SECRET_KEY
    """


@command.command("list")
@placed
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(as_json: bool, **where: Any) -> None:
    """List the secrets: which variable, whether it has a value, who reads it.

    \b
    Example:
      nuages secrets list
    """
    hand = Hand(site(**where))
    found = hand.operator.perform(hand.operations.secrets())
    if as_json:
        print_json({"secrets": [_listed(each) for each in found]})
    else:
        _show(found)


def _listed(secret: SecretState) -> dict[str, Any]:
    return {**plain(secret), "has_value": bool(secret.version)}


def _show(found: Sequence[SecretState]) -> None:
    rows = table("VARIABLE", "VALUE", "VERSION", "AGE", "READ BY")
    for each in found:
        value = "[green]yes[/]" if each.version else "[red]no[/]"
        made_up = " (made up)" if each.generated and each.version else ""
        readers = escape(", ".join(each.readers))
        rows.add_row(escape(each.name), value + made_up, each.version, age(each.at), readers)
    stdout.print(rows)
    missing = [each.name for each in found if not each.version and not each.generated]
    if missing:
        stdout.print(f"No value yet: {escape(', '.join(missing))}. `nuages secrets set NAME`")


@command.command("set")
@click.argument("name", required=False)
@placed
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="Take them from a file of NAME=value."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was given as JSON.")
def set_(name: str | None, source: Path | None, as_json: bool, **where: Any) -> None:
    """Give a secret its value: from standard input, a hidden prompt or a file.

    From a file only variables are taken that are secrets of this deployment and whose values
    cannot be made up; name the variable to take one that can. The value before stays readable,
    older ones are disabled.

    \b
    Examples:
      nuages secrets set STRIPE_SECRET_KEY < key.txt
      nuages secrets set --from .env
    """
    place = site(**where)
    known = place.target.operations(place.deployment, place.account).secret_names()
    if name is not None:
        _demand(name, known)
    values = _from_file(source, name, known) if source else _asked(name)
    hand = Hand(place, Progress(stderr, quiet=as_json), values)
    _told(hand.operator.perform(hand.operations.give_secrets(sorted(values))), as_json)


def _demand(name: str, known: Mapping[str, bool]) -> None:
    import difflib

    if name not in known:
        close = difflib.get_close_matches(name.upper(), known, n=1)
        raise UsageError(
            f"{name} is no secret of this deployment",
            hint=(f"Did you mean {close[0]}? " if close else "")
            + "Its secrets: "
            + (", ".join(known) or "none")
            + ". Another is declared in nuages.yaml, under `secrets:`.",
            reason="unknown-secret",
        )


def _asked(name: str | None) -> dict[str, str]:
    if name is None:
        raise UsageError("Which secret?", hint="Name it, or give a file with --from.")
    if attended():
        value = click.prompt(f"{name} (not shown)", hide_input=True, err=True)
    else:
        value = sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if not value:
        raise InputNeeded(
            f"No value for {name}",
            hint=f"Give it on standard input: nuages secrets set {name} < file",
            reason="no-value",
        )
    return {name: value}


def _from_file(path: Path, name: str | None, known: Mapping[str, bool]) -> dict[str, str]:
    from nuages.local.env_file import PLACEHOLDER, read

    found = read(path)
    taken: dict[str, str] = {}
    for each, value in found.items():
        why = _ignored(each, value, name, known, bool(PLACEHOLDER.search(value)))
        if why:
            stderr.print(f"  {escape(each)}: [dim]ignored, {escape(why)}[/]")
        else:
            taken[each] = value
    if not taken:
        raise InputNeeded(
            f"{path} has nothing that is a secret of this deployment", reason="no-value"
        )
    return taken


def _ignored(
    each: str, value: str, name: str | None, known: Mapping[str, bool], placeholder: bool
) -> str:
    """Why a line of a file is passed over; empty: it is taken."""
    if name is not None and each != name:
        return f"only {name} was asked for"
    if each not in known:
        return "no secret of this deployment"
    if not value or placeholder:
        return "it has no value there"
    if known[each] and name is None:
        return f"its value is made up; to take this one: nuages secrets set {each} --from FILE"
    return ""


def _told(given: Sequence[GivenSecret], as_json: bool) -> None:
    if as_json:
        print_json({"given": given})
        return
    for each in given:
        old = f"; disabled: {', '.join(each.disabled)}" if each.disabled else ""
        stdout.print(f"[green]{escape(each.name)}[/] is version {each.version} now{old}")
    if all(each.taken for each in given):
        stdout.print("Everybody who has to know it does.")
        return
    stdout.print(
        "What starts from now on reads it. What runs keeps the value that it started with: "
        "`nuages deploy` replaces it."
    )


@command.command("rotate")
@click.argument("name")
@placed
@click.option("--json", "as_json", is_flag=True, help="Print what was renewed as JSON.")
def rotate(name: str, as_json: bool, **where: Any) -> None:
    """Make up another value for a secret, and let everybody know it who has to.

    The database learns its new password from a job, and the site is started anew with it.

    \b
    Example:
      nuages secrets rotate DB_PASSWORD
    """
    hand = Hand(site(**where), Progress(stderr, quiet=as_json))
    _demand(name, hand.operations.secret_names())
    _told(hand.operator.perform(hand.operations.rotate_secret(name, moment())), as_json)
