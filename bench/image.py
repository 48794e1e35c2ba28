"""The image: its size, a rebuild, and its first styled page, beside a project's own Dockerfile.

    python bench/image.py PROJECT --own PROJECT/compose/production/django/Dockerfile \\
        --own-command /start --own-port 5000 --page /accounts/login/ --env-file FILE \\
        --own-env DJANGO_SETTINGS_MODULE=config.settings.production

PROJECT is copied, never changed. Both images are built by the same engine from the same base, and
started in turns against one PostgreSQL and one Redis. ``--env-file`` holds the variables that the
project demands; its lines go to both. The floor is a container that imports Django and calls
``django.setup()``, and ends. Acceptance: smaller, rebuilt in under half the time, first styled page
in at most 0.55 of the own image's time and 1.25 of the floor.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from nuages.artifacts.container import container_artifacts
from nuages.config.resolve import resolve
from nuages.project.detect import detect
from nuages.project.tree import Tree

NETWORK, PASSWORD = "nuages-bench", "bench"
DATABASE = f"postgres://bench:{PASSWORD}@bench-database:5432/bench"
COMMON = {
    "DATABASE_URL": DATABASE,
    "POSTGRES_HOST": "bench-database",
    "POSTGRES_PORT": "5432",
    "POSTGRES_DB": "bench",
    "POSTGRES_USER": "bench",
    "POSTGRES_PASSWORD": PASSWORD,
    "REDIS_URL": "redis://bench-cache:6379/0",
    "WEB_CONCURRENCY": "2",
}
HEADERS = {"Host": "localhost", "X-Forwarded-Proto": "https"}


def docker(*words: str, check: bool = True) -> str:
    done = subprocess.run(("docker", *words), capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(
            f"docker {' '.join(words[:2])} failed:\n{done.stdout[-1500:]}{done.stderr[-3000:]}"
        )
    return done.stdout.strip()


def build(tag: str, context: Path, dockerfile: Path) -> float:
    """Seconds that a build takes."""
    start = time.monotonic()
    docker("build", "--quiet", "--tag", tag, "--file", str(dockerfile), str(context))
    return time.monotonic() - start


def size(tag: str) -> int:
    return int(docker("image", "inspect", "--format", "{{.Size}}", tag))


def base_of(dockerfile: Path) -> str:
    return re.findall(r"(?m)^FROM +(\S+)", dockerfile.read_text())[-1]


@contextmanager
def services() -> Iterator[None]:
    """One PostgreSQL and one Redis for both sides."""
    docker("network", "create", NETWORK)
    try:
        values = ("POSTGRES_USER=bench", "POSTGRES_DB=bench", f"POSTGRES_PASSWORD={PASSWORD}")
        variables = [part for value in values for part in ("--env", value)]
        run = ("run", "--rm", "--detach", "--network", NETWORK, "--name")
        docker(*run, "bench-database", *variables, "postgres:17")
        docker(*run, "bench-cache", "redis:7")
        ready = ("exec", "bench-database", "pg_isready", "-h", "127.0.0.1", "-U", "bench")
        while "accepting" not in docker(*ready, check=False):
            time.sleep(0.2)
        yield
    finally:
        docker("rm", "--force", "bench-database", "bench-cache", check=False)
        docker("network", "rm", NETWORK, check=False)


def variables(env_file: Path | None) -> list[str]:
    found = [part for name, value in COMMON.items() for part in ("--env", f"{name}={value}")]
    return [*found, *(("--env-file", str(env_file)) if env_file else ())]


def get(url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=HEADERS)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def first_page(tag: str, port: int, page: str, given: list[str], *command: str) -> float:
    """Seconds from ``docker run`` until a page and its own style sheet have been answered."""
    run = ("run", "--detach", "--network", NETWORK, "--publish", f"127.0.0.1::{port}")
    start = time.monotonic()
    container = docker(*run, *given, tag, *command)
    try:
        address = docker("port", container, str(port), check=False).partition("\n")[0]
        url = f"http://{address}{page}"
        while time.monotonic() - start < 60:
            status, text = get(url)
            sheet = re.search(r'href="(/static/[^"]+\.css)"', text) if status == 200 else None
            if sheet and get(urljoin(url, sheet[1]))[0] == 200:
                return time.monotonic() - start
            time.sleep(0.02)
        sys.exit(
            f"{tag} did not answer {page}: {status}\n{docker('logs', '--tail', '40', container)}"
        )
    finally:
        docker("rm", "--force", container, check=False)


def floor(tag: str, given: list[str]) -> float:
    """Seconds for a container that sets Django up and ends."""
    start = time.monotonic()
    docker("run", "--rm", "--network", NETWORK, *given, tag, "python", "-c", SETUP)
    return time.monotonic() - start


SETUP = "import django; django.setup()"


def rebuild(tag: str, context: Path, dockerfile: Path, changed: Path, count: int) -> list[float]:
    """Seconds for each build after one more line in one file."""
    found = []
    for number in range(count):
        with changed.open("a") as stream:
            stream.write(f"# {number} {time.time()}\n")
        found.append(build(tag, context, dockerfile))
    return found


def show(name: str, ours: float, own: float, unit: str, limit: float) -> None:
    ratio = ours / own
    verdict = "ok" if ratio <= limit else "MISSED"
    print(
        f"{name:38} {ours:7.2f} {own:7.2f} {unit:3} ratio {ratio:5.2f}  at most {limit}  {verdict}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--own", type=Path, required=True)
    parser.add_argument("--own-command", default="")
    parser.add_argument("--own-port", type=int, default=8000)
    parser.add_argument("--own-env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--page", default="/")
    parser.add_argument("--env-file", type=Path)
    parser.add_argument("--change", help="File that gets a line; default: manage.py")
    parser.add_argument("--runs", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(given, Path(folder))


def measure(given: argparse.Namespace, folder: Path) -> None:
    ours, own = folder / "ours", folder / "own"
    for copy in (ours, own):
        shutil.copytree(
            given.project, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".nuages")
        )
    own_file = own / given.own.resolve().relative_to(given.project.resolve())
    deployment = resolve(detect(Tree.open(ours)), None, private=True)
    for artifact in container_artifacts(deployment, private=True):
        path = ours / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text)
        path.chmod(0o755 if artifact.executable else 0o644)
    ours_file = ours / ".nuages/Dockerfile"
    builds = (("bench-ours", ours, ours_file), ("bench-own", own, own_file))
    sizes = []
    for tag, context, dockerfile in builds:
        build(tag, context, dockerfile)
        sizes.append((size(tag) - size(base_of(dockerfile))) / 1e6)
    show("size over the base", sizes[0], sizes[1], "MB", 1.0)
    changed = given.change or "manage.py"
    again = [
        statistics.median(rebuild(tag, context, dockerfile, context / changed, 5))
        for tag, context, dockerfile in builds
    ]
    show("rebuild after a line of code", again[0], again[1], "s", 0.5)
    with services():
        pages(given)


def pages(given: argparse.Namespace) -> None:
    both = variables(given.env_file)
    migrate = ("python", "-m", "django", "migrate", "--noinput")
    docker("run", "--rm", "--network", NETWORK, *both, "bench-ours", *migrate)
    command = given.own_command.split()
    its = [*both, *(part for value in given.own_env for part in ("--env", value))]
    ours, own, floors = [], [], []
    for _ in range(given.runs):
        ours.append(first_page("bench-ours", 8000, given.page, both))
        own.append(first_page("bench-own", given.own_port, given.page, its, *command))
        floors.append(floor("bench-ours", both))
    middle = [statistics.median(each) for each in (ours, own, floors)]
    print(f"{'':38} each: ours {[round(v, 2) for v in ours]}, own {[round(v, 2) for v in own]}")
    show("first styled page, beside its own", middle[0], middle[1], "s", 0.55)
    show("first styled page, beside the floor", middle[0], middle[2], "s", 1.25)


if __name__ == "__main__":
    main()
