"""How many projects `nuages up` serves as they are: each started, proved and stopped, in turn.

    python bench/served.py FOLDER...

Every FOLDER is a checkout of a Django project. Nothing is answered and nothing is given: what a
project lacks is told by its reason. The rule by which the projects are chosen belongs with the
numbers: docs/explanation/real-projects.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("nuages"))
ARGV = (PROGRAM, "up", "--engine", "process", "--prove", "--json")
PATIENCE = 1800


def outcome(folder: Path) -> str:
    """``served``, or why not."""
    try:
        done = subprocess.run(
            ARGV,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"nothing within {PATIENCE} s"
    return "served" if done.returncode == 0 else reason(done.stdout, done.stderr)


def reason(told: str, said: str) -> str:
    """The code that the JSON gives, else the last line of what was printed."""
    try:
        found = json.loads(told)
    except ValueError:
        return next(iter(said.strip().splitlines()[-1:]), "?")
    error = found.get("error") if isinstance(found.get("error"), dict) else found
    failed = [c["name"] for c in found.get("checks", ()) if c["outcome"] == "failed"]
    return " ".join(filter(None, (str(error.get("reason") or ""), ", ".join(failed)))) or "?"


def main() -> None:
    folders = [Path(name) for name in sys.argv[1:]]
    served = 0
    for folder in folders:
        start = time.perf_counter()
        found = outcome(folder)
        served += found == "served"
        print(f"{folder.name:32} {time.perf_counter() - start:6.0f} s  {found}", flush=True)
    print(f"{served} of {len(folders)} served")


if __name__ == "__main__":
    main()
