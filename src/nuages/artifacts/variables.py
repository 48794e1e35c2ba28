"""What the generated settings and containers understand, in words: the reference page's source."""

from __future__ import annotations

VARIABLES: dict[str, dict[str, str]] = {
    "Secrets": {
        "DJANGO_SECRET_KEY, SECRET_KEY": "Django's secret key. Required, with no fall-back.",
    },
    "Hosts and https": {
        "DOMAIN": "The name of the site; allowed host and trusted origin.",
        "DOMAIN_ALIASES": "More names, separated by commas.",
        "ALLOWED_HOSTS, DJANGO_ALLOWED_HOSTS": "Names, too; all of these add up.",
        "CSRF_TRUSTED_ORIGINS, DJANGO_CSRF_TRUSTED_ORIGINS": "Further origins, with their scheme.",
        "CORS_ALLOWED_ORIGINS": "Origins that may call an API (django-cors-headers).",
        "DJANGO_HTTPS": "`off` for plain http on one's own machine: no redirect, no HSTS, no "
        "Secure cookies. Default: on.",
        "SECURE_SSL_REDIRECT, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE": "Each alone; default: "
        "as DJANGO_HTTPS.",
        "SECURE_HSTS_SECONDS": "Default 60: raise it once every page is on https.",
    },
    "Database": {
        "DATABASE_URL, DEFAULT_DATABASE_DSN, DEFAULT_DATABASE_URL": "`postgres://…` or "
        "`mysql://…`; another alias has `ALIAS_DATABASE_DSN`.",
        "DB_NAME, DB_USER, DB_PASSWORD, DB_HOST, DB_PORT, DB_ENGINE": "The same in parts; DB_HOST "
        "may be a socket's folder.",
        "CLOUD_SQL_CONNECTION_NAME, INSTANCE_CONNECTION_NAME": "Connect through the socket in "
        "/cloudsql.",
        "DB_TLS": "`require`: no driver speaks with the server in plain.",
        "CONN_MAX_AGE": "Seconds that a connection is kept. Default 60; 0 under ASGI.",
        "CONN_HEALTH_CHECKS": "Look whether a kept connection is alive. Default: on.",
    },
    "Cache": {
        "CACHE_URL, REDIS_URL": "`redis://…` or `rediss://…`. Without one, each process has its "
        "own memory.",
        "REDIS_HOST, REDIS_PORT": "The same in parts.",
        "REDIS_CA": "The certificate of the server's own authority, for `rediss://`: cache, "
        "Celery and channels that name the same host check it.",
    },
    "Uploads": {
        "DEFAULT_STORAGE_DSN": "`s3://key:secret@host/bucket`, `gs://bucket` or "
        "`file:///data/media/?url=%2Fmedia%2F`.",
        "GCS_BUCKET_NAME, GS_BUCKET_NAME, MEDIA_BUCKET": "A Cloud Storage bucket.",
        "GS_IAM_SIGN_BLOB": "Sign URLs without a key file. Default: on.",
        "AWS_STORAGE_BUCKET_NAME": "An S3 bucket.",
        "AWS_S3_REGION, AWS_S3_REGION_NAME, AWS_REGION": "Its region.",
        "MEDIA_ROOT": "The folder, where uploads stay on disk.",
    },
    "Static files": {
        "STATIC_ROOT": "Where `collectstatic` puts them.",
        "STATIC_BUCKET": "A bucket that a content delivery network serves them from.",
    },
    "Logs and mail": {
        "LOG_LEVEL": "Default INFO.",
        "LOG_FORMAT": "`json` (default), `google` (with the fields that Google Cloud reads) or "
        "`text`.",
        "ERROR_REPORTING": "`on`, with `google`: exceptions are counted by Error Reporting.",
        "K_SERVICE, K_REVISION": "The service and the revision that an exception is counted for; "
        "of a worker or a job CLOUD_RUN_WORKER_POOL and CLOUD_RUN_JOB.",
        "GOOGLE_CLOUD_PROJECT": "The project that the trace of a line is in, with `google`.",
        "EMAIL_HOST": "Without it, mail goes to the log.",
    },
    "Traces": {
        "OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "Where traces are sent "
        "(OTLP over HTTP), with `observability.traces`. Without one, nothing is traced.",
        "TRACE_PROCESS": "Makes one trace of a whole command, by this name; jobs have it.",
    },
    "Containers": {
        "PORT": "Where the server listens. Default 8000.",
        "WEB_CONCURRENCY": "Worker processes.",
        "DJANGO_DEBUG": "Set to False before your settings are read, where they read it.",
        "DJANGO_SUPERUSER_USERNAME, DJANGO_SUPERUSER_EMAIL, DJANGO_SUPERUSER_PASSWORD": "Made by "
        "the superuser job, only if absent.",
        "DJANGO_MANAGEPY_MIGRATE": "`on`: migrate when the container starts. Replicas race; the "
        "migrate job is the better way.",
        "DJANGO_WAIT_FOR_DATABASE": "Seconds to wait for the database at the start.",
    },
}


def names() -> frozenset[str]:
    """Every variable by name."""
    return frozenset(
        name.strip() for group in VARIABLES.values() for key in group for name in key.split(",")
    )
