from __future__ import annotations

import socket
import threading

import pytest

from nuages.effects.forwarding import forwarded


def echo(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            said = b""
            while block := connection.recv(1000):
                said += block
            connection.sendall(said.upper())


def test_every_connection_is_led_on_and_its_end_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=echo, args=(server,), daemon=True).start()
        with forwarded(0, "127.0.0.1", server.getsockname()[1]) as port:
            for text in (b"select 1", b"x" * 300_000):
                with socket.create_connection(("127.0.0.1", port), 5) as client:
                    client.sendall(text)
                    client.shutdown(socket.SHUT_WR)
                    answer = b""
                    while block := client.recv(65536):
                        answer += block
                assert answer == text.upper()


def test_a_port_that_is_taken_is_said_to_be_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(OSError, match="in use"):
        forwarded(server.getsockname()[1], "127.0.0.1", 1).__enter__()
