"""Google as containers of the world reach it: by its own names and addresses.

The world's router is the default gateway of its containers. It holds the metadata server's address
and one of private.googleapis.com, and hands what comes there to these two servers on this machine,
with a line that says who sent it: https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
https://cloud.google.com/vpc/docs/configure-private-google-access
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..server import Connection
from . import metadata
from .certificates import Pair

if TYPE_CHECKING:
    from ..world import GoogleWorld

METADATA, PRIVATE = "169.254.169.254", "199.36.153.8"


class Door(ThreadingHTTPServer):
    """`router` alone tells for whom it speaks; all others speak for themselves."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, address: str, router: str, handler: type[BaseHTTPRequestHandler], pair: Pair | None
    ) -> None:
        super().__init__((address, 0), handler)
        self._router, self._context = router, _context(pair) if pair else None
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(60)
        if client_address[0] == self._router:
            client_address = _announced(request)
        if self._context:
            request = self._context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or does not trust the certificate, is nothing to speak of."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


def _announced(request: socket.socket) -> tuple[str, int]:
    line = b""
    while not line.endswith(b"\n"):
        byte = request.recv(1)
        if not byte:
            raise ConnectionError("hung up before it said for whom it speaks")
        line += byte
    _, _, source, _, port, _ = line.decode("ascii").split()
    return source, int(port)


def _context(pair: Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "pair.pem")
        file.touch(mode=0o600)
        file.write_bytes(pair.certificate + pair.key)
        context.load_cert_chain(file)
    return context


class ByName(Connection):
    """A request that was sent to a real name: its Host says which API it is for."""

    def target(self) -> str:
        return f"/{self.headers.get('Host', '').partition(':')[0]}{self.path}"


class Apis(Door):
    """The world's APIs, by TLS."""

    def __init__(self, world: GoogleWorld, address: str, router: str, pair: Pair) -> None:
        self.world = world
        super().__init__(address, router, ByName, pair)


class Metadata(Door):
    """`asking` finds a container by its address."""

    def __init__(
        self,
        world: GoogleWorld,
        address: str,
        router: str,
        asking: Callable[[str], metadata.Asking | None],
    ) -> None:
        self._world, self._asking = world, asking
        super().__init__(address, router, metadata.Handler, None)

    def answered(self, client: str, target: str, flavoured: bool) -> metadata.Answer:
        project = self._world.project, self._world.project_number
        asking = self._asking(client)
        return metadata.answer(project, self._world.tokens, asking, target, flavoured)
