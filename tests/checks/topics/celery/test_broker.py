"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import APP, of
from clean_site import Files, found


@pytest.mark.parametrize(
    ("settings", "app"),
    [
        ("CELERY_TASK_ALWAYS_EAGER = True", ""),
        ("CELERY_ALWAYS_EAGER = True", ""),
        ("", "app.conf.task_always_eager = True\n"),
        ("", "app.conf.update(task_always_eager=True)\n"),
        ("", 'app.conf.update({"task_always_eager": True})\n'),
    ],
)
def test_wherever_an_option_is_set(settings: str, app: str) -> None:
    (finding,) = of("CEL001", settings=settings, app=app)
    assert finding.severity == "error"
    assert (finding.location.path == "config/celery_app.py") is bool(app)


def test_a_variable_may_say_otherwise() -> None:
    read = "CELERY_TASK_ALWAYS_EAGER = env.bool('EAGER', default={})"
    (finding,) = of("CEL001", settings=read.format(True))
    assert (finding.severity, "EAGER" in finding.message) == ("warning", True)
    assert not of("CEL001", settings=read.format(False))


def test_a_default_of_localhost_is_none_where_the_variable_is_wired() -> None:
    read = "CELERY_BROKER_URL = env('QUEUE_ADDRESS', default='redis://localhost:6379/0')"
    assert not of("CEL002", settings=read)


def test_a_password_of_the_broker_is_not_said() -> None:
    (finding,) = of("CEL002", settings="CELERY_BROKER_URL = 'amqp://me:secret@localhost//'")
    assert "secret" not in finding.message


def test_an_application_that_anything_imports_is_loaded() -> None:
    files: Files = {"config/__init__.py": ""}
    assert found("CEL005", files, base="split")
    apps = "from config import celery_app\n"
    assert not found("CEL005", {**files, "library/loans/apps.py": apps}, base="split")


def test_settings_without_a_prefix_for_an_application_without_one() -> None:
    bare: Files = {"config/celery_app.py": APP.replace(', namespace="CELERY"', "")}
    settings = "BROKER_URL = REDIS_URL\n# no CELERY_BROKER_URL"
    assert found("CEL004", bare, base="split")
    assert not found("CEL004", {**bare, "settings.py": settings}, base="split")


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("CELERYD_TASK_ACKS_LATE", True),
        ("CELERYD_TASK_TIME_LIMIT", False),
        ("CELERY_TASK_ACK_LATE", True),
        ("CELERY_ACKS_LATE", False),
        ("CELERY_TASK_ANNOTATIONS", False),
        ("CELERY_MAIL_QUEUE", False),
    ],
)
def test_names_that_celery_knows(name: str, unknown: bool) -> None:
    assert bool(of("CEL032", settings=f"{name} = None")) is unknown
