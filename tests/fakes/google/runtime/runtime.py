"""The runtime of a world (`fakes.google.protocol.Runtime`): everything put together."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..protocol import Json, NotReady, Outcome, RequestCount
from .builds import Builds
from .cache import Caches
from .container import Spec, main_container, port, spec
from .databases import Databases
from .docker import Docker
from .doors import METADATA, PRIVATE
from .front import Front
from .gatekeeper import Gatekeeper
from .images import Images
from .instance import Setting
from .job import Execution
from .logs import Logs
from .metrics import Requests
from .network import Network
from .pool import Pool
from .ports import Ports
from .registry import Registry
from .resume import rest, resume
from .revision import Revision
from .surroundings import Surroundings

if TYPE_CHECKING:
    from ..world import GoogleWorld

ADMIN_PASSWORD = "-db-admin-password"  # how the secret's name ends


class ContainerRuntime:
    """Cloud Run, Cloud SQL and Artifact Registry on this machine's Docker engine.

    Args:
        patience: seconds that a revision may take to start, whatever its probe allows.
        registry: one that runs and outlives the world; it is emptied, but keeps the layers. Without
            it the world has its own, and the first push brings every layer.
        keep: dump the databases at the end, so that the next world on that folder has them again.
    """

    def __init__(
        self, patience: float = 60, registry: Registry | None = None, keep: bool = False
    ) -> None:
        self._shared, self._keep = registry, keep
        self.docker = Docker(secrets.token_hex(4))
        self.network = Network(self.docker)
        self.surroundings = Surroundings(self.docker, self.network)
        self.logs = Logs()
        self.requests = Requests(self.logs)
        self._setting = Setting(self.docker, self.logs, self.network.name, patience)
        self._revisions: dict[str, Revision] = {}
        self._executions: dict[str, Execution] = {}
        self._pools: dict[str, Pool] = {}

    def start(self, world: GoogleWorld) -> None:
        self._world = world
        self.registry = self._shared or Registry(world.folder / "registry")
        if self._shared:
            self.registry.forget()
        else:
            self.registry.start()
        self.images_held = Images(self.docker, self.registry)
        world.builder = Builds(world, self.registry, self.logs)
        self.docker.clear_abandoned()
        self.network.create()
        metadata, apis = self.surroundings.start(world)
        self.network.start([(METADATA, 80, metadata), (PRIVATE, 443, apis)])
        self.databases = Databases(self.docker, self.network, world.folder / "backups")
        self.caches = Caches(self.docker, self.network, world.folder / "certificates")
        self.gatekeeper = Gatekeeper(world, self.network.inside)
        self.front = Front(
            world.project_number,
            self._revisions.get,
            self.gatekeeper,
            self.requests,
            Ports(world.folder / "ports.json"),
        )
        self.front.start(self.network.gateway)
        resume(self, world)

    def stop(self) -> None:
        self.front.stop()
        if self._keep:
            rest(self)
        for pool in self._pools.values():
            pool.abandon()
        self.docker.clear()
        self.surroundings.stop()
        self.docker.forget_images(self.registry.host)
        if not self._shared:
            self.registry.stop()

    # Artifact Registry

    def registry_uri(self, repository: str) -> str:
        _, project, _, _, _, name = repository.split("/")
        return f"{self.registry.host}/{project}/{name}"

    def images(self, repository: str) -> Sequence[Json]:
        path = self.registry_uri(repository).partition("/")[2]
        return [
            {"name": f"{repository}/dockerImages/{found['uri'].rpartition('/')[2]}", **found}
            for found in self.images_held.listed(path)
        ]

    # Services

    def service_uri(self, service: str, tag: str = "") -> str:
        """On loopback; where only the network may call it, at its gateway, which containers see."""
        internal = self.gatekeeper.internal(service)
        address = self.network.gateway if internal else "127.0.0.1"
        return f"http://{address}:{self.front.port(service, tag)}"

    def start_revision(self, revision: Json) -> None:
        name = revision["name"]
        if name not in self._revisions:
            made = Revision(self._setting, revision, lambda: self._resolve_revision(revision))
            made.ensure()
            self._revisions[name] = made
        self._revisions[name].ensure()

    def _resolve_revision(self, revision: Json) -> Spec:
        _, _, _, _, _, service, _, short = revision["name"].split("/")
        environment = {
            "K_SERVICE": service,
            "K_REVISION": short,
            "K_CONFIGURATION": service,
            "PORT": str(port(main_container(revision))),
        }
        return self._resolve(revision["name"], revision, environment)

    def _resolve(self, name: str, template: Json, environment: Mapping[str, str]) -> Spec:
        image = self.images_held.resolve(main_container(template)["image"])
        made = spec(template, image, environment, self._secret, self.network.attached())
        return self.surroundings.furnished(made, template, name)

    def _secret(self, name: str, version: str) -> bytes:
        short = name.rsplit("/", 1)[-1]
        value = self._world.secret(f"projects/{self._world.project}/secrets/{short}", version)
        if value is None:
            path = f"projects/{self._world.project_number}/secrets/{short}/versions/{version}"
            raise NotReady(f"Secret {path} was not found")
        return value

    def stop_revision(self, revision: str) -> None:
        if found := self._revisions.get(revision):
            found.retire()

    def route(self, service: str, shares: Mapping[str, int], tags: Mapping[str, str]) -> None:
        """Every revision that is named has a ready instance before the first request goes there;
        all others of the service end, each when its last request has ended.
        """
        named = {name for name, percent in shares.items() if percent} | set(tags.values())
        for name in named & set(self._revisions):
            self._revisions[name].ensure()
        self.front.route(service, shares, tags)
        for name, revision in list(self._revisions.items()):
            if name.startswith(f"{service}/") and name not in named:
                threading.Thread(target=revision.retire, daemon=True).start()

    # Jobs and worker pools

    def run_execution(self, execution: Json) -> Outcome:
        name, template = execution["name"], execution["template"]
        running = Execution(
            self._setting, execution, lambda env: self._resolve(name, template, env)
        )
        self._executions[name] = running
        return running.run()

    def cancel_execution(self, execution: str) -> None:
        if running := self._executions.get(execution):
            running.cancel()

    def start_worker_pool(self, pool: Json, revision: str) -> None:
        name, template = pool["name"], pool["template"]
        fresh = Pool(self._setting, pool, revision, lambda env: self._resolve(name, template, env))
        running = self._pools.get(name)
        if running and running.same(fresh):
            return
        fresh.start()
        self.stop_worker_pool(pool["name"])
        self._pools[pool["name"]] = fresh

    def stop_worker_pool(self, pool: str) -> None:
        if running := self._pools.pop(pool, None):
            running.stop()

    # What is seen of it

    def log_entries(self) -> Sequence[Json]:
        return self.logs.entries()

    def request_counts(self) -> Sequence[RequestCount]:
        return self.requests.counts()

    # Cloud SQL

    def start_database(self, instance: Json) -> None:
        self.databases.start(instance)

    def stop_database(self, instance: str) -> None:
        self.databases.stop(instance)

    def set_user(self, instance: str, user: str, password: str | None) -> None:
        """Without a password a new user has that of the administrator, from its secret: Terraform
        writes it where nobody can read it again.
        """
        server = self.databases[instance]
        if password is None and not server.has_user(user):
            password = self._admin_password(instance)
        server.set_user(user, password)

    def _admin_password(self, instance: str) -> str | None:
        for name in self._world.secret_names():
            site, found, _ = name.rsplit("/", 1)[-1].partition(ADMIN_PASSWORD)
            if found and instance.startswith(site):
                value = self._world.secret(name, "latest")
                return value.decode() if value else None
        return None

    def drop_user(self, instance: str, user: str) -> None:
        self.databases[instance].drop_user(user)

    def create_database(self, instance: str, database: str) -> None:
        self.databases[instance].create_database(database)

    def drop_database(self, instance: str, database: str) -> None:
        self.databases[instance].drop_database(database)

    def back_up(self, instance: str, backup: str) -> None:
        self.databases.back_up(instance, backup)

    def restore(self, backup: str, instance: str) -> None:
        self.databases.restore(backup, instance)

    def clone(self, source: str, target: Json) -> None:
        self.databases.clone(source, target)

    # Memorystore

    def start_cache(self, instance: Json) -> str:
        return self.caches.start(instance)

    def stop_cache(self, instance: str) -> None:
        self.caches.stop(instance)
