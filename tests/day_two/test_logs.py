from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from fakes.google import GoogleWorld

from nuages.effects import clock
from nuages.errors import UsageError

from . import released

NOW = datetime(2026, 11, 21, 19, 31, tzinfo=UTC)
REQUEST = {
    "requestMethod": "GET",
    "requestUrl": "https://club.example/albums/?page=2",
    "status": 200,
    "latency": "0.031s",
}


@pytest.fixture(autouse=True)
def printed(world: GoogleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    world.runtime.entries = [
        released.printed("from the worker", "cloud_run_worker_pool", "club-worker", 3),
        released.printed("", "cloud_run_revision", "club", 1, httpRequest=REQUEST, severity="INFO"),
        released.printed(
            "", "cloud_run_revision", "club", 4, jsonPayload={"message": "Oh\nno"}, severity="ERROR"
        ),
        released.printed("another site's", "cloud_run_revision", "clubhouse", 2),
        released.printed("staging's", "cloud_run_job", "club-staging-migrate", 2),
        released.printed("Applying 0001", "cloud_run_job", "club-migrate", 2),
    ]


def test_everything_of_the_site_in_the_order_of_time(nuages) -> None:
    said = nuages("logs")
    assert said.out.splitlines() == [
        "2026-11-21 19:30:01 web GET 200 0.031s /albums/?page=2",
        "2026-11-21 19:30:02 migrate Applying 0001",
        "2026-11-21 19:30:03 worker from the worker",
        "2026-11-21 19:30:04 web Oh",
        "2026-11-21 19:30:04 web no",
    ]


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (("--service", "worker"), ["from the worker"]),
        (("--service", "worker", "--service", "migrate"), ["Applying 0001", "from the worker"]),
        (("--severity", "error"), ["Oh\nno"]),
        (("--grep", "applying"), ["Applying 0001"]),
        (("--limit", "1"), ["Oh\nno"]),
        (("--since", "57s"), ["from the worker", "Oh\nno"]),
    ],
)
def test_some_of_it(nuages, options: tuple[str, ...], texts: list[str]) -> None:
    said = nuages("logs", "--json", *options)
    assert [json.loads(line)["text"] for line in said.out.splitlines()] == texts


def test_following_gives_out_everything_once(
    nuages, world: GoogleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = [
        released.printed("late", "cloud_run_revision", "club", 2),
        released.printed("new", "cloud_run_revision", "club", 9),
    ]

    def pause(_: float) -> None:
        if len(later) == 2:
            world.fail("logging.entries.list", 409)
        if not later:
            raise KeyboardInterrupt
        world.runtime.entries.append(later.pop(0))

    monkeypatch.setattr(clock, "pause", pause)
    said = nuages("logs", "--follow", "--json", "--service", "web")
    assert said.status == 130
    texts = [json.loads(line)["text"] for line in said.out.splitlines()]
    assert texts == ["GET 200 0.031s /albums/?page=2", "Oh\nno", "late", "new"]


@pytest.mark.parametrize("wrong", [("--since", "soon"), ("--since", "0m"), ("--service", "wroker")])
def test_what_cannot_be_meant_is_said(nuages, wrong: tuple[str, ...]) -> None:
    said = nuages("logs", *wrong)
    assert said.status == UsageError.exit_code
