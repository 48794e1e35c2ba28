"""Ports on the loopback interface, and whether others can be reached."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"


def answers(port: int, seconds: float = 0.5) -> bool:
    """Tell whether something accepts connections on this port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=seconds):
            return True
    except OSError:
        return False


def reaches(host: str, port: int, seconds: float = 5.0) -> bool:
    """Tell whether something accepts connections at an address that may be far away."""
    try:
        with socket.create_connection((host, port), timeout=seconds):
            return True
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    held = reserve([port])
    if held is not None:
        held.release()
    return held is not None


@dataclass
class Reservation:
    """A port that nobody else gets while what needs it is still being made."""

    port: int
    _holder: socket.socket

    def release(self) -> None:
        """Let go of the port, for the server that is started now."""
        self._holder.close()


def reserve(ports: Iterable[int]) -> Reservation | None:
    """Hold the first free port of these; None when every one is taken."""
    for port in ports:
        if answers(port):
            continue
        holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind((LOOPBACK, port))
            holder.listen()  # with SO_REUSEADDR two may bind a port, and the second fails here
        except OSError:
            holder.close()
            continue
        return Reservation(port, holder)
    return None


def any_port() -> int:
    """A free port that the system chooses."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def responds(port: int, seconds: float = 2.0) -> bool:
    """Tell whether a server answers a request with anything at all, which TLS does not."""
    request = b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n"
    try:
        with socket.create_connection((LOOPBACK, port), timeout=seconds) as connection:
            connection.sendall(request)
            return bool(connection.recv(1))
    except OSError:
        return False
