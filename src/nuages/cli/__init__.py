"""The command line: one file per verb."""

import sys


def main() -> None:
    """Answer ``--version`` without importing anything else; hand the rest to click."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from nuages import __version__

        print(f"nuages {__version__}")
        return
    from nuages.cli.app import run

    sys.exit(run(sys.argv[1:]))
