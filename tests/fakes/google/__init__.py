"""A fake of Google Cloud's APIs on loopback, generated from discovery documents: see README.md."""

from fakes.google.world import GoogleWorld

__all__ = ["GoogleWorld"]
