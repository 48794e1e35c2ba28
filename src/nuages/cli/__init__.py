"""The command line: one file per verb."""

import gc
import sys

GARBAGE = (50_000, 20, 20)
"""Thresholds of the collector: it would walk every syntax tree again and again."""


def main() -> None:
    """Answer what needs no import, hand the rest to click."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from nuages import __version__

        print(f"nuages {__version__}")
        return
    if sys.argv[1:2] == ["check"] or (sys.argv[1:2] == ["deploy"] and "--dry-run" in sys.argv):
        from nuages.cli import unchanged

        said = unchanged.answer(sys.argv[1:])
        if said is not None:
            print(said)
            return
    gc.set_threshold(*GARBAGE)
    from nuages.cli.app import run

    sys.exit(run(sys.argv[1:], remember=True))
