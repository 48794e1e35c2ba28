"""Pinned versions of what the generated settings and the server need and the project lacks.

Each was resolved on the Python Package Index for its Python and Django. Where metadata does
not say which Django a release admits, its notes do: whitenoise
(https://whitenoise.readthedocs.io/en/stable/changelog.html), psycopg2
(https://github.com/psycopg/psycopg2/issues/1293: Django before 3.1 fails on 2.9), redis
(https://docs.djangoproject.com/en/stable/topics/cache/#redis: Django's own back end since 4.0).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from nuages.config.inputs import Inputs
from nuages.model import Database, ServerProcess, Storage
from nuages.overlay import SettingsOverlay
from nuages.project.facts import SystemPackages

Pair = tuple[int, int]
ANY: Pair = (0, 0)


@dataclass(frozen=True)
class Pin:
    """A version, and the oldest Django and Python that it admits."""

    version: str
    django: Pair = ANY
    python: Pair = ANY
    extras: str = ""


# All of one release: https://github.com/open-telemetry/opentelemetry-python-contrib/releases
_TELEMETRY = (Pin("0.66b1", python=(3, 10)), Pin("0.62b1"))
_TRACED = {
    "psycopg": ("psycopg", "psycopg-binary", "psycopg-c"),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "mysqlclient": ("mysqlclient",),
    "pymysql": ("pymysql",),
    "redis": ("redis", "django-redis"),
    "celery": ("celery",),
    "requests": ("requests",),
    "httpx": ("httpx",),
}
"""What is traced besides Django, where it is installed."""
_CONTRIBUTED = (
    "opentelemetry-distro",
    "opentelemetry-exporter-credential-provider-gcp",
    *(f"opentelemetry-instrumentation-{name}" for name in _TRACED),
)

# Newest first: the first that admits both is taken, the last is for whatever is older.
PINS: dict[str, tuple[Pin, ...]] = {
    # Not the newest: since 25 it keeps a control socket in the home folder, which is read-only.
    "gunicorn": (Pin("23.0.0"),),
    "uvicorn": (
        Pin("0.54.0", python=(3, 10), extras="standard"),
        Pin("0.39.0", python=(3, 9), extras="standard"),
        Pin("0.33.0", extras="standard"),
    ),
    "uvicorn-worker": (Pin("0.4.0", python=(3, 9)), Pin("0.2.0")),
    "granian": (Pin("2.8.7", python=(3, 10)), Pin("2.5.7", python=(3, 9)), Pin("1.6.4")),
    # uWSGI as a wheel: the same server and command, and no compiler in the image.
    "pyuwsgi": (Pin("2.0.30.post1"),),
    "whitenoise": (
        Pin("6.12.0", django=(4, 2), python=(3, 10)),
        Pin("6.11.0", django=(4, 2), python=(3, 9)),
        Pin("6.7.0", django=(3, 2)),
        Pin("5.3.0"),
    ),
    "dj-database-url": (
        Pin("3.1.2", django=(4, 2), python=(3, 10)),
        Pin("3.0.1", django=(4, 2)),
        Pin("2.2.0", django=(3, 2)),
        Pin("0.5.0"),
    ),
    "django-storages[s3]": (
        Pin("1.14.6", django=(3, 2), extras="s3"),
        Pin("1.12.3", django=(2, 2), extras="boto3"),
        Pin("1.9.1", extras="boto3"),
    ),
    "django-storages[google]": (
        Pin("1.14.6", django=(3, 2), extras="google"),
        Pin("1.12.3", django=(2, 2), extras="google"),
        Pin("1.9.1", extras="google"),
    ),
    "psycopg": (
        Pin("3.3.9", django=(5, 2), python=(3, 10), extras="binary"),
        Pin("3.2.13", extras="binary"),
    ),
    "psycopg2-binary": (
        Pin("2.9.13", django=(3, 1), python=(3, 10)),
        Pin("2.9.10", django=(3, 1)),
        Pin("2.8.6"),
    ),
    "mysqlclient": (Pin("2.3.1", python=(3, 9)), Pin("2.2.7")),
    # Not the newest: Celery's transport, which may arrive with the project, caps it.
    "redis": (Pin("5.2.1", django=(4, 0)), Pin("4.6.0", django=(2, 2)), Pin("3.5.3")),
    **dict.fromkeys(_CONTRIBUTED, _TELEMETRY),
    "opentelemetry-instrumentation-django": tuple(replace(p, extras="asgi") for p in _TELEMETRY),
    "opentelemetry-exporter-otlp-proto-http": (Pin("1.45.1", python=(3, 10)), Pin("1.41.1")),
    "django-redis": (Pin("5.4.0", django=(3, 2)), Pin("5.2.0", django=(2, 2)), Pin("4.11.0")),
}
_POSTGRES = ("psycopg", "psycopg-binary", "psycopg-c", "psycopg2", "psycopg2-binary")
_POSTGRES_OLD = ("psycopg2", "psycopg2-binary")
_MYSQL = ("mysqlclient", "pymysql", "mysql-connector-python")
_COMPILED = {
    "mysqlclient": SystemPackages(
        build=("build-essential", "default-libmysqlclient-dev", "pkg-config"),
        runtime=("libmariadb3",),
    )
}


def extra_requirements(
    inputs: Inputs,
    overlay: SettingsOverlay,
    server: ServerProcess,
    database: Database | None,
    storage: Storage | None,
) -> tuple[str, ...]:
    """``name==version`` of everything that is needed and not among the dependencies."""
    wanted = [
        *_server(inputs, server),
        *(["whitenoise"] if overlay.whitenoise else []),
        *(["dj-database-url"] if overlay.database else []),
        *_driver(inputs, database),
        *_cache(inputs, overlay),
        *_storage(inputs, storage),
    ]
    wanted += _telemetry(inputs, wanted)
    missing = [name for name in wanted if not inputs.has(name.partition("[")[0])]
    return tuple(sorted(requirement(name, inputs) for name in missing))


def requirement(name: str, inputs: Inputs) -> str:
    """The pinned requirement of one of ``PINS`` for a project's Django and Python."""
    pins = PINS[name]
    admitted = (
        pin
        for pin in pins
        if pin.django <= inputs.django_version and pin.python <= inputs.python_version
    )
    pin = next(admitted, pins[-1])
    extras = f"[{pin.extras}]" if pin.extras else ""
    return f"{name.partition('[')[0]}{extras}=={pin.version}"


def _server(inputs: Inputs, server: ServerProcess) -> list[str]:
    if server.kind == "uwsgi":
        return [] if inputs.has("uwsgi") else ["pyuwsgi"]
    if server.kind == "gunicorn" and server.asgi:
        return ["gunicorn", "uvicorn", "uvicorn-worker"]
    return [server.kind]


def _driver(inputs: Inputs, database: Database | None) -> list[str]:
    """A driver for the database, in the generation that this Django speaks."""
    if database is None or database.engine == "sqlite":
        return []
    if database.engine == "mysql":
        return [] if inputs.has(*_MYSQL) else ["mysqlclient"]
    new = inputs.django_version >= (4, 2)
    if inputs.has(*(_POSTGRES if new else _POSTGRES_OLD)):
        return []
    return ["psycopg" if new else "psycopg2-binary"]


def _cache(inputs: Inputs, overlay: SettingsOverlay) -> list[str]:
    if not overlay.cache:
        return []
    return ["redis"] if inputs.django_version >= (4, 0) else ["django-redis", "redis"]


def _storage(inputs: Inputs, storage: Storage | None) -> list[str]:
    """A library for the bucket, also where a variable names one on a target without buckets."""
    dsn = inputs.variables.get("DEFAULT_STORAGE_DSN", "")
    kind = storage.kind if storage else None
    if kind == "gcs" or dsn.startswith(("gs:", "gcs:")):
        return ["django-storages[google]"]
    return ["django-storages[s3]"] if kind == "s3" or dsn.startswith("s3:") else []


def _telemetry(inputs: Inputs, wanted: list[str]) -> list[str]:
    """OpenTelemetry, with what traces each library that is there.

    Raises ``ConfigError`` for a Python that it does not run on.
    """
    if not inputs.observability.traces:
        return []
    if inputs.has("opentelemetry-sdk", "opentelemetry-distro"):  # of a release of its own
        return list(inputs.provider.exporters)
    if inputs.python_version < (3, 9):
        message = f"OpenTelemetry needs Python 3.9 or newer, and this is {inputs.python}"
        raise inputs.error(("observability", "traces"), message, "set deployment.runtime")
    installed = {name.partition("[")[0] for name in wanted} | set(
        inputs.project.dependencies.packages
    )
    libraries = [name for name, packages in _TRACED.items() if installed & set(packages)]
    return [
        "opentelemetry-distro",
        "opentelemetry-exporter-otlp-proto-http",
        *(f"opentelemetry-instrumentation-{name}" for name in ("django", *libraries)),
        *inputs.provider.exporters,
    ]


def system_packages(requirements: tuple[str, ...]) -> SystemPackages:
    """Debian packages that the pinned requirements themselves need."""
    names = [canonicalize_name(line.partition("==")[0].partition("[")[0]) for line in requirements]
    found = [_COMPILED[name] for name in names if name in _COMPILED]
    return SystemPackages(
        build=tuple(package for packages in found for package in packages.build),
        runtime=tuple(package for packages in found for package in packages.runtime),
    )
