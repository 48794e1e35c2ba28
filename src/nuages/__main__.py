"""``python -m nuages``: the same as the command."""

from nuages.cli import main

main()
