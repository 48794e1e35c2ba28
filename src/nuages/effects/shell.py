"""The only place where programs are started."""

from __future__ import annotations
