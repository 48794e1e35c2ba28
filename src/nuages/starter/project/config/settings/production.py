"""Settings for production. Everything that differs comes from the environment."""

from config import environment as env

from .base import *  # noqa: F403
from .base import REST_FRAMEWORK

DEBUG = False
SECRET_KEY = env.required("DJANGO_SECRET_KEY", "SECRET_KEY")

# Whom the site answers.
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS", "DOMAIN", "DOMAIN_ALIASES")

# Under ASGI requests share no connections: CONN_MAX_AGE=0.
DATABASES = {"default": env.database()}

# The load balancer speaks https with the visitor and http with us. DJANGO_HTTPS=off is for plain
# http on one's own machine.
HTTPS = env.flag("DJANGO_HTTPS", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", HTTPS)
SESSION_COOKIE_SECURE = env.flag("SESSION_COOKIE_SECURE", HTTPS)
CSRF_COOKIE_SECURE = env.flag("CSRF_COOKIE_SECURE", HTTPS)
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", "DJANGO_CSRF_TRUSTED_ORIGINS") + [
    ("https://" if HTTPS else "http://") + ("*" + host if host.startswith(".") else host)
    for host in ALLOWED_HOSTS
]

# So many proxies in front: the visitor's address is what the first of them saw. One that is not
# counted makes all visitors one, who then share each limit.
REST_FRAMEWORK["NUM_PROXIES"] = env.number("NUM_PROXIES", 1)

# Begin with an hour; raise it to a year (31536000) once every page is on https. What includes
# the subdomains, and browsers' lists, cannot be taken back quickly: it waits for your word.
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
