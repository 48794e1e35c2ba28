"""A small site as `nuages render` lays it out, served by the server that was chosen."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uv
from django_environments import VERSIONS

from nuages.artifacts.container import container_artifacts
from nuages.artifacts.layout import APP, Layout, python_path
from nuages.artifacts.server import command
from nuages.config.load import load
from nuages.config.resolve import resolve
from nuages.local.process import interpreter
from nuages.model import Deployment
from nuages.project.detect import detect
from nuages.project.tree import Tree

HOME = Path(os.environ.get("NUAGES_TEST_CACHE") or Path(tempfile.gettempdir()) / "nuages-django")
WORKERS = 2
SERVERS = ("gunicorn", "uvicorn", "uwsgi", "granian")
_ENTRY = (
    "import os\nfrom django.core.{0} import get_{0}_application\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    "application = get_{0}_application()\n"
)
FILES = {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    "from django.core.management import execute_from_command_line\nexecute_from_command_line()\n",
    "shop/__init__.py": "",
    "shop/settings.py": "SECRET_KEY = 'own'\nDEBUG = True\nINSTALLED_APPS = []\n"
    "MIDDLEWARE = ['django.middleware.common.CommonMiddleware']\nROOT_URLCONF = 'shop.urls'\n"
    "WSGI_APPLICATION = 'shop.wsgi.application'\n",
    "shop/urls.py": "import sys\nfrom django.http import HttpResponse\n"
    "from django.urls import path\ndef basket(request, number):\n"
    "    return HttpResponse(str('opentelemetry.sdk' in sys.modules))\n"
    "urlpatterns = [path('baskets/<int:number>/', basket)]\n",
    "shop/wsgi.py": _ENTRY.format("wsgi"),
    "shop/asgi.py": _ENTRY.format("asgi"),
    "requirements.txt": "django==5.2.8\n",
    "nuages.yaml": "database: {type: none}\ncache: {type: none}\nstorage: {type: none}\n",
}


@dataclass(frozen=True)
class Site:
    """A rendered project, and the Python that has its requirements."""

    root: Path
    deployment: Deployment
    python: Path

    @property
    def environment(self) -> dict[str, str]:
        paths = [folder.replace(APP, str(self.root)) for folder in python_path(self.deployment)]
        return {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}",
            "PYTHONPATH": ":".join(paths),
            "DJANGO_SETTINGS_MODULE": self.deployment.settings_module,
            "DJANGO_SECRET_KEY": "for-this-test",
            "DJANGO_HTTPS": "off",
            "ALLOWED_HOSTS": "127.0.0.1",
        }

    @contextmanager
    def served(self, **environ: str) -> Iterator[tuple[httpx.Client, subprocess.Popen[bytes]]]:
        """The command of the container, with the image's /app here."""
        port = free_port()
        values = {**self.environment, "PORT": str(port), "WEB_CONCURRENCY": str(WORKERS), **environ}
        argv = [word.replace(APP, str(self.root)) for word in command(self.deployment, Layout())]
        program = shutil.which(argv[0], path=str(self.python.parent))
        with (self.root / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(program), *argv[1:]], cwd=self.root, env=values, stdout=log, stderr=log
            )
            try:
                yield answering(port, process, self.root / "log"), process
            finally:
                process.terminate()
                process.wait(60)


def answering(port: int, process: subprocess.Popen[bytes], log: Path) -> httpx.Client:
    transport = httpx.HTTPTransport(retries=5)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=30)
    for _ in range(60):
        try:
            client.get("/health/live")
        except httpx.TransportError:
            assert process.poll() is None, log.read_text()
        else:
            if loaded(log.read_text()):
                return client
        time.sleep(0.5)
    raise AssertionError(log.read_text())


def loaded(log: str) -> bool:
    """All of uWSGI's workers: it does not stop one that is still importing the application."""
    return "uWSGI" not in log or log.count("WSGI app 0 (mountpoint") == WORKERS


def rendered(
    root: Path, server: str, provider: str = "docker", more: Mapping[str, str] | None = None
) -> Site:
    said = f"provider: {provider}\nserver: {server}\nobservability: {{traces: true}}\n"
    yaml = FILES["nuages.yaml"] + said
    files = {**FILES, "nuages.yaml": yaml, **(more or {})}
    deployment = resolve(detect(Tree.of(files)), load(yaml.encode(), "nuages.yaml"))
    files |= {artifact.path: artifact.text for artifact in container_artifacts(deployment)}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    extra = deployment.image.extra_requirements
    wanted = (*extra, *files["requirements.txt"].split())
    name = f"{provider}-{server}{'-worker' if more else ''}"
    return Site(root, deployment, _environment(name, wanted))


def _environment(name: str, pinned: tuple[str, ...]) -> Path:
    """Exactly what the image would have, made once."""
    home = HOME / f"traces-{name}"
    HOME.mkdir(parents=True, exist_ok=True)
    wanted = "\n".join(sorted(pinned))
    with (HOME / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = home / "complete"
        if not done.exists() or done.read_text() != wanted:
            program = uv.find_uv_bin()
            here = {i.minor: i.path for i in interpreter.installed(program, os.environ)}
            python = here[VERSIONS["6.0"]]
            subprocess.run([program, "venv", "-q", "--clear", "-p", python, home], check=True)
            install = [program, "pip", "install", "-q", "--python", home / "bin/python"]
            subprocess.run([*install, *pinned], check=True)
            done.write_text(wanted)
    return home / "bin/python"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


CELERY = {
    "shop/__init__.py": "from shop.celery import app as celery_app\n",
    "shop/celery.py": "import os\nfrom celery import Celery\n"
    "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n"
    "app = Celery('shop')\napp.config_from_object('django.conf:settings', namespace='CELERY')\n"
    "app.autodiscover_tasks(['shop'])\n",
    "shop/tasks.py": "from celery import shared_task\n@shared_task\ndef pack(number):\n"
    "    print('packed', number)\n    if number == 13:\n        raise ValueError('unlucky')\n",
    "shop/management/__init__.py": "",
    "shop/management/commands/__init__.py": "",
    "shop/management/commands/order.py": "from django.core.management import BaseCommand\n"
    "from shop.tasks import pack\nclass Command(BaseCommand):\n"
    "    def add_arguments(self, parser):\n        parser.add_argument('number', type=int)\n"
    "    def handle(self, number, **_):\n"
    "        if number < 0:\n            raise KeyError('no such number')\n"
    "        pack.delay(number)\n",
}
"""Work behind the requests, handed over in files of a folder."""


def with_worker(root: Path) -> Site:
    settings = FILES["shop/settings.py"].replace("INSTALLED_APPS = []", "INSTALLED_APPS = ['shop']")
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(root / "broker"))
    settings += "CELERY_BROKER_URL = 'filesystem://'\n"
    settings += f"CELERY_BROKER_TRANSPORT_OPTIONS = {folders!r}\n"
    (root / "broker").mkdir(parents=True)
    more = {**CELERY, "shop/settings.py": settings, "requirements.txt": "django==5.2.8\ncelery\n"}
    return rendered(root, "gunicorn", "gcp", more)
