"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import TASKS, of

TRANSACTIONS = """\
from django.db import transaction
from library.loans.tasks import remind


{}
"""


@pytest.mark.parametrize(
    ("code", "early"),
    [
        ("@transaction.atomic\ndef lend():\n    remind.delay(1)", True),
        ("def lend():\n    with transaction.atomic():\n        remind.apply_async((1,))", True),
        ("def lend():\n    with transaction.atomic():\n        pass\n    remind.delay(1)", False),
        ("@transaction.atomic\ndef lend():\n    remind.delay_on_commit(1)", False),
        (
            "@transaction.atomic\ndef lend():\n    def later():\n        remind.delay(1)\n"
            "    transaction.on_commit(later)",
            False,
        ),
        (
            "@transaction.atomic\ndef lend():\n    transaction.on_commit(partial(remind.delay, 1))",
            False,
        ),
        ("def lend():\n    with transaction.atomic(using='x'):\n        remind.delay(1)", False),
    ],
)
def test_queued_inside_a_transaction(code: str, early: bool) -> None:
    assert bool(of("CEL020", TRANSACTIONS.format(code))) is early


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("def a(request):\n    remind.delay(request.user)", True),
        ("def a(request):\n    remind.delay(request.user.pk)", False),
        ("def a():\n    loan = Loan.objects.create()\n    remind.delay(loan_id=loan)", True),
        ("def a():\n    loan = Loan.objects.first()\n    remind.apply_async([loan])", True),
        ("def a(loan):\n    remind.delay(loan)", False),
        ("@receiver(post_save)\ndef a(instance, **_):\n    remind.delay(instance)", True),
        ("def a():\n    pk = Loan.objects.count()\n    remind.delay(pk)", False),
    ],
)
def test_what_a_task_is_given(code: str, wrong: bool) -> None:
    head = "from library.loans.models import Loan\nfrom library.loans.tasks import remind\n\n\n"
    assert bool(of("CEL021", f"{head}{code}\n")) is wrong


def test_waiting_inside_a_task_is_an_error() -> None:
    code = f"{TASKS}from library.loans.tasks import remind\n\n\n"
    task = "@shared_task\ndef all():\n    result = remind.delay(1)\n    result.get()\n"
    (finding,) = of("CEL022", code + task)
    assert finding.severity == "error"
    assert not of("CEL022", code + task.replace("result.get()", "cache.get('x')"))


def test_a_result_of_a_dictionary_is_no_result_of_a_task() -> None:
    code = (
        "from library.loans.tasks import remind\n\n\ndef a():\n    remind.delay(1)\n    {}.get(1)\n"
    )
    assert not of("CEL023", code, "# no CELERY_RESULT_BACKEND")
