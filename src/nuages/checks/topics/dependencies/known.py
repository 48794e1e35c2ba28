"""Packages: what they install, what became of them, and when releases ended."""

from __future__ import annotations

DJANGO: dict[tuple[int, int], str] = {
    (1, 11): "April 2020", (2, 0): "April 2019", (2, 1): "December 2019", (2, 2): "April 2022",
    (3, 0): "April 2021", (3, 1): "December 2021", (3, 2): "April 2024", (4, 0): "April 2023",
    (4, 1): "December 2023", (4, 2): "April 2026", (5, 0): "April 2025", (5, 1): "December 2025",
}  # fmt: skip
"""Series that get no security fixes any more, as of November 2026, and since when:
https://www.djangoproject.com/download/#supported-versions"""

PYTHON: dict[tuple[int, int], str] = {
    (2, 7): "January 2020", (3, 5): "September 2020", (3, 6): "December 2021", (3, 7): "June 2023",
    (3, 8): "October 2024", (3, 9): "October 2025", (3, 10): "October 2026",
}  # fmt: skip
"""The same of Python: https://devguide.python.org/versions/"""

TWINS: tuple[tuple[str, str, str], ...] = (
    ("psycopg2", "psycopg2-binary", "psycopg2"),
    ("pycrypto", "pycryptodome", "Crypto"),
    ("uwsgi", "pyuwsgi", "uwsgi"),
    ("environ", "django-environ", "environ"),
    ("decouple", "python-decouple", "decouple"),
    ("dotenv", "python-dotenv", "dotenv"),
    ("jwt", "pyjwt", "jwt"),
    ("slugify", "python-slugify", "slugify"),
    ("jose", "python-jose", "jose"),
    ("django-q", "django-q2", "django_q"),
    ("pil", "pillow", "PIL"),
    ("pillow", "pillow-simd", "PIL"),
    ("opencv-python", "opencv-python-headless", "cv2"),
    ("magic", "python-magic", "magic"),
)
"""Two distributions that install the same module, and its name."""

ABANDONED: dict[str, str] = {
    "pycrypto": "has had no release since 2013 and has a known hole (CVE-2013-7459); take "
    "pycryptodome or cryptography",
    "django-heroku": "is archived, and installs psycopg2 and settings behind your back; write the "
    "four settings yourself",
    "django-toolbelt": "is a list of other packages from 2013; name what you need",
    "dj-static": "is replaced by whitenoise",
    "static3": "is replaced by whitenoise",
    "raven": "is replaced by sentry-sdk, and does not send to today's Sentry",
    "boto": "does not import on Python 3.12; take boto3",
    "nose": "does not import on Python 3.10; take pytest",
    "django-nose": "does not import on Python 3.10; take pytest-django",
    "mysql-python": "is for Python 2; take mysqlclient",
    "pil": "is for Python 2; take pillow",
    "south": "came before Django 1.7, which has migrations",
    "django-celery": "is replaced by celery itself and django-celery-beat",
    "python-social-auth": "is replaced by social-auth-app-django",
    "django-rest-swagger": "is archived; take drf-spectacular",
    "django-rest-auth": "is replaced by dj-rest-auth",
    "djangorestframework-jwt": "is archived; take djangorestframework-simplejwt",
    "django-redis-cache": "is replaced by Django's own RedisCache or django-redis",
    "django-storages-redux": "is replaced by django-storages",
    "django-ckeditor": "holds CKEditor 4, which has known holes and gets no more fixes; take "
    "django-ckeditor-5 or django-tinymce",
    "django-q": "is replaced by django-q2, and does not run on Django 5",
    "sklearn": "is a name that scikit-learn reserved; take scikit-learn",
    "python-memcached": "is replaced by pymemcache; Django's backend for it is gone since 4.1",
    "django-cors-middleware": "is replaced by django-cors-headers",
    "futures": "is for Python 2",
    "enum34": "breaks the standard library's enum since Python 3.6",
    "typing": "breaks the standard library's typing",
    "dataclasses": "is for Python 3.6",
}
"""Distribution: what became of it, by its own page on the index."""

TOOLS = frozenset(
    {"black", "flake8", "isort", "mypy", "pylint", "ruff", "bandit", "pytest", "pytest-django"}
    | {"pytest-cov", "coverage", "tox", "nox", "ipdb", "pudb", "pre-commit", "factory-boy"}
    | {"faker", "model-bakery", "mixer", "django-test-plus", "django-stubs", "djlint", "djhtml"}
    | {"django-debug-toolbar", "nplusone", "werkzeug", "freezegun", "responses", "watchdog"}
    | {"selenium", "playwright", "pip-tools", "pydevd-pycharm", "debugpy", "ptvsd", "autopep8"}
    | {"django-browser-reload", "django-coverage-plugin", "djangorestframework-stubs", "ipython"}
)
"""What is used where code is written and tested."""

BRINGS_TOOLS = {"werkzeug": ("flask", "django-extensions", "moto"), "ipython": ("jupyter",)}
"""Tools that others need, and whose names say so."""

SERVERS: dict[str, tuple[str, ...]] = {
    "gunicorn": ("gunicorn",), "uvicorn": ("uvicorn",), "daphne": ("daphne",),
    "uwsgi": ("uwsgi", "pyuwsgi"), "granian": ("granian",), "hypercorn": ("hypercorn",),
    "waitress-serve": ("waitress",), "celery": ("celery",),
}  # fmt: skip
"""A command: the distributions that hold it."""
