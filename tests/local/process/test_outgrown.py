from __future__ import annotations

from nuages.local.process import outgrown

LOG = 'ImproperlyConfigured: Router with basename "product" is already registered. Please …'


def test_a_release_that_refuses_what_an_unpinned_project_does_is_taken_back() -> None:
    line, why = outgrown.older(LOG, {"djangorestframework": ">=3.12"})
    assert line == "djangorestframework<3.15"
    assert "basename" in why


def test_a_pin_and_another_failure_are_left_alone() -> None:
    assert outgrown.older(LOG, {"djangorestframework": "==3.15.1"}) == ("", "")
    assert outgrown.older("KeyError: 'basename'", {}) == ("", "")


def test_an_import_that_an_editor_made_by_mistake() -> None:
    log = "ModuleNotFoundError: No module named 'distutils.command.upload'"
    assert outgrown.older(log, {})[0] == "setuptools<75"


def test_a_jinja_of_before_the_third() -> None:
    log = "ImportError: cannot import name 'soft_unicode' from 'markupsafe' (/venv/lib/x.py)"
    assert outgrown.older(log, {"jinja2": "<3"})[0] == "markupsafe<2.1"
