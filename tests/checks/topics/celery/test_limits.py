"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import TASKS, of


@pytest.mark.parametrize(
    ("call", "again"),
    [
        ("remind.apply_async((1,), countdown=7200)", True),
        ("remind.apply_async((1,), eta=now() + timedelta(days=2))", True),
        ("remind.apply_async((1,), countdown=600)", False),
        ("remind.apply_async((1,), eta=soon())", False),
        ("remind.apply_async((1,), countdown=retries * 7200)", False),
    ],
)
def test_waiting_longer_than_the_visibility_timeout(call: str, again: bool) -> None:
    code = f"from library.loans.tasks import remind\n\n\ndef later():\n    {call}\n"
    assert bool(of("CEL009", code)) is again
    longer = "CELERY_BROKER_TRANSPORT_OPTIONS = {'visibility_timeout': 7 * 86400}"
    assert not of("CEL009", code, longer)
    rabbit = "CELERY_BROKER_URL = 'amqp://rabbit//'"
    assert not of("CEL009", code, rabbit)


def test_a_long_task_is_delivered_again_as_well() -> None:
    task = f"{TASKS}@shared_task(time_limit=4 * 3600)\ndef work():\n    pass\n"
    assert of("CEL009", task)


def test_a_limit_of_one_task_is_a_limit() -> None:
    none = "# no CELERY_TASK_TIME_LIMIT\n# no CELERY_TASK_SOFT_TIME_LIMIT"
    assert of("CEL010", settings=none)
    task = f"{TASKS}@shared_task(time_limit=60)\ndef work():\n    pass\n"
    assert not of("CEL010", task, none)
    assert not of("CEL010", settings=none, app="app.conf.task_soft_time_limit = 60\n")
