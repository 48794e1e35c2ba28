"""TLS to a Redis whose authority is its own, wherever the settings name that server.

REDIS_CA is the authority's certificate, REDIS_URL the server: the cache, Celery's broker and
results, channels and queues that name the same host get its credentials and that certificate.
"""

import hashlib
import os
import tempfile
from urllib.parse import parse_qsl, urlencode, urlsplit

from .environment import text


def secured(settings):
    """The settings that change; none without REDIS_CA."""
    ours = urlsplit(text("REDIS_URL", "CACHE_URL"))
    if not text("REDIS_CA") or ours.scheme not in ("rediss", "valkeys"):
        return {}
    query = _query(text("REDIS_CA"))
    every = {k: (v, _walked(v, ours, query)) for k, v in settings.items() if k.isupper()}
    return {name: new for name, (old, new) in every.items() if new != old}


def _walked(value, ours, query):
    if isinstance(value, str):
        return _url(value, ours, query)
    if type(value) is dict:
        return {k: _walked(v, ours, query) for k, v in value.items()}
    if type(value) in (list, tuple):
        if len(value) == 2 and value[0] == ours.hostname and str(value[1]).isdigit():
            return _url("rediss://%s/0" % ours.hostname, ours, query)  # channels' (host, port)
        return type(value)(_walked(each, ours, query) for each in value)
    return value


def _url(value, ours, query):
    """The same URL, by its own path, to the same server."""
    if not value.startswith(("redis://", "rediss://")):
        return value
    parts = urlsplit(value)
    if parts.hostname != ours.hostname:
        return value
    merged = urlencode(dict(parse_qsl(parts.query), **query), safe="/")
    return parts._replace(scheme="rediss", netloc=ours.netloc, query=merged).geturl()


def _query(authority):
    """As redis-py and Celery read it; neither takes the certificate itself in a URL."""
    found = {"ssl_cert_reqs": "required", "ssl_ca_certs": _file(authority)}
    import redis

    # The certificate names no host that a client could compare. Its authority signs no other.
    if int(redis.__version__.partition(".")[0]) >= 6:
        found["ssl_check_hostname"] = "false"
    return found


def _file(authority):
    name = "redis-ca-%s.pem" % hashlib.sha256(authority.encode()).hexdigest()[:16]
    path = os.path.join(tempfile.gettempdir(), name)
    handle, fresh = tempfile.mkstemp()
    with os.fdopen(handle, "w") as file:
        file.write(authority + "\n")
    os.replace(fresh, path)  # whole at any time, for the other processes
    return path
