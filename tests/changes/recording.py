"""Plans made by real Terraform: each case is what stands, and what shall stand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
KEPT = ("format_version", "variables", "resource_changes", "resource_drift", "output_changes")
"""What of a plan is recorded."""
OPTIONS = ("-no-color", "-input=false")


def recorded(case: str) -> str:
    return (CASES / case / "plan.json").read_text("utf-8")


def made(case: str, root: Path) -> str:
    """Let real Terraform plan a case; its JSON, without what is not recorded."""
    world = root / "world"
    world.mkdir(parents=True)
    shutil.copy(CASES / "common.tf", root)
    (root / "main.tf").write_text("", "utf-8")
    _terraform(root, "init", *OPTIONS)
    if (CASES / case / "before.tf").exists():
        shutil.copy(CASES / case / "before.tf", root / "main.tf")
        failing = {"FAKECLOUD_FAIL": "taint:google_storage_bucket"} if case == "tainted" else {}
        _terraform(root, "apply", *OPTIONS, "-auto-approve", ok=not failing, **failing)
    MEANWHILE.get(case, lambda _: None)(root)
    shutil.copy(CASES / case / "after.tf", root / "main.tf")
    _terraform(root, "plan", *OPTIONS, "-out=plan", number="two")
    whole = json.loads(_terraform(root, "show", "-json", "plan"))
    resources = [
        {key: each[key] for key in ("address", "expressions") if key in each}
        for each in whole["configuration"]["root_module"].get("resources", [])
    ]
    kept = {key: whole[key] for key in KEPT if key in whole}
    kept["configuration"] = {"root_module": {"resources": resources}}
    return json.dumps(kept, indent=1) + "\n"


def _forget_the_state(root: Path) -> None:
    (root / "terraform.tfstate").unlink()


def _meddle(root: Path) -> None:
    """Somebody removes the bucket, and gives the database another machine."""
    (path,) = (root / "world" / "google_storage_bucket").iterdir()
    path.unlink()
    (path,) = (root / "world" / "google_sql_database_instance").iterdir()
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    found["settings"][0]["tier"] = "db-g1-small"
    path.write_text(json.dumps(found), "utf-8")


MEANWHILE: dict[str, Callable[[Path], None]] = {"imported": _forget_the_state, "drift": _meddle}


def _terraform(root: Path, *words: str, ok: bool = True, number: str = "one", **more: str) -> str:
    store = {
        "FAKECLOUD_STORE": str(root / "world"),
        "TF_VAR_password": f"planted-in-a-variable-{number}",
    }
    done = subprocess.run(
        ("terraform", *words),
        cwd=root,
        env={**os.environ, **store, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done.stdout
