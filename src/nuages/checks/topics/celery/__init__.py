"""Celery and the other queues: whether tasks run, once, and whether anybody would notice.

Celery's options: https://docs.celeryq.dev/en/stable/userguide/configuration.html
"""

OPTIONS = "https://docs.celeryq.dev/en/stable/userguide/configuration.html"
TASKS = "https://docs.celeryq.dev/en/stable/userguide/tasks.html"
