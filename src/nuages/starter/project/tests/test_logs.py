"""What log viewers get to read."""

import json
import logging
import sys

import pytest
from django.test import Client, RequestFactory

from apps.core.logs import REQUEST, JsonFormatter, identity

TRACE = "0af7651916cd43dd8448eb211c80319c"


def entry(level: int = logging.INFO, message: str = "words", **options: object) -> dict:
    record = logging.LogRecord("shop", level, "shop.py", 1, message, (), None)
    record.__dict__ |= options
    return json.loads(JsonFormatter().format(record))


def test_an_entry_is_one_line_with_its_severity() -> None:
    found = entry(logging.WARNING, "first\nsecond", status_code=404)
    assert (found["severity"], found["logger"], found["status"]) == ("WARNING", "shop", 404)
    assert found["message"] == "first\nsecond"


def test_an_error_is_one_that_error_reporting_counts() -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        found = entry(logging.ERROR, exc_info=sys.exc_info())
    assert found["@type"].endswith("ReportedErrorEvent")
    assert found["stack_trace"].endswith("ValueError: broken")


def test_entries_carry_the_request_and_the_trace(rf: RequestFactory, monkeypatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "cloud")
    headers = {"X-Request-ID": "abc-1", "traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    token = REQUEST.set(identity(rf.get("/", headers=headers)))
    found = entry()
    REQUEST.reset(token)
    assert (found["request_id"], found["trace_id"]) == ("abc-1", TRACE)
    assert found["logging.googleapis.com/trace"] == f"projects/cloud/traces/{TRACE}"
    assert "request_id" not in entry()


def test_the_answer_tells_the_id(client: Client) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": "abc-1"})["X-Request-ID"] == "abc-1"


@pytest.mark.parametrize("forged", ["a\r\nSet-Cookie: x=1", "x" * 65, "<script>", ""])
def test_a_forged_id_is_replaced(client: Client, forged: str) -> None:
    given = client.get("/health/live", headers={"X-Request-ID": forged})["X-Request-ID"]
    assert given != forged
    assert len(given) == 32


def test_what_a_view_logs_carries_the_id(client: Client, db: None, caplog) -> None:
    caplog.handler.setFormatter(JsonFormatter())
    client.get("/missing/", headers={"X-Request-ID": "abc-2"})
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert [(line["status"], line["request_id"]) for line in lines] == [(404, "abc-2")]
