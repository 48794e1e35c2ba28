"""How control leaves a statement: an exception of the user's code, a return, a break."""

from __future__ import annotations

from nuages.project.evaluation.values import CLEAN, Taint, Value
from nuages.text import Location


class Raised(Exception):
    """The user's code raises ``error`` here.

    ``missing`` names the environment variables whose absence is the cause.
    """

    def __init__(
        self,
        error: BaseException,
        taint: Taint = CLEAN,
        missing: Taint = CLEAN,
        location: Location | None = None,
    ):
        super().__init__(str(error))
        self.error = error
        self.taint = taint
        self.missing = missing
        self.location = location

    @property
    def text(self) -> str:
        """The error as Python would print it last."""
        name, message = type(self.error).__name__, str(self.error)
        return f"{name}: {message}" if message else name


class Returned(Exception):
    """A function returns."""

    def __init__(self, value: Value):
        super().__init__()
        self.value = value


class Broke(Exception):
    """``break``."""


class Continued(Exception):
    """``continue``."""


class Exhausted(Exception):
    """The settings compute more than this evaluation is willing to follow."""


class Restart(Exception):
    """Further variables turned out to be required: evaluate again with them assumed."""


class ImproperlyConfigured(Exception):
    """django.core.exceptions.ImproperlyConfigured."""


class UndefinedValueError(Exception):
    """decouple.UndefinedValueError."""


class EnvError(ValueError):
    """environs.EnvError."""


class EnvValidationError(EnvError):
    """environs.EnvValidationError."""


class UnknownConfiguration(Exception):
    """prettyconf.exceptions.UnknownConfiguration."""
