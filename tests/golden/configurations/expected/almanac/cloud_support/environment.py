"""Reading the environment. An empty variable is as good as an unset one."""

import os

from django.core.exceptions import ImproperlyConfigured

ON = ("1", "on", "true", "yes", "y", "t")
OFF = ("0", "off", "false", "no", "n", "f", "none")


def text(*names, **options):
    """The first of these variables that has a value, else ``default``."""
    for name in names:
        value = os.environ.get(name, "").strip()
        if value:
            return value
    return options.get("default", "")


def required(*names):
    """The first of these variables that has a value; there is no fall-back."""
    value = text(*names)
    if not value:
        raise ImproperlyConfigured("Set the environment variable %s." % " or ".join(names))
    return value


def flag(name, default):
    """A switch; a word that is neither on nor off is an error, not a guess."""
    value = text(name).lower()
    if value and value not in ON + OFF:
        raise ImproperlyConfigured("%s=%s: say on or off." % (name, value))
    return value in ON if value else default


def number(name, default):
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured("%s=%s: a whole number is needed." % (name, value)) from None


def items(*names):
    """All that these variables list, separated by commas or spaces, each once."""
    words = [word for name in names for word in text(name).replace(",", " ").split()]
    return list(dict.fromkeys(words))
