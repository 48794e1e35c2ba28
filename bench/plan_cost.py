"""What ``nuages plan`` adds to Terraform's own time, beside the bare interpreter's start.

    TF_CLI_CONFIG_FILE=… python bench/plan_cost.py [RUNS]

Acceptance: at most 10 times the interpreter's own start, of a project that was planned before.
Real Terraform plans once, in front of a fake of Google's APIs. Then a stand-in says what it said,
after a second of sleep, and writes down when it began and ended: what remains is ours. The best of
all runs counts, so that what else the machine does is left out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from fakes.google import GoogleWorld  # noqa: E402

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
NUAGES = str(Path(sys.executable).with_name("nuages"))
RECORDER = """\
#!/bin/bash
if [ "$1" = show ]; then {real} "$@" > {said}; cat {said}; else {real} "$@"; fi
"""
STAND_IN = """\
#!/bin/bash
echo $EPOCHREALTIME >> {log}
status=0
case "$1" in
  init) sleep 0.5 ;;
  plan) sleep 1; status=2 ;;
  show) cat {said} ;;
esac
echo $EPOCHREALTIME >> {log}
exit $status
"""


def program(folder: Path, text: str) -> Path:
    """Put a Terraform on a PATH of its own; returns the file that its times are written to."""
    log, path = folder / "times", folder / "terraform"
    real = shutil.which("terraform")
    path.write_text(text.format(log=log, said=folder / "said", real=real), "utf-8")
    path.chmod(0o755)
    return log


def own_seconds(argv: list[str], environment: dict[str, str], log: Path) -> float:
    """Seconds of a run in which no Terraform ran."""
    log.write_text("", "utf-8")
    start = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, env=environment, check=True)
    whole = time.perf_counter() - start
    times = [float(line) for line in log.read_text("utf-8").split()]
    assert len(times) >= 6, "init, plan and show"
    return whole - sum(end - begin for begin, end in zip(times[::2], times[1::2], strict=True))


def bare_seconds() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - start


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    site = folder / "site"
    shutil.copytree(ROOT / "tests/fixtures/projects/split_postgres", site)
    config, argv = site / "nuages.yaml", [NUAGES, "plan", str(site)]
    config.write_text("provider: gcp\n", "utf-8")
    program(folder, RECORDER)
    with GoogleWorld(folder / "world", project="jazz-club") as world:
        environment = {
            **os.environ,
            **world.environment(),
            "PATH": f"{folder}:{os.environ['PATH']}",
        }
        subprocess.run(argv, stdout=subprocess.DEVNULL, env=environment, check=True)
        log = program(folder, STAND_IN)
        kinds: dict[str, list[float]] = {"read anew": [], "as planned before": []}
        bare = []
        for turn in range(RUNS):
            config.write_text(f"provider: gcp\n# {turn}\n", "utf-8")
            for times in kinds.values():
                bare.append(bare_seconds())
                times.append(own_seconds(argv, environment, log))
    print(f"{'bare interpreter':18} {min(bare) * 1000:6.1f} ms")
    for name, times in kinds.items():
        print(f"{name:18} {min(times) * 1000:6.1f} ms, {min(times) / min(bare):5.2f} x bare")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
