"""The APIs' methods and schemas, read from the discovery documents of google-api-python-client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import googleapiclient.discovery_cache

DOCUMENTS = Path(googleapiclient.discovery_cache.__file__).parent / "documents"
APIS = (
    "run.v2",
    "secretmanager.v1",
    "storage.v1",
    "artifactregistry.v1",
    "serviceusage.v1",
    "cloudresourcemanager.v1",
    "cloudresourcemanager.v3",
    "cloudbilling.v1",
    "sqladmin.v1",
    "logging.v2",
    "monitoring.v3",
    "iam.v1",
    "iamcredentials.v1",
    "cloudbuild.v1",
    "cloudscheduler.v1",
)


@dataclass(frozen=True)
class Api:
    """One discovery document."""

    name: str
    document: dict[str, Any] = field(repr=False, hash=False)

    @property
    def host(self) -> str:
        return urlsplit(self.document["rootUrl"]).netloc

    @property
    def schemas(self) -> dict[str, Any]:
        return self.document["schemas"]

    @property
    def parameters(self) -> dict[str, Any]:
        """Query parameters that every method takes."""
        return self.document["parameters"]


@dataclass(frozen=True)
class Method:
    """One method of one API."""

    api: Api = field(hash=False)
    description: dict[str, Any] = field(repr=False, hash=False)
    path: str

    @property
    def id(self) -> str:
        """As in the document: run.projects.locations.services.get."""
        return self.description["id"]

    @property
    def key(self) -> str:
        """The id without the API's own name, as client libraries spell it."""
        return self.id.split(".", 1)[1]

    @property
    def verb(self) -> str:
        return self.description["httpMethod"]

    @property
    def request(self) -> str | None:
        return self.description.get("request", {}).get("$ref")

    @property
    def response(self) -> str | None:
        return self.description.get("response", {}).get("$ref")

    @property
    def parameters(self) -> dict[str, Any]:
        return self.description.get("parameters", {})

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Of the whole path; what a {+name} may hold is said by its parameter's pattern."""

        def group(match: re.Match[str]) -> str:
            reserved, name = match[1], match[2]
            pattern = self.parameters.get(name, {}).get("pattern", "^.+$" if reserved else "")
            inner = pattern.removeprefix("^").removesuffix("$") or "[^/]+"
            return f"(?P<{name}>{inner})"

        pieces = re.split(r"(\{\+?\w+\})", self.path)
        return re.compile(
            "".join(
                re.sub(r"\{(\+?)(\w+)\}", group, piece) if piece[:1] == "{" else re.escape(piece)
                for piece in pieces
            )
        )


def _described(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _described(inner)


@cache
def api(name: str) -> Api:
    return Api(name, json.loads((DOCUMENTS / f"{name}.json").read_text("utf-8")))


@cache
def methods(name: str) -> tuple[Method, ...]:
    """All methods of an API; one that takes an upload stands there once for each of its paths."""
    document = api(name)
    found = []
    for description in _described(document.document):
        service = document.document["servicePath"]
        found.append(Method(document, description, service + description["path"]))
        protocols = description.get("mediaUpload", {}).get("protocols", {})
        for path in dict.fromkeys(protocol["path"] for protocol in protocols.values()):
            found.append(Method(document, description, path.lstrip("/")))
    return tuple(found)
