"""What settings import from Django itself, and constants of libraries beside it."""

from __future__ import annotations

from nuages.project.evaluation.machine import LIBRARY, Call, library
from nuages.project.evaluation.signals import (
    EnvError,
    EnvValidationError,
    ImproperlyConfigured,
    UndefinedValueError,
)
from nuages.project.evaluation.values import NONE, Native, Value, lift, unknown

LIBRARY.update(
    {
        "django.core.exceptions.ImproperlyConfigured": Value(ImproperlyConfigured),
        "environ.ImproperlyConfigured": Value(ImproperlyConfigured),
        "environ.compat.ImproperlyConfigured": Value(ImproperlyConfigured),
        "decouple.UndefinedValueError": Value(UndefinedValueError),
        "environs.EnvError": Value(EnvError),
        "environs.EnvValidationError": Value(EnvValidationError),
    }
)
for _level, _name in ((10, "DEBUG"), (20, "INFO"), (25, "SUCCESS"), (30, "WARNING"), (40, "ERROR")):
    LIBRARY[f"django.contrib.messages.constants.{_name}"] = Value(_level)
    LIBRARY[f"django.contrib.messages.{_name}"] = Value(_level)


def _same(call: Call) -> Value:
    return call.argument(0, "message", NONE)


for _name in ("gettext_lazy", "gettext_noop", "gettext", "ugettext", "ugettext_noop"):
    LIBRARY[f"django.utils.translation.{_name}"] = Value(
        Native(f"django.utils.translation.{_name}", _same)
    )


@library("django.urls.reverse_lazy")
def reverse_lazy(call: Call) -> Value:
    """The path cannot be told without the URLconf: the reason keeps the view's name."""
    name = call.argument(0, "viewname", NONE)
    return unknown(f"reverse_lazy({name.data!r})", call.taint)


LIBRARY["django.core.urlresolvers.reverse_lazy"] = LIBRARY["django.urls.reverse_lazy"]
LIBRARY["corsheaders.defaults.default_headers"] = lift(
    ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")
)
LIBRARY["corsheaders.defaults.default_methods"] = lift(
    ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
)
CSP = {
    "SELF": "'self'",
    "NONE": "'none'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
}
for _name, _text in CSP.items():
    LIBRARY[f"csp.constants.{_name}"] = Value(_text)
    LIBRARY[f"django.utils.csp.CSP.{_name}"] = Value(_text)
