"""SIGTERM and SIGHUP, turned into the KeyboardInterrupt that Ctrl-C raises."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextlib.contextmanager
def interrupting() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the work inside as Ctrl-C does, so that it is cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, _interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Let nothing interrupt the clean-up inside."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def postponed() -> Iterator[None]:
    """Let what comes while the few lines inside run come right after them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [n for n in ENDING if signal.getsignal(n) not in (signal.SIG_IGN, None)]
    came: list[int] = []
    before = {n: signal.signal(n, lambda number, _: came.append(number)) for n in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for each in dict.fromkeys(came):
            signal.raise_signal(each)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
