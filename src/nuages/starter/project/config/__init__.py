"""The project. Celery begins here where it is installed, so that tasks find it."""

from importlib.util import find_spec

if find_spec("celery"):
    from .celery import app as celery_app

    __all__ = ["celery_app"]
