"""Memorystore for Redis: what Terraform made, as a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import notices
from fakes.google.clock import now
from fakes.google.kinds import REDIS

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld


def brought_up(world: GoogleWorld, name: str) -> None:
    """Starts the server; its authority is what the instance answers from now on."""
    made = world.resources.attributes(REDIS, name)
    authority = world.runtime.start_cache(
        {
            "name": name,
            "host": made["host"],
            "port": made["port"],
            "authEnabled": made["auth_enabled"],
            "authString": made["auth_string"],
            "transitEncryptionMode": made["transit_encryption_mode"],
        }
    )
    if authority:
        known = {"serial_number": "1", "sha1_fingerprint": "", "expire_time": ""}
        certificate = {**known, "cert": authority, "create_time": now()}
        world.resources.amend(REDIS, name, {"server_ca_certs": [certificate]})


@notices(REDIS)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        world.runtime.stop_cache(change.name)
    else:
        brought_up(world, change.name)
