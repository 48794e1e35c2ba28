"""Production settings: almanac.settings, and what a container needs on top of it.

Made by Nuages, yours to edit. Every value comes from the environment; a variable that is empty
counts as unset. The functions are in the package almanac.cloud_support beside it.
"""
# ruff: noqa: E402, F403, F405

import os

os.environ.setdefault("DJANGO_CONFIGURATION", "Production")

from configurations import importer

importer.install()
from almanac.settings import Production as _Production
from almanac.cloud_support import configuration

globals().update(configuration.values(_Production))


class Production:
    """django-configurations looks for this name in the settings; all of it is set already."""

    pre_setup = setup = post_setup = classmethod(lambda cls: None)


from almanac.cloud_support import database, hosts, logs, middleware
from almanac.cloud_support import environment as env

own = globals().get

DEBUG = False

# Whom the site answers. CSRF wants the origin with its scheme since Django 4.0.
ALLOWED_HOSTS = hosts.allowed(own("ALLOWED_HOSTS", []))

# The load balancer speaks https with the visitor and http with us. DJANGO_HTTPS=off is for plain
# http on one's own machine. HSTS: begin with a minute, raise it once every page is on https.
HTTPS = env.flag("DJANGO_HTTPS", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", HTTPS)
SESSION_COOKIE_SECURE = env.flag("SESSION_COOKIE_SECURE", HTTPS)
CSRF_COOKIE_SECURE = env.flag("CSRF_COOKIE_SECURE", HTTPS)
_hsts = own("SECURE_HSTS_SECONDS") or 60
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", _hsts if HTTPS else 0)
SECURE_CONTENT_TYPE_NOSNIFF = True
if not HTTPS:  # a browser keeps no cookie named __Secure-… or __Host-… from plain http
    SESSION_COOKIE_NAME = hosts.plain_cookie(own("SESSION_COOKIE_NAME", "sessionid"))
    CSRF_COOKIE_NAME = hosts.plain_cookie(own("CSRF_COOKIE_NAME", "csrftoken"))
CSRF_TRUSTED_ORIGINS = hosts.trusted(
    ALLOWED_HOSTS, "https" if HTTPS else "http", own("CSRF_TRUSTED_ORIGINS", [])
)

# As large a request as nginx and the server let through.
DATA_UPLOAD_MAX_MEMORY_SIZE = env.number("DATA_UPLOAD_MAX_MEMORY_SIZE", 78643200)

# DATABASE_URL (or DEFAULT_DATABASE_DSN), or DB_NAME, DB_USER, DB_PASSWORD, DB_HOST and DB_PORT.
DATABASES = database.databases(
    own("DATABASES", {}),
    ["default"],
    conn_max_age=60,
    server=True,
)

# First the probes, which a load balancer sends with any Host and in plain http.
MIDDLEWARE = middleware.assembled(
    own("MIDDLEWARE", []),
    first=[
        "almanac.cloud_support.logs.TraceMiddleware",
        "almanac.cloud_support.health.HealthMiddleware",
    ],
    after_security=[],
    development=[],
)

# One JSON object a line on standard output; LOG_FORMAT=text is for people.
LOGGING = logs.logging_settings(
    level=env.text("LOG_LEVEL", default="INFO"), form=env.text("LOG_FORMAT", default="json")
)
# What Celery's workers write, and the exception that ends a command, are such lines too.
logs.everywhere(LOGGING)

# Mail goes to the log while no server is configured (MAILERS, since Django 6.1, is one).
if own("MAILERS") is not None:
    pass
elif env.text("EMAIL_HOST"):
    EMAIL_HOST = env.text("EMAIL_HOST")
elif (own("EMAIL_BACKEND") or "smtp.EmailBackend").endswith("smtp.EmailBackend"):
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
