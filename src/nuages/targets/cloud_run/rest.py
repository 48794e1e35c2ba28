"""Requests by the discovery documents that google-api-python-client brings along.

Other endpoints than Google's public ones come from gcloud's own variables
(``CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE``,
https://cloud.google.com/sdk/gcloud/reference/topic/configurations).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from googleapiclient import discovery, discovery_cache

from nuages.steps.step import Request

OVERRIDE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_"
_GCLOUD_NAMES = {"sqladmin": "SQL"}
"""Where gcloud calls an API by another name than its discovery document."""
TRIES = 4
"""Of requests that change nothing, as the library does it: 429 and 5xx, waiting ever longer."""
_READS = ("get", "list", "test", "access")


@dataclass(frozen=True)
class Rest:
    """Its connections are not to be shared, so that each thread has its own.

    https://googleapis.github.io/google-api-python-client/docs/thread_safety.html
    """

    credentials: Any
    environment: Mapping[str, str] = field(repr=False)
    _mine: threading.local = field(default_factory=threading.local, repr=False)

    def send(self, request: Request) -> Any:
        """Raises what the library raises."""
        method = self.service(request.api)
        *resources, name = request.method.split(".")
        for resource in resources:
            method = getattr(method, resource)()
        words = {key.replace(".", "_"): str(value) for key, value in request.parameters.items()}
        given = {**words, **({} if request.body is None else {"body": request.body})}
        tries = TRIES if name.startswith(_READS) else 0
        return getattr(method, name)(**given).execute(num_retries=tries)

    def service(self, api: str) -> Any:
        """The library's own object for an API (``storage.v1``)."""
        services = self._mine.__dict__
        if api not in services:
            services[api] = self._built(api)
        return services[api]

    def _built(self, api: str) -> Any:
        name, version = api.split(".")
        document = json.loads(discovery_cache.get_static_doc(name, version))
        other = self.endpoint(name)
        if other:
            document["rootUrl"] = document["mtlsRootUrl"] = other.rstrip("/") + "/"
            document["baseUrl"] = document["rootUrl"] + document["servicePath"]
        return discovery.build_from_document(document, credentials=self.credentials)

    def endpoint(self, api: str) -> str | None:
        """Another endpoint than Google's public one, where the environment names it."""
        return self.environment.get(OVERRIDE + _GCLOUD_NAMES.get(api, api.upper()))
