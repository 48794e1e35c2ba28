"""Which hosts the site answers to."""

import re

from .environment import items


def allowed(current):
    """ALLOWED_HOSTS: what the environment names and the project's own, without ``*``.

    ``[os.environ.get("HOST")]`` holds None where that is not set.
    """
    named = items("ALLOWED_HOSTS", "DJANGO_ALLOWED_HOSTS", "DOMAIN", "DOMAIN_ALIASES")
    own = [host for host in current if host and host != "*"]
    return list(dict.fromkeys([_bare(host) for host in named] + own))


def trusted(hosts, scheme, current):
    """CSRF_TRUSTED_ORIGINS for Django 4.0 and later, which wants the scheme.

    An empty variable that is split at its commas leaves one empty text.
    """
    origins = [scheme + "://" + ("*" + host if host.startswith(".") else host) for host in hosts]
    named = items("CSRF_TRUSTED_ORIGINS", "DJANGO_CSRF_TRUSTED_ORIGINS")
    own = [name if "://" in name else scheme + "://" + name for name in current if name]
    return list(dict.fromkeys(named + origins + own))


def plain_cookie(name):
    """A cookie's name without the prefix that browsers accept over https only."""
    for prefix in ("__Secure-", "__Host-"):
        name = name[len(prefix) :] if name.startswith(prefix) else name
    return name


def _bare(host):
    """The host alone: people write ``https://example.com/`` or a port where a host is meant."""
    host = host.rpartition("://")[2].partition("/")[0]
    return re.sub(r":[0-9]+$", "", host)
