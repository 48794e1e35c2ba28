"""Whether anything of a release that went wrong is still there once another went right."""

from __future__ import annotations

import json
import time
from typing import Any

from fakes.google.kinds import SERVICE as KIND
from fakes.google.runtime import ContainerRuntime
from fakes.google.services.storage.objects import content_of, live

from release.programs import Programs
from release.site import SERVICE, Site

BUCKET = "jazz-1910-nuages"
DRAINED = 120
"""Seconds that containers have which nobody is sent to any more, on a busy machine."""


def stored(site: Site, name: str) -> str | None:
    """An object beside the state."""
    found = live(site.world, BUCKET, f"tally/{name}")
    return None if found is None else content_of(site.world, found).decode()


def demand_whole(site: Site, programs: Programs) -> None:
    """Nothing is left over that ``nuages status`` does not name."""
    end = time.monotonic() + DRAINED
    while (found := _left(site, programs)) and time.monotonic() < end:
        time.sleep(0.1)
    if found:
        print(f"left over after {DRAINED} s:", found)
        named = json.dumps(site.json("status"))
        silent = [each for each in found if each not in named]
        assert silent == [], f"left over, and not named: {silent} of {found}"
    _demand_recorded(site)


def _left(site: Site, programs: Programs) -> list[str]:
    return [*_of_traffic(site), *_containers(site), *_locks(site), *programs.running()]


def _of_traffic(site: Site) -> list[str]:
    """Tags, and revisions of other releases that people are sent to."""
    service = site.world.resources.get(KIND, SERVICE) or {}
    traffic = service.get("trafficStatuses", [])
    serving = [str(each.get("revision")) for each in traffic if each.get("percent")]
    release = _last(site)["id"]
    others = [name for name in serving if _release(site, name) != release]
    return [*(str(each["tag"]) for each in traffic if each.get("tag")), *others]


def _release(site: Site, revision: str) -> str | None:
    found = site.world.resources.get("revisions", f"{SERVICE}/revisions/{revision}") or {}
    name: str | None = found.get("labels", {}).get("nuages-release")
    return name


def _containers(site: Site) -> list[str]:
    """Of the site: one revision, which serves, and no job."""
    runtime = site.world.runtime
    assert isinstance(runtime, ContainerRuntime)
    return [*runtime.docker.owned("revision")[1:], *runtime.docker.owned("job")]


def _locks(site: Site) -> list[str]:
    return [name for name in ("lock.json", "default.tflock") if stored(site, name) is not None]


def _last(site: Site) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stored(site, "journal.json") or "")["releases"][-1]
    return found


def _demand_recorded(site: Site) -> None:
    assert _last(site)["status"] == "done", _last(site)
