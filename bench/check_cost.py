"""What ``nuages check`` costs: a large project beside parsing what it reads, a small one beside
the bare interpreter.

    python bench/check_cost.py [FILES]

Accepted: at 5,000 files at most 2 times one walk of the folders and one ``ast.parse`` of each
Python file that the check reads, all of detection included; the starter at most 10 times
``python -c pass``. Both in turns, in one run.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from detection_cost import floor, make

from nuages.checks.catalogue import rules
from nuages.checks.production import Production
from nuages.checks.runner import report
from nuages.cli import GARBAGE
from nuages.project import python_source
from nuages.project.detect import detect
from nuages.project.evaluation import source
from nuages.project.tree import Tree

STARTER = Path(__file__).parents[1] / "src" / "nuages" / "starter" / "project"
RUNS = 9


def large(count: int) -> None:
    """The check of a made project beside its floor."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        make(root, count)
        cost, least, read = min(_turn(root) for _ in range(3))
    print(
        f"{count} files, {len(rules())} rules: {cost:.2f} s, floor {least:.2f} s "
        f"({read} files of Python read), ratio {cost / least:.2f}"
    )


def _turn(root: Path) -> tuple[float, float, int]:
    python_source.parsed_once.cache_clear()
    source.parse.cache_clear()
    start = time.process_time()
    tree = Tree.open(root)
    report(Production(tree, detect(tree)))
    cost = time.process_time() - start
    read = [path for path in tree.read_paths if path.endswith(".py")]
    start = time.process_time()
    floor(root, read)
    return cost, time.process_time() - start, len(read)


def small() -> None:
    """The check of the starter, as a program, beside a bare interpreter."""
    program = str(Path(sys.executable).with_name("nuages"))
    commands = {
        "bare": [sys.executable, "-c", "pass"],
        "check": [program, "check", str(STARTER)],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):
        for name, argv in commands.items():
            start = time.perf_counter()
            subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            if turn:  # the first turn fills the caches
                taken[name].append(time.perf_counter() - start)
    bare, mine = (statistics.median(taken[name]) for name in commands)
    print(f"starter: {mine * 1000:.0f} ms, bare {bare * 1000:.0f} ms, ratio {mine / bare:.1f}")


if __name__ == "__main__":
    gc.set_threshold(*GARBAGE)
    large(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    small()
