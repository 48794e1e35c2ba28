from __future__ import annotations

import socket

from nuages.effects import network


def test_a_port_in_use_is_not_free() -> None:
    with socket.socket() as server:
        server.bind((network.LOOPBACK, 0))
        server.listen()
        port = server.getsockname()[1]
        assert not network.is_free(port)
        assert network.answers(port)
        assert network.free_port(port, port) is None


def test_any_port_is_free() -> None:
    assert network.is_free(network.any_port())
