"""The peers on the same trees: Django's own deployment check, and checkov.

Each answers with names of what it found; what it says of the clean project is not counted.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ruamel.yaml import YAML

from bench.checks.mutants import MADE, projects

LOCKS = {"flat": "requirements.txt", "split": "requirements/production.txt"}
# What mutations add to a site, so that only their mistake is counted and not its absence.
ADDED = ("django-debug-toolbar", "django-health-check")
FRAMEWORKS = ("dockerfile", "github_actions", "secrets")
ISSUE = re.compile(r"\((\w+\.[EWC]\d{3})\)")
CRASH = re.compile(r"^(?:\w+\.)*(\w+)(?::|$)", re.MULTILINE)
# A long key, as the deployment makes it: security.W009 is not about the stand-in.
KEY = "".join(chr(97 + n * 7 % 26) + str(n * 37 % 97) for n in range(40))
STAND_INS = {
    "DJANGO_SECRET_KEY": KEY,
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgres://site:site@database:5432/site",
    "REDIS_URL": "redis://cache:6379/0",
    "DB_NAME": "site",
    "DB_USER": "site",
    "DB_PASSWORD": "site",
    "DB_HOST": "database",
    "AWS_STORAGE_BUCKET_NAME": "media",
    "SENTRY_DSN": "https://key@errors.example.com/1",
}


def uv(*words: str) -> None:
    """Runs the uv of this environment."""
    subprocess.run([Path(sys.executable).with_name("uv"), *words], check=True)


def environment(folder: Path, *wanted: str, version: str = "3.13") -> Path:
    """A virtual environment with these arguments of ``uv pip install``; kept once it is made."""
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        uv("venv", "--quiet", "--clear", "--python", version, str(folder))
        uv("pip", "install", "--quiet", "--python", str(python), *wanted)
        (folder / "ready").touch()
    return python


# --- manage.py check --deploy -------------------------------------------------------------------


def django(trees: Mapping[str, tuple[str, Path]], work: Path) -> dict[str, set[str]]:
    """What ``check --deploy`` says of trees, each with the site that it was made from."""
    pythons = {
        site: _site(work, site) for site in {site for site, _ in trees.values()} - {"starter"}
    }
    jobs = {name: (pythons[site], tree) for name, (site, tree) in trees.items() if site in pythons}
    for site, python in pythons.items():
        if said := _deploy_check(python, projects()[site]):
            raise SystemExit(f"check --deploy of the clean {site}: {', '.join(sorted(said))}")
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = pool.map(lambda job: _deploy_check(*job), jobs.values())
    return dict(zip(jobs, answers, strict=True))


def _site(work: Path, site: str) -> Path:
    lock = projects()[site] / LOCKS.get(site, "requirements.txt")
    python = environment(work / f"venv-{site}", "-r", str(lock))
    if not (python.parent / "added").exists():
        uv("pip", "install", "--quiet", "--python", str(python), *ADDED)
        (python.parent / "added").touch()
    return python


def _deploy_check(python: Path, tree: Path) -> set[str]:
    """Run with the variables that the tree's own nuages.yaml gives the site."""
    manifest = YAML(typ="safe").load((tree / "nuages.yaml").read_text("utf-8"))
    wired = {name: value for name, value in STAND_INS.items() if not name.endswith("SECRET_KEY")}
    secret = {name: STAND_INS.get(name, "stand-in") for name in manifest.get("secrets", ())}
    plain = {name: str(value) for name, value in manifest.get("env_vars", {}).items()}
    done = subprocess.run(
        [python, "manage.py", "check", "--deploy"],
        cwd=tree,
        env={
            "DJANGO_SETTINGS_MODULE": manifest["settings"],
            "PYTHONDONTWRITEBYTECODE": "1",
            **wired,
            **secret,
            **plain,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    crash = CRASH.findall(done.stderr)[-1:] if done.returncode else []
    return set(ISSUE.findall(done.stderr)) or set(crash)


# --- checkov ------------------------------------------------------------------------------------


def checkov(trees: Mapping[str, tuple[str, Path]], work: Path) -> dict[str, set[str]]:
    """What checkov says of the files that differ from the clean project's, in one run."""
    folder = work / "checkov"
    shutil.rmtree(folder, ignore_errors=True)
    for name, (site, tree) in trees.items():
        _copy_changed(projects()[site], tree, folder / name)
    for site, clean in projects().items():
        shutil.copytree(clean, folder / f"clean@{site}", ignore=MADE)
    program = environment(work / "venv-checkov", "checkov", version="3.12").with_name("checkov")
    done = subprocess.run(
        [
            *(program, "--directory", folder, "--compact", "--quiet", "--skip-download"),
            *("--output", "json"),
            *(word for name in FRAMEWORKS for word in ("--framework", name)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    answer = json.loads(done.stdout)
    for part in answer if isinstance(answer, list) else [answer]:
        for failed in part.get("results", {}).get("failed_checks", ()):
            name, _, path = failed["file_path"].lstrip("/").partition("/")
            found[name].add((failed["check_id"], path))
    return {
        name: {check for check, _ in found[name] - found[f"clean@{site}"]}
        for name, (site, _) in trees.items()
    }


def _copy_changed(clean: Path, tree: Path, target: Path) -> None:
    for path in (path for path in tree.rglob("*") if path.is_file()):
        name = path.relative_to(tree)
        if not (clean / name).exists() or (clean / name).read_bytes() != path.read_bytes():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
