"""A running site, told to a person and to a program."""

from __future__ import annotations

from typing import Any

from rich.markup import escape

from nuages.cli.output import plain, stdout, table
from nuages.local.engine import Running
from nuages.local.proof import Check, Proof


def show(running: Running, proof: Proof) -> None:
    """Print what answered, who may log in, and how this differs from production."""
    rows = table("", "", "", header=False)
    for check in proof.checks:
        rows.add_row(_mark(check), escape(check.name), f"[dim]{escape(check.detail)}[/]")
    stdout.print()
    stdout.print(rows)
    stdout.print(f"\n[bold]{'Serving' if proof.passed else 'Not proved:'}[/] {running.address}")
    _show_login(running, proof.identity)
    for difference in running.differences:
        stdout.print(f"  [dim]differs from production:[/] {escape(difference)}")
    if proof.advice:
        stdout.print(f"\n[bold]help[/]: {escape(proof.advice)}")


def _mark(check: Check) -> str:
    return "[green]✓[/]" if check.passed else "[red]✗[/]"


def _show_login(running: Running, identity: str) -> None:
    user = running.superuser
    if user is None or running.admin is None:
        return
    password = f", password {user.password}" if user.generated and user.password else ""
    stdout.print(f"  admin   {running.address}{running.admin}")
    stdout.print(f"  log in  {escape(identity or user.name)}{escape(password)}")


def document(running: Running) -> dict[str, Any]:
    """The site as plain data; no value of a variable and no password is in it."""
    return {
        "engine": running.engine,
        "address": running.address,
        "admin": running.admin,
        "variables": [{"name": v.name, "origin": v.origin, "note": v.note} for v in running.values],
        "differences": list(running.differences),
        "notices": plain(running.notices),
        "processes": [{"name": p.name, "pid": p.pid} for p in running.processes],
        "containers": list(running.containers),
        "logs": str(running.logs),
    }
