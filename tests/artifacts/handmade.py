"""A deployment made by hand, so that a test says only what it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nuages.image import Image
from nuages.model import (
    Database,
    Deployment,
    Job,
    Network,
    Probe,
    Scaling,
    ServerProcess,
    Service,
    SettingsOverlay,
)

MIB = 2**20


def overlay(**changes: Any) -> SettingsOverlay:
    plain = SettingsOverlay(
        module="settings_cloud",
        path=".nuages/overlay/settings_cloud.py",
        base_module="mysite.settings",
        kind="module",
        configuration=None,
        steering={},
        debug_apps=(),
        secret_key=True,
        hosts=True,
        https=True,
        database=True,
        database_aliases=("default",),
        cache=True,
        sessions=True,
        whitenoise=True,
        static_root=True,
        static_sources=False,
        static_compressor=False,
        storages=True,
        media=True,
        logging=True,
        health=True,
        django="5.2",
    )
    return replace(plain, **changes)


def image(**changes: Any) -> Image:
    plain = Image(
        python="3.13",
        manage_dir=".",
        installer="uv-pip",
        install_dir=".",
        install_files=("requirements.txt",),
        requirements=("requirements.txt",),
        groups=(),
        extras=(),
        lock=None,
        needs_git=False,
        installs_project=False,
        build_packages=(),
        runtime_packages=(),
        extra_requirements=("gunicorn==23.0.0", "whitenoise==6.12.0"),
        frontend=None,
        build_environment={"DJANGO_SECRET_KEY": "build-time placeholder"},
        build_commands=(),
        collectstatic=("collectstatic", "--noinput"),
    )
    return replace(plain, **changes)


def server(**changes: Any) -> ServerProcess:
    plain = ServerProcess(
        kind="gunicorn",
        target="mysite.wsgi:application",
        asgi=False,
        workers=2,
        threads=4,
        timeout=300,
        graceful_timeout=25,
        keepalive=75,
        max_upload=75 * MIB,
    )
    return replace(plain, **changes)


def database(**changes: Any) -> Database:
    plain = Database(
        engine="postgresql",
        version="17",
        name="mysite",
        user="mysite",
        tier=None,
        extensions=(),
        pooler=False,
        high_availability=False,
        disk=10 * 2**30,
        max_connections=100,
    )
    return replace(plain, **changes)


def web(process: ServerProcess) -> Service:
    return Service(
        name="web",
        command=(),
        cpu=1.0,
        memory=512 * MIB,
        scaling=Scaling(min_instances=0, max_instances=2, concurrency=8),
        server=process,
        liveness=Probe("/health/live", 30, 5, 3, 60),
        readiness=Probe("/health/", 30, 5, 3, 60),
    )


def deployment(**changes: Any) -> Deployment:
    found = changes.pop("overlay", overlay())
    migrate = Job("migrate", ("python", "-m", "django", "migrate"), 1, 512 * MIB, 900)
    plain = Deployment(
        name="mysite",
        environment="production",
        provider="local",
        region="",
        profile="small",
        image=image(),
        overlay=found,
        settings_module=found.module,
        web=web(changes.pop("server", server())),
        services=(),
        jobs=(replace(migrate, purpose="migrate"),),
        database=database(),
        cache=None,
        storage=None,
        secrets=(),
        environment_variables={},
        domain=None,
        aliases=(),
        network=Network("all"),
        static="whitenoise",
        static_url="/static/",
        media_url="/media/",
    )
    return replace(plain, **changes)
