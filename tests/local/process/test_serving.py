from __future__ import annotations

from nuages.local.process.serving import is_taken


def test_a_port_that_somebody_else_took_meanwhile() -> None:
    assert is_taken("[ERROR] Connection in use: ('127.0.0.1', 8001)\n")
    assert is_taken("OSError: [Errno 98] error while binding: address already in use\n")
    assert not is_taken("[INFO] Listening at: http://127.0.0.1:8001\n")
