"""How often one may try: counted by address and by account, in the cache."""

import hashlib
import logging
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from .models import User

HOUR = 3600  # seconds
log = logging.getLogger(__name__)
# Counts while the cache is away: each process for itself, but never without a limit.
stand_in = LocMemCache("throttling", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


def seconds_to_wait(request: HttpRequest | None, action: str, account: str) -> int:
    """Count one try of `action` on `account`.

    Args:
        action: a key of ``settings.TRIES_AN_HOUR``.
        account: the e-mail address that was given, whether or not there is such an account.

    Returns:
        0 when the try is welcome, otherwise the seconds until the next one is.
    """
    by_address, by_account = settings.TRIES_AN_HOUR[action]
    hour, passed = divmod(int(time.time()), HOUR)
    address = client(request)
    # A refused address is not counted against the account: it could lock somebody else out.
    if address and count(key(action, "address", address, hour)) > by_address:
        return HOUR - passed
    if count(key(action, "account", account, hour)) > by_account:
        return HOUR - passed
    return 0


def forgive(action: str, account: str) -> None:
    """Begin the account's count anew, after it was proved to be the owner."""
    name = key(action, "account", account, int(time.time()) // HOUR)
    for store in (cache, stand_in):
        try:
            store.delete(name)
        except Exception:  # whatever a cache's client may raise
            log.exception("The cache is away")


def client(request: HttpRequest | None) -> str:
    """The address that the nearest trusted proxy saw (``NUM_PROXIES``); of IPv6, its network."""
    ident = BaseThrottle().get_ident(cast(Request, request)) if request else ""
    try:
        address = ip_address(ident)
    except ValueError:
        return ident or ""
    if isinstance(address, IPv6Address):  # one subscriber commonly has a whole /64
        return str(ip_network((address, 64), strict=False))
    return ident


def key(action: str, kind: str, value: str, hour: int) -> str:
    """Hashed, so that the cache holds nobody's address."""
    digest = hashlib.sha256(value.strip().lower().encode()).hexdigest()
    return f"tries:{action}:{kind}:{digest}:{hour}"


def count(name: str) -> int:
    """Add one, in a single step so that parallel tries are all seen."""
    for store in (cache, stand_in):
        try:
            store.add(name, 0, HOUR)
            return store.incr(name)
        except Exception:  # whatever a cache's client may raise, also one that keeps nothing
            log.warning("The cache cannot count; counting in this process", exc_info=True)
    return 1


class ThrottledBackend(ModelBackend):
    """Refuses guesses before it looks at the password, wherever they come in: site, admin, API."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the active account with this e-mail address and password, or None.

        Raises:
            PermissionDenied: too many tries; ``request.seconds_to_wait`` says how long to wait.
        """
        account = username or kwargs.get(User.USERNAME_FIELD)
        if account is None or password is None:
            return None
        if wait := seconds_to_wait(request, "login", account):
            if request is not None:
                request.seconds_to_wait = wait  # type: ignore[attr-defined]
            raise PermissionDenied("Too many tries.")
        user = super().authenticate(request, username=account, password=password)
        if user is not None:
            forgive("login", account)
        return user
