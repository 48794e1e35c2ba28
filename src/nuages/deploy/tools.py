"""The programs that a release starts, found on this machine."""

from __future__ import annotations

from nuages.effects import shell
from nuages.errors import ToolMissing
from nuages.steps.terraform import PROGRAMS


def terraform() -> str:
    """Terraform, or OpenTofu where that is what there is; raises ToolMissing without either."""
    for program in PROGRAMS:
        if shell.which(program):
            return program
    raise ToolMissing(
        "Neither terraform nor tofu is installed",
        hint="Install one of them: https://developer.hashicorp.com/terraform/install or "
        "https://opentofu.org/docs/intro/install/ (1.11 or newer).",
        reason="no-terraform",
    )
