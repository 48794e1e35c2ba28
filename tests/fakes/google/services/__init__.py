"""One module per API; importing it registers its answers."""

from fakes.google.services import project

__all__ = ["project"]
