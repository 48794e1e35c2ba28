"""``database``, ``cache`` and ``storage``: what keeps data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from nuages.config.schema.fields import (
    MountPath,
    Positive,
    Section,
    Settings,
    Size,
    Text,
    Texts,
    Version,
    matching,
)

_ENGINES = {
    "postgres": "postgresql",
    "postgis": "postgresql",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
}


def _engine(written: object) -> object:
    return _ENGINES.get(written, written) if isinstance(written, str) else written


def _identifiers(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not value.replace("_", "a").replace("-", "a").isalnum() or len(value) > 63:
            raise ValueError(f"{value!r} is no name of an extension")
    return values


_Identifier = Annotated[
    str,
    matching(r"[A-Za-z_][A-Za-z0-9_]{0,31}", "should be up to 32 letters, digits and underscores"),
]
_Bucket = Annotated[
    str,
    matching(
        r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "should be 3 to 63 lower-case letters, digits, hyphens and dots",
    ),
]


class DatabaseSection(Section):
    """The main database, DATABASES["default"]."""

    type: (
        Annotated[Literal["postgresql", "mysql", "sqlite", "none"], BeforeValidator(_engine)] | None
    ) = Field(
        None,
        description="postgresql, mysql, sqlite (one instance, its file on a volume) or none."
        " Default: what the project uses; PostgreSQL for a project made for SQLite.",
    )
    version: Version | None = Field(None, description="Major version, such as 17 or 8.4.")
    tier: Text | None = Field(
        None, description="Machine type by the target's own name, such as db-custom-1-3840."
    )
    name: _Identifier | None = Field(None, description="Name of the database.")
    user: _Identifier | None = Field(None, description="Role of the application.")
    disk: Size | None = Field(None, description="Disk to begin with; it grows where it can.")
    extensions: Annotated[Texts, AfterValidator(_identifiers)] | None = Field(
        None, description="PostgreSQL extensions, made by the db-init job: pg_trgm, unaccent."
    )
    pooler: bool | None = Field(
        None, description="Pool connections (transaction mode) in front of the database."
    )
    high_availability: bool | None = Field(None, description="A standby in another zone.")
    max_connections: Positive | None = Field(
        None, description="Limit of the server. Default: what its size allows."
    )
    backups: bool | None = Field(None, description="Daily backups and point-in-time recovery.")
    flags: Settings | None = Field(
        None, description="The server's own settings, over those that are set for it."
    )
    existing: Text | None = Field(
        None, description="A server that is there already, by its name: only the database is made."
    )
    socket: bool | None = Field(
        None, description="Connect by the target's own socket instead of TCP and TLS."
    )


class CacheSection(Section):
    """A cache server, also the broker of task queues."""

    type: Literal["redis", "valkey", "none"] | None = Field(
        None, description="redis, valkey, or none (each process has a cache of its own)."
    )
    version: Version | None = Field(None, description="Major version, such as 7.")
    size: Size | None = Field(None, description="Memory: 1gb.")
    high_availability: bool | None = Field(None, description="A replica that takes over.")
    optional: bool | None = Field(
        None,
        description="The site works without it: profile small has none where it would be billed"
        " by the hour.",
    )


class StorageSection(Section):
    """Where uploads go."""

    type: Literal["gcs", "s3", "local", "none"] | None = Field(
        None, description="gcs, s3, local (a volume) or none. Default: by the provider."
    )
    bucket: _Bucket | None = Field(
        None, description="Name of the bucket; the project's name is put before it."
    )
    public: bool | None = Field(
        None, description="true lets anybody read every upload. Default: signed URLs."
    )
    mount: MountPath | None = Field(
        None, description="Mount the bucket as a folder, such as /app/media (UID 2000)."
    )
