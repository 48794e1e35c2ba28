"""The command line: one file per verb."""

import gc
import sys

GARBAGE = (50_000, 20, 20)
"""Thresholds of the collector: it would walk every syntax tree again and again."""


def main() -> None:
    """Answer ``--version`` without importing anything else; hand the rest to click."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from nuages import __version__

        print(f"nuages {__version__}")
        return
    gc.set_threshold(*GARBAGE)
    from nuages.cli.app import run

    sys.exit(run(sys.argv[1:]))
