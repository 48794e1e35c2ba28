"""Traces by OpenTelemetry, where its packages and OTEL_EXPORTER_OTLP_ENDPOINT are there."""

import os


def start() -> None:
    """Instrument Django, the database and Redis; nothing happens without an endpoint."""
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        os.environ.setdefault("OTEL_SERVICE_NAME", "mysite")
        from opentelemetry.instrumentation.auto_instrumentation import initialize

        initialize()
