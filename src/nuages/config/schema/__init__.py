"""nuages.yaml as types: the truth about its keys, for the loader, for editors and for people."""

from __future__ import annotations

from nuages.config.schema.config import Config
from nuages.config.schema.editors import json_schema
from nuages.config.schema.manifest import Manifest

__all__ = ["Config", "Manifest", "json_schema"]
