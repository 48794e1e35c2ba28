"""Every error that Nuages raises on purpose, and the exit code of each class.

    NuagesError          1   something went wrong and no narrower class fits
    ├── UsageError       2   the command line is wrong
    ├── ConfigError      3   nuages.yaml is wrong
    ├── ProjectError     4   the project cannot be read, or is not a Django project
    ├── CheckFailed      5   a readiness rule fails
    ├── Drift            6   generated files differ from what would be written
    ├── ToolMissing      7   a program or an interpreter that the step needs is absent
    ├── StepFailed       8   a command ran and failed
    │   └── NotBuilt             it was to build the image
    ├── ProofFailed      9   the site started and does not answer as it must
    ├── InputNeeded     10   only the user can give what is missing
    ├── Conflict        11   a hand-edited file stands in the way
    ├── CloudRefused    12   a cloud's API says no, or does not answer
    │   └── Changed          somebody else was faster to write
    └── Busy            13   another release of the same site is under way

130 is what a shell expects after Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Mapping

from nuages.text import Location

INTERRUPTED = 130


class NuagesError(Exception):
    """What is wrong, where, and what to do about it.

    ``reason`` is a stable, machine-readable code; ``hint`` says what to do; ``detail`` is
    longer evidence, such as the tail of a log; ``told`` is what the verb found out before,
    for the JSON that it ends with.
    """

    exit_code = 1
    default_reason = "error"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        location: Location | None = None,
        reason: str = "",
        detail: str = "",
        told: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.reason = reason or self.default_reason
        self.detail = detail
        self.told = told or {}


class UsageError(NuagesError):
    """The command line is wrong."""

    exit_code = 2
    default_reason = "usage"


class ConfigError(NuagesError):
    """nuages.yaml is wrong."""

    exit_code = 3
    default_reason = "config-invalid"


class ProjectError(NuagesError):
    """The project cannot be read, or is not a Django project."""

    exit_code = 4
    default_reason = "not-django"


class CheckFailed(NuagesError):
    """A readiness rule fails."""

    exit_code = 5
    default_reason = "check-failed"


class Drift(NuagesError):
    """Generated files differ from what would be written now."""

    exit_code = 6
    default_reason = "drift"


class ToolMissing(NuagesError):
    """A program or an interpreter that the step needs is absent."""

    exit_code = 7
    default_reason = "tool-missing"


class StepFailed(NuagesError):
    """A command ran and failed."""

    exit_code = 8
    default_reason = "step-failed"


class NotBuilt(StepFailed):
    """The image could not be built; processes of this machine may serve all the same."""


class ProofFailed(NuagesError):
    """The site started and does not answer as it must."""

    exit_code = 9
    default_reason = "proof-failed"


class InputNeeded(NuagesError):
    """Only the user can give what is missing."""

    exit_code = 10
    default_reason = "input-needed"


class Conflict(NuagesError):
    """A hand-edited file stands in the way."""

    exit_code = 11
    default_reason = "conflict"


class CloudRefused(NuagesError):
    """A cloud's API says no, or does not answer; ``status`` is HTTP's, 0 where there is none."""

    exit_code = 12
    default_reason = "cloud-refused"

    def __init__(self, message: str, *, status: int = 0, hint: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint, reason=reason)
        self.status = status


class Changed(CloudRefused):
    """Somebody else was faster to write what lies beside the state."""

    default_reason = "changed"


class Busy(NuagesError):
    """Another release of the same site is under way."""

    exit_code = 13
    default_reason = "busy"
