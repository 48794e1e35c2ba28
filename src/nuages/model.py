"""The deployment, frozen and neutral: no word here belongs to one cloud.

``config.resolve`` makes a ``Deployment`` out of ``nuages.yaml`` and a ``Project``; every
default is decided there. Memory and sizes are bytes, durations are seconds, CPU is in cores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nuages.image import Image
from nuages.overlay import SettingsOverlay

Server = Literal["gunicorn", "uvicorn", "uwsgi", "granian"]
Engine = Literal["postgresql", "mysql", "sqlite"]
StaticMode = Literal["whitenoise", "server", "bucket"]


@dataclass(frozen=True)
class Secret:
    """A variable whose value is kept in a secret store and never in a file."""

    name: str
    generated: bool
    """Nuages may make the value up (a key, a password); else only the user knows it."""


@dataclass(frozen=True)
class ServerProcess:
    """How the web server is run inside its container."""

    kind: Server
    target: str
    """``package.wsgi:application``."""
    asgi: bool
    workers: int
    threads: int
    timeout: int
    graceful_timeout: int
    keepalive: int
    max_upload: int


@dataclass(frozen=True)
class Scaling:
    min_instances: int
    max_instances: int
    concurrency: int
    target_cpu: int | None = None
    """Per cent."""


@dataclass(frozen=True)
class Probe:
    """A health check as a load balancer or an orchestrator sends it."""

    path: str
    interval: int
    timeout: int
    failure_threshold: int
    start_period: int
    start_delay: int = 0


@dataclass(frozen=True)
class Service:
    """A process that runs until it is told to stop."""

    name: str
    command: tuple[str, ...]
    """argv; empty for the web service, whose command is its ``ServerProcess``."""
    cpu: float
    memory: int
    scaling: Scaling
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    singleton: bool = False
    """Never two at once (Celery beat), not even during a release."""
    stop_timeout: int = 30
    server: ServerProcess | None = None
    request_timeout: int = 300
    """The longest request; the server waits longer, and what stands before it longer still."""
    cpu_always_on: bool = False
    """CPU between requests too, for background threads."""
    liveness: Probe | None = None
    readiness: Probe | None = None


@dataclass(frozen=True)
class Job:
    """A command that runs once and ends."""

    name: str
    command: tuple[str, ...]
    cpu: float
    memory: int
    timeout: int
    schedule: str | None = None
    """Five cron fields; None: run by the release or by hand."""
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    purpose: Literal["migrate", "superuser", "db-init", "schedule", "other"] = "other"
    retries: int = 0
    """How often it is begun again after it has failed."""


@dataclass(frozen=True)
class Database:
    engine: Engine
    version: str
    name: str
    user: str
    tier: str | None
    extensions: tuple[str, ...]
    pooler: bool
    high_availability: bool
    disk: int
    max_connections: int | None
    backups: bool = True
    tls: bool = False  # the project's settings insist on it
    flags: Mapping[str, str] = field(default_factory=dict)
    existing: str | None = None
    """The name of a server that is there; only the database and the role are made in it."""
    socket: bool = False
    """Reached by the target's own socket, as the project's settings demand."""


@dataclass(frozen=True)
class Cache:
    engine: Literal["redis", "valkey"]
    version: str
    size: int
    high_availability: bool


@dataclass(frozen=True)
class Storage:
    """Where uploads go."""

    kind: Literal["gcs", "s3", "local"]
    bucket: str
    public: bool
    mount: str | None
    """A path, when the bucket is mounted as a file system."""


@dataclass(frozen=True)
class Network:
    ingress: Literal["all", "internal", "load-balancer"]
    public: bool = True
    """Everybody whom ``ingress`` lets through may call the site; else accounts that may."""
    callers: tuple[str, ...] = ()
    """Those accounts, by the target's own names."""
    vpc: str | None = None
    subnets: tuple[str, ...] = ()
    egress: Literal["private-ranges", "all"] = "private-ranges"
    range: str | None = None
    peered: bool = False
    connector: bool = False
    perimeter: str | None = None


@dataclass(frozen=True)
class Budget:
    """What a month may cost, in whole units of the currency."""

    amount: int
    currency: str
    account: str


@dataclass(frozen=True)
class Trigger:
    """A pipeline of the target's own that runs when a branch moves."""

    repository: str
    branch: str
    approval: bool


@dataclass(frozen=True)
class Deployer:
    """An account that pipelines release with; ``repository`` is GitHub's owner/name."""

    repository: str | None = None
    repository_id: str | None = None
    environment: str = "production"


@dataclass(frozen=True)
class Observability:
    """What is seen of the site from outside."""

    traces: bool = False
    error_reporting: bool = False
    uptime_check: str | None = None
    """The path that is asked for around the clock."""
    alerts: tuple[str, ...] = ()
    dashboard: bool = False


@dataclass(frozen=True)
class EnvironmentVariable:
    """A variable that the project's own settings read, as ``.env.example`` lists it."""

    name: str
    required: bool
    default: str | None
    secret: bool
    read_at: str
    """``config/settings/base.py:12``."""


@dataclass(frozen=True)
class Deployment:
    """One environment of one project, complete: nothing is left to default further down."""

    name: str
    environment: str
    provider: str
    region: str
    profile: Literal["small", "standard", "high-availability"]
    image: Image
    overlay: SettingsOverlay
    settings_module: str
    """What DJANGO_SETTINGS_MODULE is in the container."""
    web: Service
    services: tuple[Service, ...]
    jobs: tuple[Job, ...]
    database: Database | None
    cache: Cache | None
    storage: Storage | None
    secrets: tuple[Secret, ...]
    environment_variables: Mapping[str, str]
    domain: str | None
    aliases: tuple[str, ...]
    network: Network
    static: StaticMode
    static_url: str
    media_url: str
    cdn: bool = False
    waf: bool = False
    waf_rate: int | None = None  # requests a minute of one address
    contract: tuple[EnvironmentVariable, ...] = ()
    observability: Observability = field(default_factory=Observability)
    account: str = ""  # the cloud's own project or account; empty: whoever deploys says it
    secrets_rotation: int | None = None  # seconds after which a generated secret is renewed
    labels: Mapping[str, str] = field(default_factory=dict)
    deletion_protection: bool = True
    budget: Budget | None = None
    trigger: Trigger | None = None
    deployer: Deployer | None = None
    wiring: Mapping[str, str] = field(default_factory=dict)
    """The project's own variables that a target answers itself, and by what: ``database.url``,
    ``database.host``, ``cache.url``, ``site.hosts``… (see ``config.wiring``)."""

    @property
    def migrate(self) -> Job:
        """The job that applies migrations, once per release."""
        return next(job for job in self.jobs if job.purpose == "migrate")
