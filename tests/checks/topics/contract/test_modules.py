"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from contract_site import MANAGE

ENTRY = """\
import os
from django.core.wsgi import get_wsgi_application
{}
application = get_wsgi_application()
"""


def test_an_entry_point_that_insists_on_development() -> None:
    entry = ENTRY.format("os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.local'")
    (finding,) = found("CON013", {"config/wsgi.py": entry}, base="split")
    assert finding.severity == "error"


def test_manage_py_may_take_the_settings_of_development() -> None:
    assert found("CON013", {"manage.py": MANAGE}, base="split") == []


def test_settings_that_a_compose_file_misspells() -> None:
    compose = (
        "services:\n  web:\n    build: .\n    environment:\n"
        "      DJANGO_SETTINGS_MODULE: config.settings.prodution\n"
    )
    files = {"docker-compose.production.yml": compose}
    (finding,) = found("CON014", files, base="split")
    assert finding.location.line == 5


def test_settings_of_another_package_may_exist() -> None:
    entry = ENTRY.format("os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'company.settings')")
    assert found("CON014", {"config/wsgi.py": entry}, base="split") == []
