"""What makes the fake real: containers of the local Docker engine behind the APIs."""

from .runtime import ContainerRuntime

__all__ = ["ContainerRuntime"]
