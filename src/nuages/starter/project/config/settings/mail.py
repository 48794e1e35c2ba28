"""Mail by EMAIL_URL (``smtp+tls://user:password@host:587``) or EMAIL_HOST; else to the log."""

import django
from environ import Env

from config import environment as env

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="webmaster@localhost")

_url = Env.email_url_config(env.text("EMAIL_URL", default="consolemail://"))
_host = env.text("EMAIL_HOST", default=_url["EMAIL_HOST"] or "")
_options = {
    "host": _host,
    "port": env.number("EMAIL_PORT", _url["EMAIL_PORT"] or 587),
    "username": env.text("EMAIL_HOST_USER", default=_url["EMAIL_HOST_USER"] or ""),
    "password": env.text("EMAIL_HOST_PASSWORD", default=_url["EMAIL_HOST_PASSWORD"] or ""),
    "use_tls": env.flag("EMAIL_USE_TLS", _url.get("EMAIL_USE_TLS", not env.text("EMAIL_URL"))),
    "use_ssl": _url.get("EMAIL_USE_SSL", False),
    "timeout": 10,
}
MAIL_GOES_TO_LOG = not _host
_backend = "console" if MAIL_GOES_TO_LOG else "smtp"

if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {
            "BACKEND": f"django.core.mail.backends.{_backend}.EmailBackend",
            "OPTIONS": _options if _host else {},
        }
    }
else:
    EMAIL_BACKEND = f"django.core.mail.backends.{_backend}.EmailBackend"
    EMAIL_HOST = _host
    EMAIL_PORT = _options["port"]
    EMAIL_HOST_USER = _options["username"]
    EMAIL_HOST_PASSWORD = _options["password"]
    EMAIL_USE_TLS = _options["use_tls"]
    EMAIL_USE_SSL = _options["use_ssl"]
    EMAIL_TIMEOUT = _options["timeout"]
