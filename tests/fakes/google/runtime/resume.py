"""A world that was stopped and is started again on its folder: what ran then runs again."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ..errors import GoogleError
from ..kinds import REDIS, SERVICE, SQL_DATABASE, SQL_INSTANCE, SQL_USER, WORKER_POOL
from ..protocol import Json, NotReady
from ..services.caches import brought_up
from ..services.run.traffic import allocated

if TYPE_CHECKING:
    from ..world import GoogleWorld
    from .runtime import ContainerRuntime

AT_REST = "at-rest-"  # how the dumps are called that a stopped world leaves


def resume(runtime: ContainerRuntime, world: GoogleWorld) -> None:
    """Databases with what was in them, caches, worker pools, services with their traffic."""
    for instance in world.resources.list(SQL_INSTANCE):
        _database(runtime, world, instance)
    for name in world.resources.names(REDIS):
        brought_up(world, name)
    for pool in world.resources.list(WORKER_POOL):
        with contextlib.suppress(NotReady):
            runtime.start_worker_pool(pool, pool.get("latestReadyRevision", ""))
    for service in world.resources.list(SERVICE):
        with contextlib.suppress(NotReady, GoogleError):
            _service(runtime, world, service)


def _database(runtime: ContainerRuntime, world: GoogleWorld, instance: Json) -> None:
    name = instance["name"]
    runtime.start_database(instance)
    if runtime.databases.has_backup(AT_REST + name):
        runtime.restore(AT_REST + name, name)
        return
    for database in world.resources.names(SQL_DATABASE, f"{name}/databases/"):
        runtime.create_database(name, database.rpartition("/")[2])
    for user in world.resources.names(SQL_USER, f"{name}/users/"):
        runtime.set_user(name, user.rpartition("/")[2], None)


def _service(runtime: ContainerRuntime, world: GoogleWorld, service: Json) -> None:
    shares, tags = allocated(world, service)
    for name in {*shares, *tags.values()}:
        runtime.start_revision(world.resources.get("revisions", name) or {})
    runtime.route(service["name"], shares, tags)


def rest(runtime: ContainerRuntime) -> None:
    """Keeps the databases for the next start."""
    for name in runtime.databases.names():
        runtime.back_up(name, AT_REST + name)
