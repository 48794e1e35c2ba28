"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

from celery_site import TASKS, of


def test_a_task_with_a_name_of_its_own_is_found_by_it() -> None:
    entry = "CELERY_BEAT_SCHEDULE = {'x': {'task': 'library.loans.tasks.other', 'schedule': 60}}"
    assert of("CEL024", settings=entry)
    named = f"{TASKS}@shared_task(name='library.loans.tasks.other')\ndef work():\n    pass\n"
    assert not of("CEL024", named, entry)


def test_intervals_of_a_day_where_the_schedule_is_kept() -> None:
    entry = "CELERY_BEAT_SCHEDULE = {'x': {'task': 'library.loans.tasks.remind', 'schedule': 1e5}}"
    assert of("CEL025", settings=entry)
    assert not of("CEL025", settings=f"{entry}\nINSTALLED_APPS += ['django_celery_beat']")
