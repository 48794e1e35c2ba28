from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from nuages.config import age

PYTHON = (3, 12)


def test_a_release_that_breaks_what_is_pinned_is_held_back() -> None:
    held = age.held({"channels": "2.3.1", "asgiref": "3.8.1"}, {"channels": "~=2.1"})
    assert list(held) == ["asgiref<3.3"]


def test_a_bound_that_later_releases_declare_holds_for_those_before() -> None:
    declared = {"social-auth-app-django": "==5.4.1"}
    newest = {"social-auth-core": "7.0.0"}
    assert list(age.held({"social-auth-app-django": "5.4.1", **newest}, declared)) == [
        "social-auth-core<5"
    ]
    assert age.held({"social-auth-app-django": "5.9.0", **newest}, {}) == {}


def test_a_setting_that_an_old_django_does_not_have() -> None:
    newest = {"sorl-thumbnail": "12.11.0"}
    assert list(age.held({"django": "3.2.25", **newest}, {})) == ["sorl-thumbnail<12.11"]
    assert age.held({"django": "4.2.9", **newest}, {}) == {}


def test_what_fits_stays() -> None:
    assert age.held({"channels": "2.3.1", "asgiref": "3.2.10"}, {}) == {}
    assert age.held({"channels": "4.1", "asgiref": "3.8.1"}, {}) == {}


def test_a_projects_own_pin_never_moves() -> None:
    declared = {"asgiref": "==3.8.1"}
    assert age.held({"channels": "2.3.1", "asgiref": "3.8.1"}, declared) == {}


def test_two_pins_that_cannot_work_together_are_parted() -> None:
    declared = {"django": "==2.2.28", "psycopg2": "==2.9.9"}
    found = age.held({"django": "2.2.28", "psycopg2": "2.9.9"}, declared)
    assert list(found) == ["psycopg2<2.9"]


def test_every_rule_can_be_read() -> None:
    for rule in age.RULES:
        SpecifierSet(rule.versions)
        Requirement(f"{rule.other}{rule.bound}")
    Requirement(age.SETUPTOOLS)


def test_what_the_requirements_tell_already_is_held_for_every_engine() -> None:
    assert [
        hold.line for hold in age.foreseen({"django": "==2.2.28", "psycopg2": "==2.9.1"}, PYTHON)
    ] == ["psycopg2<2.9"]
    assert (
        age.foreseen({"django": "<3", "psycopg2-binary": ""}, PYTHON)[0].line
        == "psycopg2-binary<2.9"
    )
    assert age.foreseen({"django": "==4.2", "psycopg2": "==2.9.1"}, PYTHON) == ()
    assert (
        age.foreseen({"django": ">=2.2", "psycopg2": ""}, PYTHON) == ()
    )  # the newest will be taken
    assert age.foreseen({"django": "==2.2"}, PYTHON) == ()
    assert (
        age.foreseen({"social-auth-app-django": "==5.4.1", "social-auth-core": "==4.5"}, PYTHON)
        == ()
    )


def test_a_release_that_an_old_python_cannot_import_is_held_back() -> None:
    (hold,) = age.foreseen({"dj-database-url": ""}, (3, 8))
    assert hold.line == "dj-database-url<3"
    assert age.foreseen({"dj-database-url": ""}, (3, 9)) == ()
    installed = {"python": "3.8", "dj-database-url": "3.0.1"}
    assert list(age.held(installed, {})) == ["dj-database-url<3"]


def test_a_pin_that_the_python_cannot_build_gives_way() -> None:
    pins = {"psycopg2": "==2.7.5", "psycopg2-binary": "==2.7.5", "django": "==2.2.13"}
    assert [hold.line for hold in age.replaced(pins, (3, 8))] == [
        'psycopg2 ; python_version < "0"',
        "psycopg2-binary==2.8.6",
    ]
    alone = {"psycopg2": "==2.7.5"}
    assert [hold.line for hold in age.replaced(alone, (3, 8))] == ["psycopg2==2.8.6"]
    (twin,) = age.replaced(pins, (3, 7))
    assert twin.line == 'psycopg2 ; python_version < "0"'
    assert age.replaced({"psycopg2": "==2.9.9"}, (3, 12)) == ()


def test_a_source_that_older_tools_alone_build_is_built_with_them() -> None:
    (hold,) = age.aged({"django-allauth": "==0.45.0", "django": "==3.2"})
    assert (hold.line, hold.bound) == ("django-allauth==0.45.0", "setuptools<58")
    assert age.aged({"django-allauth": "==0.51.0"}) == ()
    assert age.aged({"django-allauth": ">=0.40"}) == ()


@pytest.mark.parametrize(
    ("packages", "lines"),
    [
        ({"gunicorn": "==20.0.4"}, ["setuptools<81"]),
        ({"gunicorn": "==20.1.0", "setuptools": ""}, ["setuptools<81"]),
        ({"gunicorn": "==20.1.0", "setuptools": "==75.1"}, []),
        ({"gunicorn": "==21.2.0"}, []),
        ({"gunicorn": ""}, []),
    ],
)
def test_what_imports_pkg_resources_gets_the_setuptools_that_has_it(
    packages: dict[str, str], lines: list[str]
) -> None:
    assert [hold.line for hold in age.foreseen(packages, PYTHON)] == lines
