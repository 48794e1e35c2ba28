"""The port that a site is served on."""

from __future__ import annotations

from nuages.effects import network
from nuages.errors import UsageError

PORTS = range(8000, 9000)


def reserved(wanted: int | None) -> network.Reservation:
    """Hold the port that was asked for, or the first free one, until it is served on.

    Raises ``UsageError``, with the reason ``port-taken``, where there is none to hold.
    """
    held = network.reserve([wanted] if wanted else PORTS)
    if held is None:
        taken = f"Port {wanted} is taken" if wanted else "No port from 8000 to 8999 is free"
        raise UsageError(taken, hint="Choose another with --port.", reason="port-taken")
    return held
