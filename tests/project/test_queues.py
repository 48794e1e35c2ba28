from __future__ import annotations

import pytest
from plain_project import Detected

APP = "from celery import Celery\napp = Celery('shop')\n"
NEEDS = {"requirements.txt": "django==5.2.1\ncelery==5.5\n"}


@pytest.mark.parametrize(
    ("files", "settings", "target", "beat"),
    [
        ({}, "", None, False),
        ({"shop/celery.py": APP}, "", "shop.celery:app", False),
        ({"shop/celery_app.py": "import celery\nqueue = celery.Celery('x')\n"}, "",
         "shop.celery_app:queue", False),
        ({"shop/__init__.py": APP}, "", "shop:app", False),
        ({"shop/worker.py": APP}, "", "shop.worker:app", False),
        ({"shop/celery.py": "from celery import Celery\n"}, "", None, False),
        ({"shop/celery.py": APP}, "CELERY_BEAT_SCHEDULE = {'a': {}}\n", "shop.celery:app", True),
        ({"shop/celery.py": APP}, "CELERY_BEAT_SCHEDULE = {}\n", "shop.celery:app", False),
        ({"shop/celery.py": APP + "app.conf.beat_schedule = {'a': {}}\n"}, "",
         "shop.celery:app", True),
        ({"shop/celery.py": APP}, "INSTALLED_APPS += ['django_celery_beat']\n",
         "shop.celery:app", True),
        # a test's own application is not the project's
        ({"shop/tests/celery.py": APP}, "", None, False),
    ],
)  # fmt: skip
def test_celery(
    detected: Detected, files: dict[str, str], settings: str, target: str | None, beat: bool
) -> None:
    found = detected({**NEEDS, **files}, settings).celery
    assert (found.value.target if found else None) == target
    assert (found.value.beat if found else False) is beat


def test_the_scheduler_and_the_broker(detected: Detected) -> None:
    settings = (
        "import os\nINSTALLED_APPS += ['django_celery_beat']\n"
        "CELERY_BROKER_URL = os.environ['REDIS_URL']\n"
    )
    found = detected({**NEEDS, "shop/celery.py": APP}, settings).celery
    assert found is not None
    assert found.value.scheduler == "django_celery_beat.schedulers:DatabaseScheduler"
    assert found.value.broker_variables == ("REDIS_URL",)


@pytest.mark.parametrize(
    ("app", "queue"),
    [
        ("django_rq", "django-rq"),
        ("huey.contrib.djhuey", "huey"),
        ("django_q", "django-q"),
        ("django_dramatiq", "dramatiq"),
        ("django.contrib.sites", None),
    ],
)
def test_other_queues(detected: Detected, app: str, queue: str | None) -> None:
    found = detected(settings=f"INSTALLED_APPS += ['{app}']\n").task_queues
    assert [fact.value for fact in found] == ([queue] if queue else [])
