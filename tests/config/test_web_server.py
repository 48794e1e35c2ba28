"""The web server: which one, how many processes, and the chain of timeouts."""

import pytest

from nuages.config import server
from nuages.errors import ConfigError
from nuages.model import ServerProcess

ASGI = """\
import os
from channels.routing import ProtocolTypeRouter, URLRouter
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = ProtocolTypeRouter({"websocket": URLRouter([])})
"""
CHANNELS = "INSTALLED_APPS += ['channels']\nASGI_APPLICATION = 'shop.asgi.application'\n"


def process(shop, yaml: str = "{}", requirements: str = "django==5.2.1\n") -> ServerProcess:
    found = shop.deployment(yaml=yaml, requirements=requirements).web.server
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("requirements", "kind"),
    [
        ("", "gunicorn"),
        ("gunicorn\n", "gunicorn"),
        ("uwsgi\n", "uwsgi"),
        ("granian\n", "granian"),
        ("gunicorn\nuvicorn\n", "gunicorn"),
        ("uvicorn\n", "gunicorn"),
        ("daphne\n", "gunicorn"),
    ],
)
def test_auto_takes_the_projects_own(shop, requirements: str, kind: str) -> None:
    found = process(shop, requirements=f"django==5.2.1\n{requirements}")
    assert (found.kind, found.asgi) == (kind, False)


@pytest.mark.parametrize(
    ("requirements", "kind"),
    [("", "uvicorn"), ("daphne\n", "uvicorn"), ("gunicorn\n", "uvicorn"), ("granian\n", "granian")],
)
def test_auto_for_asgi(shop, requirements: str, kind: str) -> None:
    packages = f"django==5.2.1\nchannels==4.2\n{requirements}"
    deployment = shop.deployment(CHANNELS, requirements=packages, files={"shop/asgi.py": ASGI})
    found = deployment.web.server
    assert found is not None
    assert (found.kind, found.asgi, found.target) == (kind, True, "shop.asgi:application")
    assert deployment.web.scaling.concurrency == 80


@pytest.mark.parametrize("kind", ["gunicorn", "uvicorn", "uwsgi", "granian"])
def test_each_can_be_chosen(shop, kind: str) -> None:
    assert process(shop, f"server: {kind}", "django==5.2.1\ngunicorn\n").kind == kind


def test_uwsgi_cannot_speak_asgi(shop) -> None:
    packages = "django==5.2.1\nchannels==4.2\n"
    with pytest.raises(ConfigError, match="uwsgi speaks WSGI only") as caught:
        shop.deployment(
            CHANNELS, yaml="server: uwsgi", requirements=packages, files={"shop/asgi.py": ASGI}
        )
    assert str(caught.value.location) == "nuages.yaml:1:9"


def test_an_application_that_is_named(shop) -> None:
    found = process(shop, "server: {application: 'shop.asgi:app'}")
    assert (found.target, found.asgi) == ("shop.asgi:app", True)


def test_each_link_of_the_chain_waits_longer_than_the_one_inside(shop) -> None:
    web = shop.deployment().web
    assert web.server is not None
    assert web.request_timeout == 300
    assert web.server.timeout == 310
    assert web.server.graceful_timeout < web.stop_timeout
    assert web.server.max_upload == 75 * 1024**2
    web = shop.deployment(yaml="deployment: {timeout: 20s, stop_timeout: 60s}").web
    assert web.server is not None
    assert (web.server.timeout, web.server.graceful_timeout, web.stop_timeout) == (30, 55, 60)


@pytest.mark.parametrize(
    ("yaml", "workers", "threads"),
    [
        ("{}", 2, 4),
        ("deployment: {resources: {cpu: 4, memory: 8Gi}}", 8, 3),
        ("deployment: {resources: {cpu: 4, memory: 512Mi}}", 2, 4),
        ("deployment: {resources: {cpu: 500m, memory: 128Mi}}", 1, 4),
        ("server: {workers: 3, threads: 2}", 3, 2),
        ("database: {max_connections: 22}", 2, 2),
        ("database: {max_connections: 12}", 1, 1),
        ("database: {max_connections: 5}", 1, 1),
        ("database: {type: none}\ndeployment: {scaling: {max_instances: 500}}", 2, 4),
        ("server: {workers: 4, threads: 4}\ndatabase: {max_connections: 20}", 4, 4),
    ],
)
def test_processes_fit_cpu_memory_and_connections(
    shop, yaml: str, workers: int, threads: int
) -> None:
    found = process(shop, yaml)
    assert (found.workers, found.threads) == (workers, threads)


@pytest.mark.parametrize("most", [1, 3, 10, 20, 45])
def test_the_connections_of_all_instances_fit_the_database(shop, most: int) -> None:
    found = process(shop, f"deployment: {{scaling: {{max_instances: {most}}}}}")
    assert most * found.workers * found.threads <= 100 - server.RESERVED
