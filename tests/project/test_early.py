from __future__ import annotations

import pytest

from nuages.project.early import early_use
from nuages.project.python_source import Sources
from nuages.project.tree import Tree

READS = "from django.conf import settings\nif settings.QUEUE == 'celery':\n    pass\n"
CELERY = "from celery import Celery\nfrom django.conf import settings\n"


def use(files: dict[str, str]) -> str | None:
    tree = Tree.of({"p/__init__.py": "", "p/settings.py": "DEBUG = False\n", **files})
    found = early_use(Sources(tree, (".",)), "p.settings")
    return str(found.location) if found else None


def test_a_package_that_reads_a_setting_while_it_is_imported() -> None:
    assert use({"p/__init__.py": READS}) == "p/__init__.py:2:4"
    assert use({"p/__init__.py": "import django\ndjango.setup()\n"}) == "p/__init__.py:2:1"


def test_a_module_that_such_a_package_imports() -> None:
    files = {"p/__init__.py": "from .celery import app\n"}
    assert (
        use({**files, "p/celery.py": f"{CELERY}app = Celery(settings.NAME)\n"})
        == "p/celery.py:3:14"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{CELERY}app = Celery()\napp.config_from_object('django.conf:settings')\n",
        f"{CELERY}app = Celery()\napp.autodiscover_tasks(lambda: settings.INSTALLED_APPS)\n",
        f"{CELERY}def name():\n    return settings.NAME\n",
        "import settings_of_ours\nsettings_of_ours.NAME\n",
    ],
)
def test_what_waits_until_it_is_called_is_not_early(text: str) -> None:
    assert use({"p/__init__.py": "from .celery import app\n", "p/celery.py": text}) is None
