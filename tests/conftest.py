"""What all tests may rely on."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # What a shell starts in the background ignores Ctrl-C, and so do its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Slow is no failure: other tests run on the same machine.
settings.register_profile("nuages", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("nuages")
