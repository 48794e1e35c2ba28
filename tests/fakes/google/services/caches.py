"""Memorystore, for Redis and for Valkey: what Terraform made, as a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import notices
from fakes.google.clock import now
from fakes.google.kinds import REDIS, VALKEY

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


def valkey_brought_up(world: GoogleWorld, name: str) -> None:
    """The same, at the address of its endpoint. Nobody is asked for a password.

    Redis stands in for Valkey 7.2, which it was until then: https://valkey.io/topics/migration/.
    """
    made = world.resources.attributes(VALKEY, name)
    endpoint = made["endpoints"][0]["connections"][0]["psc_auto_connection"][0]
    authority = world.runtime.start_cache(
        {
            "name": f"{name}/valkey",
            "host": endpoint["ip_address"],
            "port": endpoint["port"],
            "transitEncryptionMode": made["transit_encryption_mode"],
        }
    )
    if authority:
        known = [{"ca_certs": [{"certificates": [authority]}]}]
        world.resources.amend(VALKEY, name, {"managed_server_ca": known})


@notices(VALKEY)
def valkey_from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        world.runtime.stop_cache(f"{change.name}/valkey")
    else:
        valkey_brought_up(world, change.name)
