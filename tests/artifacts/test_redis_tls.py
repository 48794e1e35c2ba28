"""A real Redis that speaks TLS alone, with an authority of its own, as Memorystore has it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django_environments import Django, django, written
from handmade import deployment, overlay

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.model import Cache

pytestmark = [pytest.mark.slow, pytest.mark.servers, pytest.mark.xdist_group("redis-tls")]

PROJECT = """
import os
SECRET_KEY = "x"
INSTALLED_APPS = []
MIDDLEWARE = []
CELERY_BROKER_URL = "redis://%s:%s/1" % (os.environ["REDIS_HOST"], os.environ["REDIS_PORT"])
CELERY_RESULT_BACKEND = os.environ["REDIS_URL"]
CHANNEL_LAYERS = {"default": {
    "BACKEND": "channels_redis.core.RedisChannelLayer",
    "CONFIG": {"hosts": [(os.environ["REDIS_HOST"], int(os.environ["REDIS_PORT"]))]},
}}
OTHERS_URL = "rediss://elsewhere.example:6379/0"
"""
CELERY = """
from celery import Celery
app = Celery("mysite")
app.config_from_object("django.conf:settings", namespace="CELERY")
@app.task
def add(a, b):
    return a + b
"""
ASK = """
import asyncio, subprocess, sys
from django.conf import settings
from django.core.cache import cache
from mysite.celery_app import add
assert settings.OTHERS_URL == "rediss://elsewhere.example:6379/0"
cache.set("song", "Nuages")
print("CACHE", cache.get("song"))
argv = [sys.executable, "-m", "celery", "-A", "mysite.celery_app", "worker", "-P", "solo"]
worker = subprocess.Popen(argv)
try:
    print("TASK", add.delay(2, 3).get(timeout=30))
finally:
    worker.terminate()
    worker.wait(30)
from channels.layers import get_channel_layer
async def echo():
    layer = get_channel_layer()
    await layer.send("here", {"type": "sung"})
    return (await layer.receive("here"))["type"]
print("CHANNEL", asyncio.run(echo()))
"""
COMBINATIONS = {
    "5.2": ("celery", "channels-redis", "packaging"),
    "4.2": ("celery==5.4.0", "kombu==5.4.2", "redis==5.2.1", "channels-redis==4.2.1", "packaging"),
}


@dataclass(frozen=True)
class Secured:
    port: int
    authority: str
    password: str

    @property
    def environ(self) -> dict[str, str]:
        return {
            "REDIS_URL": f"rediss://:{self.password}@127.0.0.1:{self.port}/0",
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.port),
            "REDIS_CA": self.authority,
            "DJANGO_SECRET_KEY": "x",
        }


def openssl(*words: str) -> None:
    subprocess.run(("openssl", *words), check=True, capture_output=True)


def certificates(folder: Path) -> None:
    """An authority, and a certificate that names an address where names belong."""
    new = ("-newkey", "rsa:2048", "-nodes", "-days", "2")
    at = {name: str(folder / name) for name in ("ca.key", "ca.crt", "key", "csr", "crt")}
    ca = ("-subj", "/CN=an authority", "-keyout", at["ca.key"], "-out", at["ca.crt"])
    openssl("req", "-x509", *new, *ca)
    openssl("req", *new[:3], "-subj", "/CN=10.0.0.3", "-keyout", at["key"], "-out", at["csr"])
    signed = ("-CA", at["ca.crt"], "-CAkey", at["ca.key"], "-CAcreateserial", "-days", "2")
    openssl("x509", "-req", "-in", at["csr"], *signed, "-out", at["crt"])


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    program = shutil.which("redis-server")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("NO redis-server")
    folder = tmp_path_factory.mktemp("redis")
    certificates(folder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    tls = [f"--tls-{name}-file" for name in ("cert", "key", "ca-cert")]
    files = ("crt", "key", "ca.crt")
    named = [
        w for pair in zip(tls, map(str, map(folder.joinpath, files)), strict=True) for w in pair
    ]
    alone = ("--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no")
    words = (*alone, *named, "--requirepass", "planted", "--save", "", "--dir", str(folder))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen((program, *words), stdout=log, stderr=log)
    for _ in range(100):
        if "Ready to accept" in (folder / "log").read_text():
            break
        time.sleep(0.1)
    yield Secured(port, (folder / "ca.crt").read_text(), "planted")
    process.terminate()
    process.wait(10)


def site(here: Django, folder: Path) -> Path:
    off = ("secret_key", "hosts", "https", "database", "sessions", "whitenoise", "static_root")
    off += ("storages", "media", "logging", "health", "email")
    made = cloud_settings(
        deployment(
            overlay=overlay(django=here.version, cache=True, **dict.fromkeys(off, False)),
            cache=Cache("redis", "7", 2**30, False),
        )
    )
    files = {"mysite____init__": "", "mysite__settings": PROJECT, "mysite__celery_app": CELERY}
    return written(folder, made, **files)


@pytest.mark.parametrize("version", COMBINATIONS)
def test_cache_broker_results_and_channels(redis: Secured, version: str, tmp_path: Path) -> None:
    here = django(version, *COMBINATIONS[version])
    done = here.run(site(here, tmp_path), ASK, environ=redis.environ)
    assert done.returncode == 0, done.stderr[-3000:]
    for said in ("CACHE Nuages", "TASK 5", "CHANNEL sung"):
        assert said in done.stdout
    assert "planted" not in done.stdout + done.stderr


def test_another_authority_is_not_believed(
    redis: Secured, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    certificates(other)
    here = django("5.2", *COMBINATIONS["5.2"])
    wrong = redis.environ | {"REDIS_CA": (other / "ca.crt").read_text()}
    done = here.run(site(here, tmp_path), ASK, environ=wrong)
    assert done.returncode != 0
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
