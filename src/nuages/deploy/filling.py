"""What stands for a value that nothing but the moment of doing knows, replaced by it."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from nuages.effects import clock
from nuages.steps.step import Again, Fresh, Given, Joined, Request, Secret, Since, Token
from nuages.targets.target import Client

_SIGNS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Filling:
    """Asks the cloud for secrets and tokens, the clock for the time."""

    client: Client
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What somebody typed, by name."""

    def request(self, step: Request) -> Request:
        """The request as it is sent."""
        body = None if step.body is None else self.whole(step.body)
        return replace(step, parameters=self.whole(step.parameters), body=body)

    def whole(self, value: Any) -> Any:
        """A value of JSON with everything in it replaced."""
        if isinstance(value, Mapping):
            return {name: self.whole(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.whole(each) for each in value]
        return self.value(value)

    def value(self, value: Any) -> Any:
        """What one thing stands for; most stand for themselves."""
        match value:
            case Secret():
                return self.client.secret(value.id)
            case Token():
                return self.client.token()
            case Again() | Fresh() | Given() | Joined():
                return base64.b64encode(self.text(value).encode()).decode()
            case Since():
                moment = clock.now() - timedelta(seconds=value.seconds)
                return moment.isoformat().replace("+00:00", "Z")
        return value

    def text(self, value: Again | Fresh | Given | Joined) -> str:
        """What a body has as base64."""
        if isinstance(value, Fresh):
            return "".join(secrets.choice(_SIGNS) for _ in range(value.length))
        if isinstance(value, Given):
            return self.given[value.name]
        if isinstance(value, Again):
            return self.client.secret(value.version)
        return "".join(self._part(part) for part in value.parts)

    def _part(self, part: str | Secret) -> str:
        return quote(self.client.secret(part.id), safe="") if isinstance(part, Secret) else part
