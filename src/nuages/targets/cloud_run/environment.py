"""Variables of the processes: plain, answered by the infrastructure, or kept as secrets."""

from __future__ import annotations

from nuages.config.secret_names import DATABASE_PASSWORD
from nuages.config.stores import CONNECTION
from nuages.model import Deployment

ADMIN_PASSWORD = "DB_ADMIN_PASSWORD"  # noqa: S105 -- the name of a variable
"""Of the account that makes the site's role: ``db-init`` alone may read it."""
BUCKET = "GCS_BUCKET_NAME"
STATIC_BUCKET = "STATIC_BUCKET"
_TRACES = {
    "OTEL_EXPORTER_OTLP_ENDPOINT": "https://telemetry.googleapis.com",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_PYTHON_EXPORTER_OTLP_HTTP_TRACES_CREDENTIAL_PROVIDER": "gcp_http_credentials",
}
"""The project that they belong to is known to the infrastructure alone."""
_OURS = {
    "DB_HOST": "database.host",
    "DB_NAME": "database.name",
    "DB_PORT": "database.port",
    "DB_USER": "database.user",
    "DB_ENGINE": "database.engine",
    "DB_TLS": "database.tls",
}
"""What the cloud settings read of the database; its password is a secret of its own."""


def environment(deployment: Deployment) -> dict[str, str]:
    """Variables with a value that is known now."""
    answered = wiring(deployment)
    found = {
        name: value
        for name, value in deployment.environment_variables.items()
        if name not in answered
    }
    every = {"DJANGO_SETTINGS_MODULE": deployment.settings_module, **observed(deployment), **found}
    if every.get("LOG_FORMAT") == "json" and deployment.overlay.logging:
        every["LOG_FORMAT"] = "google"
    return dict(sorted(every.items()))


def observed(deployment: Deployment) -> dict[str, str]:
    """Where logs, errors and traces go, as far as the generated settings write them.

    Sources: https://docs.cloud.google.com/stackdriver/docs/reference/telemetry/overview,
    https://pypi.org/project/opentelemetry-exporter-credential-provider-gcp/
    """
    found: dict[str, str] = {}
    if deployment.overlay.logging and "LOG_FORMAT" not in {v.name for v in deployment.contract}:
        found["LOG_FORMAT"] = "google"
    if deployment.observability.error_reporting:
        found["ERROR_REPORTING"] = "on"
    if deployment.observability.traces:
        found |= _TRACES
    return found


def of_process(deployment: Deployment, name: str, *, ends: bool) -> dict[str, str]:
    """What tells the traces of a worker, or of a job, which ``ends``, from those of the site."""
    if not deployment.overlay.traces:
        return {}
    own = "OTEL_SERVICE_NAME" in deployment.environment_variables
    found = {} if own else {"OTEL_SERVICE_NAME": f"{deployment.name}-{name}"}
    return found | ({"TRACE_PROCESS": name} if ends else {})


def wiring(deployment: Deployment) -> dict[str, str]:
    """Variable → the part of the infrastructure that answers it."""
    found: dict[str, str] = {}
    if deployment.database is not None and deployment.database.engine != "sqlite":
        found |= _OURS
        if deployment.database.socket:
            names = (v.name for v in deployment.contract if v.name.endswith(CONNECTION))
            found |= dict.fromkeys(names, "database.connection")
    if deployment.cache is not None:
        found |= {"REDIS_URL": "cache.url", "REDIS_CA": "cache.ca"}
    if deployment.storage is not None and deployment.storage.kind == "gcs":
        found |= {} if deployment.storage.mount else {BUCKET: "storage.bucket"}
    if deployment.static == "bucket":
        found[STATIC_BUCKET] = "static.bucket"
    # The cloud settings add up both, so that the service's own names are allowed in any case.
    given_hosts = "ALLOWED_HOSTS" in deployment.environment_variables
    found["DJANGO_ALLOWED_HOSTS" if given_hosts else "ALLOWED_HOSTS"] = "site.hosts"
    own = {name: part for name, part in deployment.wiring.items() if part != "database.password"}
    given = set(deployment.environment_variables) - {BUCKET}
    every = {name: part for name, part in (found | own).items() if name not in given}
    return dict(sorted(every.items()))


def secret_ids(deployment: Deployment, prefix: str) -> dict[str, str]:
    """Variable → the id of its secret. The project's own names of the password are one secret."""
    found = {secret.name: _id(prefix, secret.name) for secret in deployment.secrets}
    passwords = (n for n, part in deployment.wiring.items() if part == "database.password")
    found |= {name: _id(prefix, DATABASE_PASSWORD) for name in passwords}
    if deployment.database is not None and deployment.database.engine != "sqlite":
        found[ADMIN_PASSWORD] = _id(prefix, ADMIN_PASSWORD)
    return dict(sorted(found.items()))


def _id(prefix: str, variable: str) -> str:
    return f"{prefix}-{variable.lower().replace('_', '-')}"
