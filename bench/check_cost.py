"""What ``nuages check`` costs: a large project beside parsing what it reads, a small one beside
the bare interpreter.

    python bench/check_cost.py [FILES]

Accepted: at 5,000 files at most 2 times one walk of the folders and one ``ast.parse`` of each
Python file that the check reads, all of detection included; the starter at most 10 times
``python -c pass``, where it was found clean before (``cli/unchanged.py``). In turns, in one run.
"""

from __future__ import annotations

import gc
import os
import resource
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
    """The check of the starter, as a program, beside a bare interpreter.

    ``first``: nothing is remembered. ``again``: as found clean, unchanged since. Bytecode is in
    a folder of its own, as in an environment that pip has made.
    """
    program = str(Path(sys.executable).with_name("nuages"))
    check = [program, "check", str(STARTER)]
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        environ["XDG_CACHE_HOME"] = f"{folder}/kept"
        first = {**environ, "XDG_CACHE_HOME": "/dev/null"}
        commands = {
            "bare": ([sys.executable, "-c", "pass"], environ),
            "first": (check, first),
            "again": (check, environ),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(RUNS + 1):
            for name, (argv, variables) in commands.items():
                seconds = _seconds(argv, variables)
                if turn:  # the first turn fills the caches
                    taken[name].append(seconds)
    bare, *others = (statistics.median(taken[name]) for name in commands)
    print(f"starter: bare interpreter {bare * 1000:.0f} ms of CPU")
    for name, median in zip(("first", "again"), others, strict=True):
        print(f"  checked {name}: {median * 1000:.0f} ms, ratio {median / bare:.1f}")


def _seconds(argv: list[str], environ: dict[str, str]) -> float:
    """CPU, which the neighbours on a machine do not change as much as the clock."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(argv, capture_output=True, check=False, env=environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stdout.decode() + done.stderr.decode())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    gc.set_threshold(*GARBAGE)
    large(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    small()
