"""The way from a visitor to a site and to Google, by their real names, in a fake world."""

from __future__ import annotations

import ssl

import httpx
from fakes.google import GoogleWorld
from fakes.google.runtime import ContainerRuntime


class Internet(httpx.BaseTransport):
    """Brings a request for `host` to the front of its service, one for an API of Google to it.

    The front speaks plain HTTP and tells the site that it was asked by https, as Google's does.
    """

    def __init__(self, world: GoogleWorld, service: str, host: str) -> None:
        assert isinstance(world.runtime, ContainerRuntime)
        self._surroundings = world.runtime.surroundings
        authority = self._surroundings.authority.decode()
        self._inner = httpx.HTTPTransport(verify=ssl.create_default_context(cadata=authority))
        self._front, self._host = httpx.URL(world.runtime.service_uri(service)), host

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        named = request.url.host
        if named == self._host:
            place = {"scheme": "http", "host": self._front.host, "port": self._front.port}
        elif named.endswith(".googleapis.com"):
            address, port = self._surroundings.address
            place = {"host": address, "port": port}
        else:
            raise httpx.ConnectError(f"there is no {named} in this world", request=request)
        sent = httpx.Request(
            request.method,
            request.url.copy_with(**place),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": named},
        )
        return self._inner.handle_request(sent)
