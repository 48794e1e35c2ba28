"""Google's front end on loopback: a port for each service and each of its tags.

It also listens at the network's gateway, where the containers of the world reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..protocol import NotReady
from .hosts import Name, hosts
from .message import Head, Malformed, forwarded, returned
from .metrics import Exchange, Requests
from .pages import page
from .ports import Ports
from .revision import Revision
from .shares import Shares
from .streams import copy, read_head

# An instance of this machine takes a connection at once, or it has just ended: then the engine will
# notice within these tries.
_CONNECT = 0.5
_TRIES = 20
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Gatekeeper(Protocol):
    """Who may call a service."""

    def refusal(self, service: str, head: Head, client: str) -> int | None:
        """The status of the page that a caller gets who may not; None for the others."""


@dataclass
class Route:
    """Where a service's requests go; replaced as a whole."""

    shares: Shares
    tags: Mapping[str, str]
    default: str = ""


@dataclass
class Listener:
    service: Name
    tag: str
    hosts: tuple[str, ...]
    port: int
    servers: list[asyncio.Server] = field(default_factory=list)


class Front:
    """`revision` finds one by its full name."""

    def __init__(
        self,
        number: str,
        revision: Callable[[str], Revision | None],
        gatekeeper: Gatekeeper,
        requests: Requests,
        ports: Ports,
    ) -> None:
        self._number, self._revision, self._gatekeeper = number, revision, gatekeeper
        self._requests, self._ports = requests, ports
        self._routes: dict[str, Route] = {}
        self._listeners: dict[tuple[str, str], Listener] = {}
        self._addresses: list[str] = ["127.0.0.1"]
        self.trouble: Callable[[str], int | None] | None = None
        """What goes wrong with a request to a tag: its status, 0 for a connection that is cut."""
        self._loop = asyncio.new_event_loop()

    def start(self, *further: str) -> None:
        """Listens on loopback and at those addresses."""
        self._addresses += further
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _close(self) -> None:
        for listener in self._listeners.values():
            for server in listener.servers:
                server.close()

    def port(self, service: str, tag: str = "") -> int:
        """Of that service or tag: the same as long as the world lives."""
        key = (service, tag)
        if key not in self._listeners:
            name = Name.parse(service)
            port = self._ports.port("/".join(key))
            self._listeners[key] = Listener(name, tag, hosts(name, self._number, tag), port)
            opened = self._open(self._listeners[key])
            asyncio.run_coroutine_threadsafe(opened, self._loop).result(5)
        return self._listeners[key].port

    async def _open(self, listener: Listener) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(listener, reader, writer)

        for address in self._addresses:
            server = await asyncio.start_server(serve, address, listener.port, limit=2**17)
            listener.servers.append(server)

    def route(self, service: str, shares: Mapping[str, int], tags: Mapping[str, str]) -> None:
        self._routes[service] = Route(Shares(shares), dict(tags))

    async def _serve(
        self, listener: Listener, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            client = writer.get_extra_info("peername")[0]
            try:
                head = Head.parse(await read_head(reader))
            except (Malformed, asyncio.LimitOverrunError):
                writer.write(page(400, ""))
            else:
                await self._answer(listener, head, client, (reader, writer))
            await writer.drain()
        writer.close()

    async def _answer(self, listener: Listener, head: Head, client: str, streams: Streams) -> None:
        if self.trouble and listener.tag:
            wrong = await asyncio.to_thread(self.trouble, listener.tag)
            if wrong is not None:
                streams[1].write(page(wrong, head.target) if wrong else b"")
                return
        target = self._target(listener)
        refused = self._gatekeeper.refusal(listener.service.full, head, client) if target else 404
        if target is None or refused:
            streams[1].write(page(refused or 404, head.target))
            return
        asked = head.get("host")
        host = asked if asked in listener.hosts else listener.hosts[0]
        exchange = Exchange(head, host, client, time.time())
        try:
            relayed = self._relay(listener, target, exchange, streams)
            status = await asyncio.wait_for(relayed, target.timeout)
        except TimeoutError:
            status = 504
            streams[1].write(page(504, head.target))
        self._requests.add(target, exchange, status)

    def _target(self, listener: Listener) -> Revision | None:
        route = self._routes.get(listener.service.full)
        if route is None:
            return None
        if listener.tag:
            return self._revision(route.tags.get(listener.tag, ""))
        return self._revision(route.shares.next()) if route.shares else None

    async def _relay(
        self, listener: Listener, target: Revision, exchange: Exchange, streams: Streams
    ) -> int:
        """Sends the request to an instance and its answer back; the answer's status."""
        trace = secrets.token_hex(16)
        sent = forwarded(exchange.head, exchange.host, exchange.client, trace)
        for _ in range(_TRIES):
            if target.instance is None:  # it may have ended because people are sent elsewhere now
                target = self._target(listener) or target
            try:
                instance = target.instance or await asyncio.to_thread(target.ensure)
                instance.in_flight += 1
            except NotReady:
                break
            try:
                opening = asyncio.open_connection(instance.address, target.port, limit=2**17)
                upstream = await asyncio.wait_for(opening, _CONNECT)
            except (OSError, TimeoutError):
                await asyncio.sleep(0.05)
            else:
                return await _exchanged(sent, streams, upstream)
            finally:
                instance.in_flight -= 1
        streams[1].write(page(503, exchange.head.target))
        return 503


async def _exchanged(head: Head, client: Streams, instance: Streams) -> int:
    (asking, answering), (upstream, downstream) = client, instance
    downstream.write(head.encode())
    body = asyncio.create_task(copy(asking, downstream))
    try:
        answer = Head.parse(await read_head(upstream))
        while 100 <= answer.status < 200 and answer.status != 101:
            answering.write(answer.encode())
            answer = Head.parse(await read_head(upstream))
        answering.write(returned(answer).encode())
        await copy(upstream, answering)
    except (Malformed, asyncio.IncompleteReadError, ConnectionError):
        answering.write(page(503, head.target))
        return 503
    finally:
        body.cancel()
        downstream.close()
    return answer.status
