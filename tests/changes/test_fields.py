"""What differs between two values, and what of it may be told."""

from __future__ import annotations

from typing import Any

import pytest

from nuages.changes.change import MASK
from nuages.changes.fields import Marked, differences, masked


def told(before: Any, after: Any, sensitive: Any = False) -> dict[str, tuple[Any, Any]]:
    found = differences(Marked(before, sensitive), Marked(after, sensitive))
    return {".".join(map(str, each.path)): (each.before, each.after) for each in found}


def test_equal_values_do_not_differ() -> None:
    assert told({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == {}


@pytest.mark.parametrize("other", ["", [], {}])
def test_one_kind_of_nothing_is_another(other: object) -> None:
    assert told({"a": None}, {"a": other}) == {}


def test_blocks_with_names_are_compared_by_them() -> None:
    before = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    after = {"env": [{"name": "B", "value": "3"}, {"name": "C", "value": "4"}]}
    assert told(before, after) == {
        "env.A.name": ("A", None),
        "env.A.value": ("1", None),
        "env.B.value": ("2", "3"),
        "env.C.name": (None, "C"),
        "env.C.value": (None, "4"),
    }


def test_other_blocks_by_their_place() -> None:
    assert told({"rule": [{"a": 1}]}, {"rule": [{"a": 1}, {"a": 2}]}) == {"rule.1.a": (None, 2)}


def test_a_block_that_goes() -> None:
    assert told({"cdn": [{"ttl": 60}]}, {"cdn": []}) == {"cdn.0.ttl": (60, None)}


def test_a_list_is_one_value() -> None:
    assert told({"hosts": ["a"]}, {"hosts": ["a", "b"]}) == {"hosts": (["a"], ["a", "b"])}


def test_what_a_schema_calls_sensitive() -> None:
    marks = {"auth": [{"key": True}]}
    found = told({"auth": [{"key": "old"}]}, {"auth": [{"key": "new"}]}, marks)
    assert found == {"auth.0.key": (MASK, MASK)}


def test_what_its_name_calls_secret() -> None:
    assert told({"env": {"API_TOKEN": "a"}}, {"env": {"API_TOKEN": "b"}}) == {
        "env.API_TOKEN": (MASK, MASK)
    }


def test_a_password_in_a_url() -> None:
    before, after = "amqp://u:old@mq/", "amqp://u:new@mq/"
    assert told({"url": before}, {"url": after}) == {"url": (MASK, MASK)}
    assert masked(Marked({"url": before})) == {"url": "amqp://u:***@mq/"}


def test_a_reference_to_a_secret_is_none() -> None:
    assert told({"secret_id": "a"}, {"secret_id": "b"}) == {"secret_id": ("a", "b")}
