"""storage.v1: buckets and objects, by JSON and (reading) by XML paths."""

from fakes.google.services.storage import buckets, downloads, objects, uploads

__all__ = ["buckets", "downloads", "objects", "uploads"]
