"""The WSGI and ASGI application to serve, and whether ASGI is needed."""

from __future__ import annotations

import re

from nuages.project.entry_points import naming
from nuages.project.facts import EntryPoint, Evidence, Fact
from nuages.project.python_source import first
from nuages.project.site import Site

_WEBSOCKET = re.compile(r"[\"']websocket[\"']\s*:|URLRouter\(")
_ROUTER = re.compile(r"ProtocolTypeRouter\(")


def application(site: Site, setting: str, found: list[Fact[EntryPoint]]) -> Fact[EntryPoint] | None:
    """The one that ``WSGI_APPLICATION`` or ``ASGI_APPLICATION`` names, else the nearest.

    channels before 3 had ASGI_APPLICATION name the routing while asgi.py wrapped it for the
    server: a file named asgi.py goes before the setting.
    """
    served = [point for point in found if point.value.path.endswith("/asgi.py")]
    named = _named(site, setting)
    if setting == "ASGI_APPLICATION" and served:
        return _beside(site, served)
    if named is None:
        return _beside(site, found) if found else None
    same = [p for p in found if p.value.target == named.value.target]
    return Fact(same[0].value, (*named.evidence, *same[0].evidence)) if same else named


def _beside(site: Site, found: list[Fact[EntryPoint]]) -> Fact[EntryPoint]:
    """The one in the settings' own package, where there are several."""
    package = site.settings.module.partition(".")[0]
    own = [p for p in found if p.value.module.partition(".")[0] == package]
    return (own or found)[0]


def _named(site: Site, setting: str) -> Fact[EntryPoint] | None:
    dotted = site.text(setting)
    module, _, attribute = (dotted or "").replace(":", ".").rpartition(".")
    path = site.sources.path(module) if module else None
    if path is None:
        return None
    said = naming(path, site.tree.read(path) or "")
    point = EntryPoint(
        module,
        attribute,
        path,
        assigns_settings=bool(said and said.assigned),
        settings_module=said.module if said else None,
    )
    return Fact(point, (site.at(setting),))


def needs_asgi(site: Site, wsgi: object, asgi: Fact[EntryPoint] | None) -> Fact[bool]:
    """Whether something here cannot be served by WSGI: websockets, or no WSGI at all."""
    if wsgi is None and asgi is not None:
        return Fact(True, (Evidence(asgi.evidence[0].location, "there is no WSGI application"),))
    channels = [app for app in site.apps if app in {"channels", "daphne"}]
    if not channels or asgi is None:
        return Fact(False)
    for path in _routing(site, asgi):
        router = first(site.tree, path, _ROUTER)
        if router and _WEBSOCKET.search(site.tree.read(path) or ""):
            return Fact(True, (router, site.at("INSTALLED_APPS")))
    return Fact(False)


def _routing(site: Site, asgi: Fact[EntryPoint]) -> list[str]:
    own = set(site.sources.own)
    named = (site.text("ASGI_APPLICATION") or "").rpartition(".")[0]
    path = site.sources.path(named) if named else None
    routing = [p for p in site.tree.named("routing.py") if p in own]
    return [asgi.value.path, *([path] if path else []), *routing]
