"""Whether plain http is sent to https."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security.secured import secure

_HTTPS = "https://docs.djangoproject.com/en/stable/topics/security/#ssl-https"
_PROXY = re.compile(r"(?:^|/)Caddyfile[^/]*$|traefik[^/]*\.(?:ya?ml|toml)$|\.conf(?:\.\w+)?$")
_REDIRECTS = re.compile(
    r"return\s+30[128]\s+https://|rewrite\s+\S+\s+https://|redirections?:|redirectScheme"
    r"|\[entryPoints\.\w+\.(?:http\.)?redirect"
)
_PLATFORMS = ("fly.toml", "render.yaml", ".do/app.yaml", "app.yaml", "vercel.json")


def redirected(production: Production) -> bool:
    """Whether a proxy of the project's own sends http to https."""
    for path in production.tree.files:
        if _PROXY.search(path):
            caddy = path.rpartition("/")[2].startswith("Caddyfile")
            if caddy or _REDIRECTS.search(production.text(path)):
                return True
    return False


@rule(
    "SEC015",
    severity="warning",
    title="Plain http is not sent to https",
    why="Who types the name arrives over http. The first request, its cookies and a login form "
    "travel readable, and a proxy in between may rewrite the page.",
    symptom="security.W008: Your SECURE_SSL_REDIRECT setting is not set to True.",
    fix="Write `SECURE_SSL_REDIRECT = True`, with `SECURE_PROXY_SSL_HEADER` behind a proxy.",
    url=_HTTPS,
    mistake={"settings.py": "SECURE_SSL_REDIRECT = False"},
    fixed={"settings.py": "SECURE_SSL_REDIRECT = True"},
    repaired_by="https",
)
def redirect(production: Production) -> Faults:
    yield from _exempt(production)
    fault = secure(production, "SECURE_SSL_REDIRECT")
    silenced = "security.W008" in production.settings.texts("SILENCED_SYSTEM_CHECKS")
    if fault is None or silenced or redirected(production):
        return
    # Such a platform redirects by itself: it is missed on the next one.
    elsewhere = production.near(*_PLATFORMS) is not None and not production.config.nodes
    yield Fault(
        fault.message,
        fault.location,
        fault.fix + " Behind a proxy that ends TLS set SECURE_PROXY_SSL_HEADER too.",
        severity="info" if elsewhere else None,
    )


def _exempt(production: Production) -> Iterator[Fault]:
    """Patterns that let every path stay with http."""
    settings, name = production.settings, "SECURE_REDIRECT_EXEMPT"
    for pattern in settings.texts(name) if settings.get("SECURE_SSL_REDIRECT") else ():
        try:
            every = all(re.search(pattern, path) for path in ("", "accounts/login/", "q0"))
        except re.error:
            continue
        if every:
            message = f"{pattern!r} in {name} matches every path: nothing is sent to https"
            yield Fault(message, settings.at(name), "Name the paths, such as `^health/`.")
