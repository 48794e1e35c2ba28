"""The lines of a workflow, run as its runner would: on the starter, with its own services."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uv
from ruamel.yaml import YAML

from nuages.cli.app import run
from nuages.local.process import interpreter
from nuages.starter.create import create

pytestmark = [pytest.mark.slow, pytest.mark.docker]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def tests_job(tmp_path: Path) -> tuple[Path, Any]:
    root = create("blue-note", tmp_path / "blue-note").root
    assert run(["render", "--ci", "github-actions", str(root)]) == 0
    text = (root / ".github/workflows/tests.yaml").read_text()
    return root, YAML(typ="safe").load(text)["jobs"]["tests"]


@pytest.fixture
def database(docker_engine: None, tests_job: tuple[Path, Any]) -> Iterator[int]:
    """The job's own service, on a port of this machine."""
    service = tests_job[1]["services"]["database"]
    name = f"nuages-ci-{uuid.uuid4().hex[:8]}"
    values = [word for key, value in service["env"].items() for word in ("--env", f"{key}={value}")]
    start = ["docker", "run", "--rm", "--detach", "--name", name, "--publish", "127.0.0.1::5432"]
    subprocess.run([*start, *values, service["image"]], check=True, capture_output=True)
    try:
        port = subprocess.check_output(["docker", "port", name, "5432"], text=True).rpartition(":")
        wait_for(name)
        yield int(port[2])
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=False, capture_output=True)


def wait_for(name: str) -> None:
    ready = ["docker", "exec", name, "pg_isready", "--host=127.0.0.1"]
    for _ in range(120):
        if subprocess.run(ready, check=False, capture_output=True).returncode == 0:
            return
        time.sleep(0.5)
    pytest.fail(f"{name} does not answer")


def lines(job: Any) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def environment(job: Any, port: int) -> dict[str, str]:
    """What the runner sets; hosts are this machine's, and nothing of ours shines through."""
    given = {
        key: value.replace("database:5432", f"127.0.0.1:{port}")
        for key, value in job["env"].items()
    }
    kept = {key: os.environ[key] for key in os.environ if key not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    # The container's Python is one of this machine's.
    wanted = job["container"].partition(":")[2].partition("-")[0]
    here = {i.minor: i.path for i in interpreter.installed(uv.find_uv_bin(), os.environ)}
    path = f"{here[wanted].parent}:{Path(uv.find_uv_bin()).parent}:{kept['PATH']}"
    return {**kept, **given, "NUAGES": str(ROOT), "PATH": path}


def failed(root: Path, line: str, values: dict[str, str]) -> str:
    """As GitHub runs a line in a container: `sh -e`."""
    argv = ["sh", "-ec", line]
    done = subprocess.run(argv, cwd=root, env=values, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{line}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def test_the_starters_pipeline_passes_and_would_not_pass_with_a_fault(
    tests_job: tuple[Path, Any], database: int
) -> None:
    root, job = tests_job
    values = environment(job, database)
    assert [failed(root, line, values) for line in lines(job)] == [""] * 6
    view = root / "apps/core/views.py"
    view.write_text(f"import os\n{view.read_text()}")
    model = root / "apps/users/models.py"
    model.write_text(model.read_text().replace("max_length=", "max_length=1 + ", 1))
    (root / "tests/test_broken.py").write_text("def test_it():\n    assert False\n")
    broken = [line for line in lines(job) if failed(root, line, values)]
    assert [line.split()[3:5] for line in broken[:1]] == [["ruff", "check"]]
    assert any("makemigrations" in line for line in broken)
    assert broken[-1].endswith("pytest")


def test_the_tests_truly_use_the_database_of_the_job(tests_job: tuple[Path, Any]) -> None:
    """Without it they fail: a pipeline that falls back to SQLite proves something else."""
    root, job = tests_job
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        values = environment(job, unused.getsockname()[1])
        install, *_, last = [line for line in lines(job) if "nuages" not in line]
        assert failed(root, install, values) == ""
        assert "refused" in failed(root, f"{last} -x -q tests/test_models.py", values)
