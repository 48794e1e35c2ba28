"""SIGTERM and SIGHUP, turned into the KeyboardInterrupt that Ctrl-C raises."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any, TypeAlias

Handler: TypeAlias = Callable[[int, FrameType | None], Any] | signal.Handlers
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextlib.contextmanager
def interrupting() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the work inside as Ctrl-C does, so that it is cleaned up."""
    with _handled((signal.SIGTERM, signal.SIGHUP), _interrupt):
        yield


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Let nothing interrupt the clean-up inside."""
    with _handled(ENDING, signal.SIG_IGN):
        yield


@contextlib.contextmanager
def postponed() -> Iterator[None]:
    """Let what comes while the few lines inside run come right after them."""
    came: list[int] = []
    heard = [n for n in ENDING if signal.getsignal(n) not in (signal.SIG_IGN, None)]
    try:
        with _handled(heard, lambda number, _: came.append(number)):
            yield
    finally:
        for each in dict.fromkeys(came):
            signal.raise_signal(each)


@contextlib.contextmanager
def _handled(numbers: Iterable[signal.Signals], handler: Handler) -> Iterator[None]:
    """Only the main thread is told of signals: in another, all stays as it is."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
