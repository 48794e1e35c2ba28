"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from celery_site import TASKS, of
from clean_site import Files, found, texts_of


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ("return Loan.objects.count()", False),
        ("Loan.objects.filter(pk=1).update(reminded=True)", True),
        ("send_mail('a', 'b', None, [])", True),
    ],
)
def test_a_task_that_only_counts_may_be_lost(body: str, lost: bool) -> None:
    early = "CELERY_TASK_ACKS_LATE = False"
    task = f"{TASKS}@shared_task\ndef work():\n    {body}\n"
    files: Files = {
        "library/loans/tasks.py": task,
        "settings.py": early,
    }
    assert bool(found("CEL007", files, base="split")) is lost


def test_a_worker_that_is_stopped_too_soon() -> None:
    yaml = texts_of("split")["nuages.yaml"] + (
        "services:\n  worker:\n    command: celery -A config.celery_app worker -c 2\n"
        "    stop_timeout: COUNT\n"
    )
    (finding,) = found("CEL012", {"nuages.yaml": yaml.replace("COUNT", "20s")}, base="split")
    assert "20 s" in finding.message
    assert not found("CEL012", {"nuages.yaml": yaml.replace("COUNT", "6m")}, base="split")


def test_a_task_that_remembers_may_run_twice() -> None:
    task = f"{TASKS}@shared_task\ndef greet():\n    {{}}\n    send_mail('a', 'b', None, [])\n"
    assert of("CEL031", task.format("pass"))
    assert not of("CEL031", task.format("if not cache.add('greeted', 1): return"))
