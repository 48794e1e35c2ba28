"""What detection costs beside the least it could: listing the tree, parsing what it must read.

    python bench/detection_cost.py [FILES…]

For each size a Django project of so many Python files is made in a temporary folder. The floor
is one walk of the folders and one ``ast.parse`` of each Python file that detection reads and
parses; the ratio to it is what the design bounds (1.5 at 5,000 files), and the cost per file
should not grow with the size.
"""

from __future__ import annotations

import ast
import gc
import os
import sys
import tempfile
import time
from pathlib import Path

from nuages.cli import GARBAGE
from nuages.project import python_source
from nuages.project.detect import detect
from nuages.project.tree import SKIPPED, Tree

SETTINGS = """
from pathlib import Path
import os
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG") == "1"
ROOT_URLCONF = "site_.urls"
WSGI_APPLICATION = "site_.wsgi.application"
INSTALLED_APPS = ["django.contrib.admin", {apps}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db"}}}}
STATIC_URL = "static/"
"""
MANAGE = """import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
from django.core.management import execute_from_command_line
"""
WSGI = """import os
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
application = get_wsgi_application()
"""
FIELDS = "\n".join(
    f"    field{number} = models.CharField(max_length={number}, blank=True)" for number in range(12)
)
MODELS = "from django.db import models\n" + "".join(
    f"\n\nclass Thing{number}(models.Model):\n{FIELDS}\n" for number in range(6)
)
CODE = (
    "def view(request, number):\n"
    "    if number > 3:\n"
    "        return number * 2\n"
    "    return None\n\n\n"
)
PER_APP = 20


def make(root: Path, count: int) -> None:
    """A project of about ``count`` Python files, in applications of twenty."""
    apps = [f"app{number}" for number in range(max(count // PER_APP, 1))]
    site = root / "site_"
    site.mkdir(parents=True)
    listed = ", ".join(repr(app) for app in apps)
    (root / "manage.py").write_text(MANAGE)
    (root / "requirements.txt").write_text("django==5.2.1\n")
    (root / ".gitignore").write_text("*.pyc\n__pycache__/\n.env\n/media/\n*.log\nbuild/\n")
    (site / "__init__.py").write_text("")
    (site / "settings.py").write_text(SETTINGS.format(apps=listed))
    (site / "wsgi.py").write_text(WSGI)
    (site / "urls.py").write_text("urlpatterns = []\n")
    for app in apps:
        folder = root / app
        folder.mkdir()
        (folder / "models.py").write_text(f"# {app}\n{MODELS}")
        for number in range(PER_APP - 1):
            (folder / f"part{number}.py").write_text(f"# {app}, {number}\n{CODE * 20}")


def floor(root: Path, parsed: list[str]) -> float:
    """Seconds for one walk and one parse of each text."""
    start = time.perf_counter()
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED]
        names += [os.path.join(folder, name) for name in files]  # noqa: PTH118
    for path in parsed:
        ast.parse((root / path).read_text(encoding="utf-8"))
    return time.perf_counter() - start


def measured(root: Path) -> tuple[float, float, int]:
    """The best of three: detection, the floor, and how many files were read."""
    best, files = float("inf"), []
    for _ in range(3):
        python_source.parsed_once.cache_clear()
        start = time.perf_counter()
        tree = Tree.open(root)
        detect(tree)
        best = min(best, time.perf_counter() - start)
        files = [path for path in tree.read_paths if path.endswith(".py")]
    return best, min(floor(root, files) for _ in range(3)), len(files)


def main() -> None:
    gc.set_threshold(*GARBAGE)
    for count in [int(argument) for argument in sys.argv[1:]] or [1250, 2500, 5000]:
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder) / "project", count)
            cost, least, files = measured(Path(folder) / "project")
        print(
            f"{count:6} files: {cost:.3f} s, floor {least:.3f} s ({files} read), "
            f"ratio {cost / least:.2f}, {cost / count * 1e6:.0f} µs a file"
        )


if __name__ == "__main__":
    main()
