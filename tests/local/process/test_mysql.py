from __future__ import annotations

import pytest

from nuages.local.process import mysql

EARLY = "0 [Note] Server socket created on IP: '127.0.0.1', port: '45461'.\n"


@pytest.mark.parametrize(
    ("log", "ready"),
    [
        ("", False),
        (EARLY, False),
        (f"{EARLY}0 [Note] /usr/sbin/mariadbd: ready for connections.\n", True),
        ("[System] [MY-011323] X Plugin ready for connections. Bind-address: '::'\n", False),
        ("[System] [MY-010931] /usr/sbin/mysqld: ready for connections. Version: '8.4'\n", True),
    ],
)
def test_a_server_is_ready_once_it_has_read_its_setup(log: str, ready: bool) -> None:
    assert mysql.is_ready(log) is ready
