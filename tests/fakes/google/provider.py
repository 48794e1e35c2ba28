"""fakecloud's Google provider, telling the world at once what it did.

A resource is there when the API says so: a service's apply waits for its revision, and fails when
that does not come up. Arguments that no state holds (write-only) reach the world as they would
reach Google. The shims that `mirror.py` writes start this with fakecloud's own interpreter; nothing
else of this package is imported here.
"""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any


def told(world: str, folder: str, provider: type) -> type:
    """fakecloud's Provider with the world behind it.

    Args:
        world: its URL.
        folder: where write-only values are put, apart from the store.
    """
    from fakecloud.provider import children, conform, decode, encode, error  # noqa: PLC0415

    class Told(provider):  # type: ignore[misc]
        def ApplyResourceChange(self, request: Any) -> Any:
            response = super().ApplyResourceChange(request)
            new = decode(response.new_state)
            if any(each.severity == 1 for each in response.diagnostics):
                return response
            if new is not None and new.get("id"):
                _keep_write_only(request, new["id"])
            subject = new or decode(request.prior_state) or {}
            for message in _noticed(request.type_name, str(subject.get("id"))):
                response.diagnostics.append(error(f"Error applying {request.type_name}", message))
            found = self.cloud.get(request.type_name, new["id"]) if new else None
            if found is not None:
                block = self.block(request.type_name)
                timeouts = {n: new.get(n) for n in children(block)[1] if n == "timeouts"}
                response.new_state.CopyFrom(encode({**conform(block, found), **timeouts}))
            return response

    def _keep_write_only(request: Any, ident: str) -> None:
        config = decode(request.config) or {}
        given = {n: v for n, v in config.items() if n.endswith("_wo") and isinstance(v, str)}
        if given:
            name = re.sub(r"[^\w.-]", "~", f"{request.type_name}~{ident}")[:200]
            path = Path(folder) / f"{name}.json"
            path.touch(mode=0o600)
            path.write_text(json.dumps(given), "utf-8")

    def _noticed(type_name: str, ident: str) -> list[str]:
        body = json.dumps({"type": type_name, "id": ident}).encode()
        asked = urllib.request.Request(f"{world}/terraform", body)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=600) as answer:  # noqa: S310
            return list(json.load(answer)["errors"])

    return Told
