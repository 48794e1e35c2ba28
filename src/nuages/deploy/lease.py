"""Keeps a second deployer out: an object beside the state that its holder renews.

Cloud Storage writes an object only where it still has the version that was read, so that of two
who take it at once one is refused (https://cloud.google.com/storage/docs/request-preconditions).
A holder that died is known at once on the same machine, elsewhere when it has not renewed the
lease for ``TERM`` seconds.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nuages.effects import clock, shell
from nuages.errors import Busy, Changed, NuagesError
from nuages.targets.target import Client, Object

NAME = "lock.json"
TERM = 120
EVERY = 30


@contextlib.contextmanager
def held(client: Client, place: str, prefix: str, release: str) -> Iterator[Lease]:
    """Hold the lease for as long as the work inside takes; raises Busy where somebody has it."""
    lease = Lease(client, place, f"{prefix}/{NAME}", release)
    lease.take()
    done = threading.Event()
    keeper = threading.Thread(target=lease.keep, args=(done,), daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        done.set()
        keeper.join(timeout=5)
        lease.give_back()


def holder(client: Client, place: str, prefix: str) -> dict[str, Any] | None:
    """Who is at a release now; None: nobody, or somebody who died."""
    found = client.read(place, f"{prefix}/{NAME}")
    return None if found is None or _is_dead(found) else _holder(found)


def who() -> str:
    """The person and the machine, as others are told who is at it."""
    with contextlib.suppress(Exception):
        return f"{getpass.getuser()}@{socket.gethostname()}"
    return socket.gethostname()


@dataclass
class Lease:
    client: Client
    place: str
    name: str
    release: str
    version: str | None = None
    lost: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> None:
        """Raises Busy where a living holder has it."""
        found = self.client.read(self.place, self.name)
        if found is not None and not _is_dead(found):
            raise _busy(found)
        try:
            self._write(None if found is None else found.version)
        except Changed as error:
            raise Busy(
                "Another release has begun at this very moment",
                hint="Wait for it, then deploy again.",
            ) from error

    def keep(self, done: threading.Event) -> None:
        """Renew it until all is done; who has lost it is told at the next stage."""
        while not done.wait(EVERY):
            try:
                self._write(self.version)
            except Changed:
                self.lost = True
                return
            except NuagesError:
                continue

    def demand(self) -> None:
        """Raises Busy where somebody took it over, believing that we had died."""
        if self.lost:
            raise Busy(
                "Another release took over: this one was not heard of for too long",
                hint="See `nuages status`, then deploy again.",
            )

    def give_back(self) -> None:
        with contextlib.suppress(NuagesError), self._lock:
            if self.version is not None and not self.lost:
                self.client.delete(self.place, self.name, self.version)

    def _write(self, version: str | None) -> None:
        with self._lock:
            self.version = self.client.write(self.place, self.name, self._text(), version)

    def _text(self) -> str:
        pid = os.getpid()
        holder = {"by": who(), "host": socket.gethostname(), "pid": pid}
        holder |= {"born": shell.birth(pid), "release": self.release}
        return json.dumps(holder | {"at": clock.now().isoformat()})


def _is_dead(found: Object) -> bool:
    holder = _holder(found)
    if holder.get("host") == socket.gethostname():
        return shell.birth(int(holder.get("pid", 0))) != holder.get("born")
    try:
        age = clock.now() - datetime.fromisoformat(str(holder.get("at")))
    except ValueError:
        return True
    return age.total_seconds() > TERM


def _holder(found: Object) -> dict[str, Any]:
    try:
        holder = json.loads(found.text)
    except ValueError:
        return {}
    return holder if isinstance(holder, dict) else {}


def _busy(found: Object) -> Busy:
    holder = _holder(found)
    return Busy(
        f"{holder.get('by', 'Somebody')} is at a release of this site "
        f"({holder.get('release', '?')}, since or renewed {holder.get('at', '?')})",
        hint="Wait for it. One that died without a word is taken over "
        f"{TERM} s after its last sign of life.",
    )
