"""Logs to standard output, as JSON or (LOG_FORMAT=text) for people; errors to Sentry if asked."""

from config import environment as env

LOG_LEVEL = env.text("LOG_LEVEL", default="INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "apps.core.logs.JsonFormatter"},
        "text": {"format": "%(asctime)s %(levelname)-8s %(name)s: %(message)s"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "text" if env.text("LOG_FORMAT") == "text" else "json",
        }
    },
    "root": {"handlers": ["stdout"], "level": LOG_LEVEL},
    # Django sends its own to the console only while DEBUG is on: let them through to root.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
    },
}

if env.text("SENTRY_DSN"):
    import sentry_sdk  # uv add sentry-sdk

    sentry_sdk.init(
        dsn=env.text("SENTRY_DSN"),
        environment=env.text("SENTRY_ENVIRONMENT", default="production"),
        release=env.text("RELEASE") or None,
        send_default_pii=False,
    )
