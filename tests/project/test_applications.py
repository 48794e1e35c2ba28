from __future__ import annotations

import pytest
from plain_project import Detected

WSGI = "from django.core.wsgi import get_wsgi_application\n"
PLAIN_ASGI = (
    "from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n"
)
ROUTER = (
    "from channels.routing import ProtocolTypeRouter\n"
    "application = ProtocolTypeRouter({'http': x, 'websocket': y})\n"
)
CHANNELS = "INSTALLED_APPS += ['channels']\n"


@pytest.mark.parametrize(
    ("files", "settings", "wsgi", "asgi"),
    [
        ({}, "", "shop.wsgi:application", None),
        ({"shop/asgi.py": PLAIN_ASGI}, "", "shop.wsgi:application", "shop.asgi:application"),
        # the setting names another
        ({"shop/serve.py": "app = make()\n"}, "WSGI_APPLICATION = 'shop.serve.app'\n",
         "shop.serve:app", None),
        # it names one that is not there
        ({}, "WSGI_APPLICATION = 'shop.gone.application'\n", "shop.wsgi:application", None),
        ({"shop/routing.py": ROUTER}, "ASGI_APPLICATION = 'shop.routing.application'\n",
         "shop.wsgi:application", "shop.routing:application"),
        ({"shop/routing.py": ROUTER, "shop/asgi.py": PLAIN_ASGI},
         "ASGI_APPLICATION = 'shop.routing.application'\n",
         "shop.wsgi:application", "shop.asgi:application"),
    ],
)  # fmt: skip
def test_the_applications(
    detected: Detected, files: dict[str, str], settings: str, wsgi: str, asgi: str | None
) -> None:
    project = detected(files, settings)
    assert project.wsgi is not None
    assert project.wsgi.value.target == wsgi
    assert (project.asgi.value.target if project.asgi else None) == asgi


@pytest.mark.parametrize(
    ("files", "settings", "needed"),
    [
        ({}, "", False),
        ({"shop/asgi.py": PLAIN_ASGI}, "", False),
        ({"shop/asgi.py": ROUTER}, CHANNELS, True),
        ({"shop/asgi.py": ROUTER}, "", False),
        ({"shop/asgi.py": PLAIN_ASGI}, CHANNELS, False),
        ({"shop/routing.py": ROUTER, "shop/asgi.py": PLAIN_ASGI}, CHANNELS, True),
        # there is nothing else to serve
        ({"shop/asgi.py": PLAIN_ASGI, "shop/wsgi.py": None}, "WSGI_APPLICATION = None\n", True),
    ],
)
def test_whether_asgi_is_needed(
    detected: Detected, files: dict[str, str | None], settings: str, needed: bool
) -> None:
    assert detected(files, settings).needs_asgi.value is needed


def test_settings_that_are_assigned_are_told_from_defaults(detected: Detected) -> None:
    assigned = (
        WSGI + "os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\n"
        "application = get_wsgi_application()\n"
    )
    wsgi = detected({"shop/wsgi.py": assigned}).wsgi
    assert wsgi is not None
    assert (wsgi.value.assigns_settings, wsgi.value.settings_module) == (True, "shop.settings")
