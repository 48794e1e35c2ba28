"""One module per API; importing it registers its answers."""

from fakes.google.services import accounts, project, registry, run, secrets, sql, storage, usage

__all__ = ["accounts", "project", "registry", "run", "secrets", "sql", "storage", "usage"]
