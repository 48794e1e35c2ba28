"""Who may call a service: its ingress, its invokers.

https://cloud.google.com/run/docs/securing/ingress
https://cloud.google.com/run/docs/authenticating/overview
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .message import Head

Json = dict[str, Any]
_INTERNAL = {"INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"}


class Services(Protocol):
    """What the world knows."""

    def invokers(self, service: str) -> set[str]:
        """The members that have roles/run.invoker: `allUsers`, `serviceAccount:…`."""

    def ingress(self, service: str) -> str: ...

    def identity(self, token: str) -> Json | None:
        """The claims of an ID token that is valid."""


class Gatekeeper:
    """`inside` tells the network's own addresses."""

    def __init__(self, services: Services, inside: Callable[[str], bool]) -> None:
        self._services, self._inside = services, inside

    def internal(self, service: str) -> bool:
        return self._services.ingress(service) in _INTERNAL

    def refusal(self, service: str, head: Head, client: str) -> int | None:
        if self.internal(service) and not self._inside(client):
            return 404
        invokers = self._services.invokers(service)
        if "allUsers" in invokers:
            return None
        return self._caller(head, invokers)

    def _caller(self, head: Head, invokers: set[str]) -> int | None:
        given = head.get("x-serverless-authorization") or head.get("authorization")
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer":
            return 403
        claims = self._services.identity(token)
        if claims is None:
            return 401
        email = claims.get("email", "")
        members = {"allAuthenticatedUsers", f"serviceAccount:{email}", f"user:{email}"}
        return None if members & invokers else 403
