"""What ``nuages --version`` costs beside the bare interpreter, in turns, in one run.

    python bench/startup.py [RUNS]

Acceptance: at most 4 times the interpreter's own start.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
PROGRAM = str(Path(sys.executable).with_name("nuages"))
COMMANDS = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "nuages --version": [PROGRAM, "--version"],
    "nuages --help": [PROGRAM, "--help"],
}


def seconds(argv: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(RUNS + 1):
        for name, argv in COMMANDS.items():
            spent = seconds(argv)
            if turn:  # the first turn fills the caches
                taken[name].append(spent)
    bare = taken["bare interpreter"]
    for name, times in taken.items():
        ratios = [mine / base for mine, base in zip(times, bare, strict=True)]
        print(
            f"{name:18} median {statistics.median(times) * 1000:6.1f} ms, "
            f"{statistics.median(ratios):5.2f} x bare"
        )


if __name__ == "__main__":
    main()
