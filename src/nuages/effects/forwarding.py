"""A port of the loopback interface that leads to another machine, byte for byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from nuages.effects.network import LOOPBACK

_BLOCK = 65536


@contextlib.contextmanager
def forwarded(port: int, host: str, to: int) -> Iterator[int]:
    """Lead every connection on; whoever talks through it encrypts as with the far end itself.

    ``port`` 0 is any that is free; the one that it is comes out. Raises OSError where it is taken.
    """
    with socket.create_server((LOOPBACK, port)) as server:
        threading.Thread(target=_accept, args=(server, host, to), daemon=True).start()
        yield int(server.getsockname()[1])


def _accept(server: socket.socket, host: str, to: int) -> None:
    while True:
        try:
            near, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_lead, args=(near, host, to), daemon=True).start()


def _lead(near: socket.socket, host: str, to: int) -> None:
    with near, contextlib.suppress(OSError), socket.create_connection((host, to), 10) as far:
        far.settimeout(None)
        back = threading.Thread(target=_pour, args=(far, near), daemon=True)
        back.start()
        _pour(near, far)
        back.join()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    """Until one end is closed; the other is told so."""
    with contextlib.suppress(OSError):
        while block := source.recv(_BLOCK):
            sink.sendall(block)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
