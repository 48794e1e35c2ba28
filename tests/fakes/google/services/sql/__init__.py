"""sqladmin.v1: instances, their backups, databases and users, and operations of its own form."""

from fakes.google.services.sql import backups, contents, instances, running

__all__ = ["backups", "contents", "instances", "running"]
