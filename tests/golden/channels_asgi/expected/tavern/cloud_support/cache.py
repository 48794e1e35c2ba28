"""The cache: Redis when there is one, else the memory of each process."""

from .environment import text

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
KEPT = ("TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION")
REMOTE = ("redis", "valkey", "memcache", "pylibmc")


def url():
    """CACHE_URL, REDIS_URL, or REDIS_HOST with REDIS_PORT; empty when there is no server."""
    host = text("REDIS_HOST")
    from_parts = "redis://%s:%s/0" % (host, text("REDIS_PORT", default="6379")) if host else ""
    found = text("CACHE_URL", "REDIS_URL", default=from_parts)
    scheme, separator, rest = found.partition("://")
    scheme = scheme.replace("valkey", "redis").replace("rediscache", "redis")
    return scheme + separator + rest if scheme in ("redis", "rediss", "unix") else ""


def caches(current, backend):
    """CACHES with the environment's server; ``backend`` is the one for this Django."""
    result = dict(current)
    own = dict(result.get("default") or LOCAL)
    kept = {name: own[name] for name in KEPT if name in own}
    if url() and "redis" in own["BACKEND"] and "django.core" not in own["BACKEND"]:
        result["default"] = dict(own, LOCATION=url())
    elif url():
        result["default"] = dict(kept, BACKEND=backend, LOCATION=url())
    elif any(word in own["BACKEND"].lower() for word in REMOTE):
        result["default"] = dict(kept, **LOCAL)
    return result
