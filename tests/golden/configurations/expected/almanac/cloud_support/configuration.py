"""The settings of a django-configurations class, as the library itself works them out."""

from types import SimpleNamespace

from configurations.utils import uppercase_attributes
from configurations.values import Value, setup_value


def values(configuration):
    """Every setting of the class: attributes, properties, and what its methods return."""
    configuration.pre_setup()
    configuration.setup()
    found = SimpleNamespace()
    for name, value in uppercase_attributes(configuration()).items():
        if callable(value) and not getattr(value, "pristine", False):
            value = value()
        if isinstance(value, Value):
            setup_value(found, name, value)
        else:
            setattr(found, name, value)
    configuration.post_setup()
    return vars(found)
