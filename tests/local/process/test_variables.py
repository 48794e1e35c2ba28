from __future__ import annotations

import pytest

from nuages.errors import InputNeeded
from nuages.local.engine import Value
from nuages.local.process import variables
from nuages.local.process.stand_ins import Place
from nuages.project.facts import Variable
from nuages.text import Location

PLACE = Place(8000, random=lambda: "made-up")
CODE = Variable("WAREHOUSE_CODE", (Location("s.py", 3),), True, None, None, False, False)


def test_the_callers_shell_does_not_steer_the_site() -> None:
    own = {"PATH": "/bin", "DJANGO_SETTINGS_MODULE": "x", "PYTHONPATH": "/x", "DEBUG": "1"}
    assert variables.inherited(own) == {"PATH": "/bin"}


def test_what_is_missing_is_named_with_its_place() -> None:
    with pytest.raises(InputNeeded) as raised:
        variables.completed((), [CODE], None)
    error = raised.value
    assert error.reason == "missing-variable"
    assert "WAREHOUSE_CODE" in error.message
    assert "s.py:3" in error.detail
    assert error.location == Location("s.py", 3)


def test_what_is_missing_is_asked_for_where_somebody_sits() -> None:
    (value,) = variables.completed((), [CODE], lambda variable: f"<{variable.name}>")
    assert (value.value, value.origin) == ("<WAREHOUSE_CODE>", "asked")


def test_what_was_made_up_or_asked_for_is_kept() -> None:
    values = [
        Value("A", "1", "generated"),
        Value("B", "2", "asked"),
        Value("C", "3", "stand-in"),
        Value("D", "4", "stand-in", "made up"),
        Value("E", "5", "given"),
    ]
    assert variables.to_keep(values, {"OLD": "0"}) == {"OLD": "0", "A": "1", "B": "2", "D": "4"}


def test_a_variable_that_reading_missed_gets_a_stand_in_once() -> None:
    after = variables.with_stand_in((), "DOMAIN", PLACE)
    assert after is not None
    assert after[0].value == "localhost"
    assert variables.with_stand_in(after, "DOMAIN", PLACE) is None
    assert variables.with_stand_in((), "WAREHOUSE_CODE", PLACE) is None


def test_a_value_does_not_show_in_its_text() -> None:
    assert "hunter2" not in repr(Value("A", "hunter2", "given"))


def test_an_example_file_serves_where_nothing_else_is_known() -> None:
    sources = variables.Sources(example={"WAREHOUSE_CODE": "W1", "DOMAIN": "shop.example.org"})
    after = variables.with_stand_in((), "WAREHOUSE_CODE", PLACE, sources)
    assert after is not None
    assert (after[0].value, after[0].origin) == ("W1", "stand-in")
    known = variables.with_stand_in((), "DOMAIN", PLACE, sources)
    assert known is not None
    assert known[0].value == "localhost"


def test_the_default_database_stands_in_for_those_that_do_not_answer() -> None:
    postgres = "django.db.backends.postgresql"
    found = {
        "default": {"engine": postgres, "answers": True},
        "readonly": {"engine": postgres, "answers": False},
        "replica": {"engine": postgres, "answers": True},
        "legacy": {"engine": "django.db.backends.mysql", "answers": False},
    }
    (value,) = variables.other_databases(found, "postgresql://u:p@127.0.0.1:5000/app")
    assert (value.name, value.value) == (
        "READONLY_DATABASE_URL",
        "postgresql://u:p@127.0.0.1:5000/app",
    )
    assert variables.other_databases(found, "sqlite:////x/db.sqlite3") == ()


def test_settings_that_ask_the_database_here_for_tls_are_told_that_it_has_none() -> None:
    url = "postgresql://nuages@127.0.0.1:5433/shop"
    values = (Value("DATABASE_URL", url, "service"), Value("PORT", "8000", "service"))
    log = "OperationalError: server does not support SSL, but SSL was required\n"
    after = variables.without_tls(values, url, log)
    assert after == (Value("DATABASE_URL", f"{url}?sslmode=disable", "service"), values[1])
    assert variables.without_tls(after, url, log) is None
    assert variables.without_tls(values, url, "OperationalError: timeout") is None
    assert variables.without_tls(values, "", log) is None
