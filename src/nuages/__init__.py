"""Take any Django project from manage.py to production on containers."""

__version__ = "0.1.0"
