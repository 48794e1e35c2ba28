from __future__ import annotations

import socket

from nuages.effects import network


def test_a_reserved_port_goes_to_nobody_else_until_it_is_released() -> None:
    port = network.any_port()
    held = network.reserve([port])
    assert held is not None
    assert network.reserve([port]) is None
    held.release()
    again = network.reserve([port])
    assert again is not None
    again.release()


def test_a_port_in_use_is_passed_over() -> None:
    with socket.socket() as server:
        server.bind((network.LOOPBACK, 0))
        server.listen()
        taken, other = server.getsockname()[1], network.any_port()
        held = network.reserve([taken, other])
        assert held is not None
        assert held.port == other
        held.release()


def test_a_port_that_somebody_holds_without_listening_yet_is_passed_over() -> None:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind((network.LOOPBACK, 0))
        taken, other = holder.getsockname()[1], network.any_port()
        first = network.reserve([taken, other])
        assert first is not None
        second = network.reserve([first.port])
        first.release()
        assert second is None


def test_a_server_that_says_nothing_does_not_respond() -> None:
    with socket.socket() as server:
        server.bind((network.LOOPBACK, 0))
        server.listen()
        port = server.getsockname()[1]
        assert network.answers(port)
        assert not network.responds(port, 0.2)
