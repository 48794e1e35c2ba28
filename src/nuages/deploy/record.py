"""The journal where it lies: an object beside the state."""

from __future__ import annotations

from dataclasses import dataclass

from nuages.deploy import journal as journals
from nuages.deploy.journal import Entry, Journal
from nuages.targets.target import Client


@dataclass
class Record:
    """The journal as it lies beside the state."""

    client: Client
    place: str
    name: str
    journal: Journal
    version: str | None

    @classmethod
    def read(cls, client: Client, place: str, prefix: str) -> Record:
        name = f"{prefix}/{journals.NAME}"
        found = client.read(place, name)
        text, version = ("", None) if found is None else (found.text, found.version)
        return cls(client, place, name, journals.read(text), version)

    def keep(self, entry: Entry) -> Entry:
        """Write it down before anything else happens."""
        self.journal = self.journal.having(entry)
        text = journals.written(self.journal)
        self.version = self.client.write(self.place, self.name, text, self.version)
        return entry
