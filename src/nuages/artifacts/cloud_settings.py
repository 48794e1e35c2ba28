"""The settings module on top of the user's own, and the small package that it uses."""

from __future__ import annotations

from typing import Any

from nuages.artifacts import Artifact
from nuages.artifacts.render import python_literal, render
from nuages.model import Deployment
from nuages.overlay import SettingsOverlay

LIVE = "/health/live"
READY = "/health/"
CONN_MAX_AGE = 60
"""Seconds; connections that live for ever pile up behind a load balancer."""
_PARTS = {
    "hosts": ("hosts", "https"),
    "database": ("database",),
    "cache": ("cache",),
    "logs": ("logging",),
    "storage": ("storages", "whitenoise", "static_root"),
    "telemetry": ("traces",),
}
"""Module of the support package → the blocks that use it."""


def cloud_settings(deployment: Deployment) -> tuple[Artifact, ...]:
    """The settings module, its support package, and the entry module where one is needed.

    Nothing for a project whose own settings lack none of it.
    """
    overlay = deployment.overlay
    if overlay.module == overlay.base_module:
        return ()
    modules = _modules(deployment)
    settings = render("settings_cloud.py.j2", **_context(deployment, modules))
    artifacts = [Artifact(overlay.path, settings)]
    for name in ("__init__", "environment", "health", *modules, *_unnamed(overlay)):
        path = f"{overlay.support_path}/{name}.py"
        text = render(
            f"cloud/{name}.py.j2",
            live=LIVE,
            ready=READY,
            settings=overlay.module,
            name=deployment.name,
        )
        artifacts.append(Artifact(path, text))
    if overlay.entry_module:
        artifacts.append(_entry(deployment))
    unique = {artifact.path: artifact for artifact in artifacts}
    return tuple(unique.values())


def _modules(deployment: Deployment) -> list[str]:
    overlay = deployment.overlay
    used = [name for name, blocks in _PARTS.items() if any(getattr(overlay, b) for b in blocks)]
    return sorted([*used, "middleware", *(["redis_tls"] if deployment.cache else [])])


def _unnamed(overlay: SettingsOverlay) -> list[str]:
    """Modules that the settings reach otherwise than by the common import."""
    needed = {
        "static": overlay.whitenoise,
        "media": overlay.media,
        "configuration": overlay.kind == "configurations",
    }
    return [name for name, is_needed in needed.items() if is_needed]


def _context(deployment: Deployment, modules: list[str]) -> dict[str, Any]:
    overlay = deployment.overlay
    series = tuple(int(part) for part in overlay.django.split(".")[:2])
    flags = (
        "secret_key",
        "hosts",
        "https",
        "database",
        "cache",
        "sessions",
        "logging",
        "email",
        "cors",
        "early_use",
    )
    return {
        **{flag: getattr(overlay, flag) for flag in flags},
        "base": overlay.base_module,
        "kind": overlay.kind,
        "configuration": overlay.configuration,
        "support": overlay.support_module,
        "modules": modules,
        "steering": [
            (python_literal(name), python_literal(value))
            for name, value in sorted(overlay.steering.items())
        ],
        "secret_key_names": ", ".join(
            python_literal(name) for name in overlay.secret_key_variables
        ),
        "origins": series >= (4, 0) and "hosts" in modules,
        "database_aliases": list(overlay.database_aliases) or ["default"],
        "conn_max_age": 0 if deployment.web.server and deployment.web.server.asgi else CONN_MAX_AGE,
        "server_database": overlay.server_database,
        "cache_backend": _cache_backend(series),
        "secured": deployment.cache is not None,
        "apps": list(overlay.debug_apps),
        "traces": overlay.traces,
        "entry": overlay.entry_module,
        "first": _first(overlay),
        "after_security": ["whitenoise.middleware.WhiteNoiseMiddleware"] * overlay.whitenoise,
        **_files(deployment, series),
        "max_upload": deployment.web.server.max_upload if deployment.web.server else 75 * 2**20,
    }


def _files(deployment: Deployment, series: tuple[int, ...]) -> dict[str, Any]:
    """What the blocks on static files and uploads need."""
    overlay, storage = deployment.overlay, deployment.storage
    ours = overlay.whitenoise and not overlay.static_bundling
    static = f"{overlay.support_module}.static.StaticStorage" if ours else None
    return {
        "static": overlay.whitenoise or overlay.static_root,
        "static_root": "/app/staticfiles",
        "static_sources": overlay.static_sources,
        "static_backend": static,
        "storages": overlay.storages or overlay.whitenoise,
        "modern_storages": series >= (4, 2),
        "old_storages": (4, 2) <= series < (5, 1),
        "compressor": overlay.static_compressor,
        "precompiled": overlay.static_precompiled,
        "storage_kind": storage.kind if storage else "gcs",
        "public": storage is not None and storage.public,
    }


def _first(overlay: SettingsOverlay) -> list[str]:
    trace = [f"{overlay.support_module}.logs.TraceMiddleware"] * overlay.logging
    health = [f"{overlay.support_module}.health.HealthMiddleware"] * overlay.health
    return trace + health + [f"{overlay.support_module}.media.MediaMiddleware"] * overlay.media


def _cache_backend(series: tuple[int, ...]) -> str:
    if series >= (4, 0):
        return "django.core.cache.backends.redis.RedisCache"
    return "django_redis.cache.RedisCache"


def _entry(deployment: Deployment) -> Artifact:
    overlay = deployment.overlay
    module, _, attribute = (overlay.entry_target or "").partition(":")
    asgi = deployment.web.server is not None and deployment.web.server.asgi
    text = render(
        "entry.py.j2",
        settings=overlay.module,
        module=module,
        attribute=attribute,
        kind="asgi" if asgi else "wsgi",
        traces=overlay.traces,
        support=overlay.support_module,
    )
    folder = overlay.path.rpartition("/")[0]
    name = (overlay.entry_module or "").rpartition(".")[2]
    return Artifact(f"{folder}/{name}.py" if folder else f"{name}.py", text)
