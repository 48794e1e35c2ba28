from __future__ import annotations

from dataclasses import replace
from typing import Any

from nuages.deploy.following import Following
from nuages.steps.site import Record
from nuages.steps.step import Request, Tail


class Log:
    """A log that answers two entries a page."""

    def __init__(self) -> None:
        self.entries: list[Record] = []
        self.asked: list[str] = []

    def send(self, request: Request) -> Any:
        since, page = request.parameters["since"], int(request.parameters["page"])
        self.asked.append(since)
        found = sorted((r for r in self.entries if r.at >= since), key=lambda r: r.at)
        return {"found": found[page * 2 : page * 2 + 2], "more": len(found) > page * 2 + 2}


def tail() -> Tail:
    def following(request: Request, answer: Any) -> Request | None:
        if not answer["more"]:
            return None
        given = request.parameters
        return replace(request, parameters={**given, "page": given["page"] + 1})

    return Tail(
        Request("log", "log", "list", {"since": "", "page": 0}),
        after=lambda r, at: replace(r, parameters={**r.parameters, "since": at}),
        following=following,
        records=lambda answer: answer["found"],
    )


def record(id: str, second: int) -> Record:
    return Record(id, f"2026-11-21T19:30:{second:02d}.000000000Z", "web", "", id)


def test_everything_is_given_once_in_order_however_late_it_is() -> None:
    log = Log()
    following = Following(log, tail())  # type: ignore[arg-type]
    log.entries = [record("c", 30), record("a", 10), record("b", 20)]
    assert [r.id for r in following.new()] == ["a", "b", "c"]

    log.entries += [record("late", 15), record("d", 31)]
    assert [r.id for r in following.new()] == ["late", "d"]
    assert following.new() == []
    assert log.asked[-1] > "2026-11-21T19:30:10"


def test_what_was_shown_before_is_not_given_again() -> None:
    log = Log()
    log.entries = [record("a", 10), record("b", 20)]
    following = Following(log, tail())  # type: ignore[arg-type]
    following.take(log.entries[:1])
    assert [r.id for r in following.new()] == ["b"]
