"""The programs that a release starts, found on this machine before anything is made."""

from __future__ import annotations

import json
import re
from pathlib import Path

from nuages.effects import shell
from nuages.effects.shell import Call
from nuages.errors import ToolMissing
from nuages.steps import terraform as commands

LEAST = (1, 11)
"""Passwords are arguments that no state holds: Terraform and OpenTofu have them since 1.11.

https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
https://opentofu.org/docs/v1.11/intro/whats-new/
"""
_INSTALL = (
    "Install one of them: https://developer.hashicorp.com/terraform/install or "
    "https://opentofu.org/docs/intro/install/ (1.11 or newer)."
)
_ANSWERS = 10
"""Seconds in which an engine has to answer."""


def terraform() -> str:
    """Terraform, or OpenTofu where that is what there is; raises ToolMissing without either."""
    return _installed()[0]


def new_terraform() -> str:
    """The first of them that is new enough; raises ToolMissing, with what there is, for none."""
    found = {program: _version(program) for program in _installed()}
    for program, version in found.items():
        if _numbers(version) >= LEAST:
            return program
    listed = " and ".join(f"{name} {version or 'of no version'}" for name, version in found.items())
    raise ToolMissing(
        f"{listed} is too old: 1.11 is the first that keeps passwords out of its state",
        hint=_INSTALL,
        reason="old-terraform",
    )


def _installed() -> tuple[str, ...]:
    found = tuple(program for program in commands.PROGRAMS if shell.which(program))
    if not found:
        raise ToolMissing(
            "Neither terraform nor tofu is installed", hint=_INSTALL, reason="no-terraform"
        )
    return found


def _version(program: str) -> str:
    """As the program says it, asked where no configuration of anybody's is; empty: it does not."""
    answer = shell.ask(Call(commands.version(program), directory=Path("/")))
    try:
        return str(json.loads(answer.text)["terraform_version"])
    except (ValueError, KeyError, TypeError):
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)", version)
    return tuple(int(number) for number in found.groups()) if found else ()


def no_engine() -> ToolMissing | None:
    """Why no image can be built on this machine; None: a Docker engine answers."""
    if shell.which("docker") is None:
        return _no_engine("The program docker is not installed here", "no-docker")
    asked = Call(("docker", "version", "--format", "{{.Server.Version}}"))
    answer = shell.run(asked, timeout=_ANSWERS)
    return None if answer.ok else _no_engine("No Docker engine answers here", "no-docker-engine")


def engine() -> str:
    """The address of this machine's engine, such as ``unix:///run/docker.sock``; empty: unknown.

    https://docs.docker.com/engine/manage-resources/contexts/
    """
    asked = ("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
    answer = shell.run(Call(asked), timeout=_ANSWERS) if shell.which("docker") else None
    return answer.text.strip() if answer is not None and answer.ok else ""


def _no_engine(message: str, reason: str) -> ToolMissing:
    hint = (
        "Install and start one (https://docs.docker.com/get-docker/), or let the cloud build the "
        "image: --builder cloud."
    )
    return ToolMissing(message, hint=hint, reason=reason)
