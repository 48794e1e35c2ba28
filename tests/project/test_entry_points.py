from __future__ import annotations

import pytest
from plain_project import PLAIN, Detected

from nuages.project.entry_points import entry_points, naming
from nuages.project.python_source import Sources
from nuages.project.tree import Tree


@pytest.mark.parametrize(
    ("text", "module", "assigned"),
    [
        ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.b')", "a.b", False),
        ("os.environ['DJANGO_SETTINGS_MODULE'] = 'a.b'", "a.b", True),
        ("os.putenv('DJANGO_SETTINGS_MODULE', 'a.b')", "a.b", True),
        # reading the variable in the same breath keeps what it says
        (
            "os.environ['DJANGO_SETTINGS_MODULE'] = os.environ.get('DJANGO_SETTINGS_MODULE', 'a')",
            "a",
            False,
        ),
        (
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', config('SETTINGS', default='a.b'))",
            "a.b",
            False,
        ),
        (
            "os.environ.setdefault('DJANGO_SETTINGS_MODULE', os.environ.get('S') or 'a.b')",
            "a.b",
            False,
        ),
        (
            "name = 'a.b'\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', name)",
            "a.b",
            False,
        ),
        # bound twice: it cannot be said
        (
            "name = 'a'\nif x: name = 'b'\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', name)",
            None,
            False,
        ),
        ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', f'a.{x}')", None, False),
        # what this interpreter cannot parse is read as text
        ("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.b')\nnot python", "a.b", False),
    ],
)
def test_what_a_file_names(text: str, module: str | None, assigned: bool) -> None:
    found = naming("wsgi.py", text)
    assert found is not None
    assert (found.module, found.assigned) == (module, assigned)


@pytest.mark.parametrize("text", ["", "import os\n", "# DJANGO_SETTINGS_MODULE is set elsewhere\n"])
def test_a_file_that_names_nothing(text: str) -> None:
    assert naming("manage.py", text) is None


WSGI = "from django.core.wsgi import get_wsgi_application\n"
ASGI = "from django.core.asgi import get_asgi_application\n"


@pytest.mark.parametrize(
    ("kind", "path", "text", "target"),
    [
        ("wsgi", "a/wsgi.py", WSGI + "application = get_wsgi_application()\n",
         "a.wsgi:application"),
        ("wsgi", "app.py", WSGI + "app = get_wsgi_application()\n", "app:app"),
        ("wsgi", "a/wsgi.py", WSGI + "application = Wrap(get_wsgi_application())\n",
         "a.wsgi:application"),
        ("wsgi", "a/wsgi.py", WSGI + "django_app = get_wsgi_application()\n"
         "application = WhiteNoise(django_app)\n", "a.wsgi:application"),
        ("wsgi", "a/wsgi.py", WSGI + "if x:\n    application = get_wsgi_application()\n",
         "a.wsgi:application"),
        ("asgi", "a/asgi.py", ASGI + "django_app = get_asgi_application()\n"
         "application = ProtocolTypeRouter({'http': django_app})\n", "a.asgi:application"),
        ("asgi", "a/asgi.py", "from channels.routing import get_default_application\n"
         "application = get_default_application()\n", "a.asgi:application"),
        # inside a function it is nobody's entry point
        ("wsgi", "a/wsgi.py", WSGI + "def f():\n    app = get_wsgi_application()\n", None),
        ("wsgi", "a/wsgi.py", "application = None\n", None),
        ("asgi", "a/wsgi.py", WSGI + "application = get_wsgi_application()\n", None),
    ],
)  # fmt: skip
def test_the_application(kind: str, path: str, text: str, target: str | None) -> None:
    found = entry_points(Sources(Tree.of({path: text}), (".",)), kind, (".",))
    assert [point.value.target for point in found] == ([target] if target else [])


def test_the_settings_of_development_are_what_manage_py_takes(detected: Detected) -> None:
    """Where production has its own; a module that is not there is nobody's."""
    manage = PLAIN["manage.py"].replace("shop.settings", "shop.settings_dev")
    files = {
        "manage.py": manage,
        "shop/settings_dev.py": "from shop.settings import *\nDEBUG = True\n",
    }
    found = detected(files)
    assert found.settings_module.value == "shop.settings"
    assert found.development == "shop.settings_dev"
    assert detected({}).development is None
    assert detected({"manage.py": manage}).development is None
