"""Stands before a program on PATH, for one call: refuses, hangs, dies half-way, kills its parent.

``order.json`` beside it says which call is meant and what is to happen; who takes the order
renames it. ``reached`` is written when the call has come, ``go`` is waited for.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    real, program, *words = sys.argv[1:]
    try:
        order = json.loads((HERE / "order.json").read_text("utf-8"))
    except FileNotFoundError:
        order = {}
    said = next((word for word in words if not word.startswith("-")), "")
    if order.get("call") != [program, said] or order["turn"] > 0:
        _passed_on(order, [program, said])
        os.execv(real, [real, *words])
    (HERE / "order.json").rename(HERE / "taken.json")
    (HERE / "reached").touch()
    ACTS[order["act"]](real, words)


def _passed_on(order: dict, call: list) -> None:
    if order.get("call") == call:
        order["turn"] -= 1
        (HERE / "order.json").write_text(json.dumps(order), "utf-8")


def refuse(real: str, words: list) -> None:
    sys.exit("injected: it is refused")


def hang(real: str, words: list) -> None:
    _await("go", 300)
    sys.exit(1)


def die(real: str, words: list) -> None:
    """The real program, killed when somebody says so, and then this one."""
    child = subprocess.Popen([real, *words])
    end = time.monotonic() + 60
    while child.poll() is None and not (HERE / "go").exists() and time.monotonic() < end:
        time.sleep(0.01)
    child.kill()
    child.wait()
    os.kill(os.getpid(), signal.SIGKILL)


def kill(real: str, words: list) -> None:
    """Whoever called it is killed; the program goes on."""
    os.kill(os.getppid(), signal.SIGKILL)
    os.execv(real, [real, *words])


def wait(real: str, words: list) -> None:
    _await("go", 300)
    os.execv(real, [real, *words])


def _await(name: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not (HERE / name).exists() and time.monotonic() < end:
        time.sleep(0.02)


ACTS = {each.__name__: each for each in (refuse, hang, die, kill, wait)}

if __name__ == "__main__":
    main()
