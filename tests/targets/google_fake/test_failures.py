"""Injected failures arrive as often as asked for, before or after the effect."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import RemoteDisconnected
from typing import Any

import pytest
from fakes.google import GoogleWorld
from googleapiclient.errors import HttpError

METHOD = "cloudbilling.projects.getBillingInfo"


@pytest.fixture
def ask(client: Callable[[str], Any]) -> Callable[[], Any]:
    projects = client("cloudbilling.v1").projects()
    return projects.getBillingInfo(name="projects/jazz-club").execute


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (403, "PERMISSION_DENIED"),
        (409, "ABORTED"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
    ],
)
def test_refused_twice(world: GoogleWorld, ask: Any, status: int, name: str) -> None:
    world.fail(METHOD, status=status, times=2)
    for _ in range(2):
        with pytest.raises(HttpError) as refused:
            ask()
        assert refused.value.resp.status == status
        assert f'"status": "{name}"' in refused.value.content.decode()
    assert ask()["billingEnabled"]


def test_cut(world: GoogleWorld, ask: Any) -> None:
    world.cut("cloudbilling.*", times=3)  # httplib2 itself tries a second time
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask()
    world.failures.requests.clear()
    assert ask()["billingEnabled"]


def test_hang(world: GoogleWorld, ask: Any) -> None:
    world.hang(METHOD, seconds=0.2)
    started = time.monotonic()
    assert ask()["billingEnabled"]
    assert time.monotonic() - started >= 0.2
