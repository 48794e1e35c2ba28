"""IAM policies: what the API set, and what Terraform's iam_member resources add to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fakes.google.errors import aborted
from fakes.google.store import whole

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]
PLACE = "projects/{project}/locations/{location}"
# Terraform's resources, and of what they speak.
MEMBERS = {
    "google_cloud_run_v2_service_iam_member": PLACE + "/services/{name}",
    "google_cloud_run_v2_job_iam_member": PLACE + "/jobs/{name}",
    "google_cloud_run_v2_worker_pool_iam_member": PLACE + "/workerPools/{name}",
    "google_artifact_registry_repository_iam_member": PLACE + "/repositories/{repository}",
    "google_secret_manager_secret_iam_member": "projects/{project}/secrets/{secret_id}",
    "google_storage_bucket_iam_member": "buckets/{bucket}",
    "google_service_account_iam_member": "{service_account_id}",
    "google_project_iam_member": "projects/{project}",
}
CONFLICT = (
    "There were concurrent policy changes. Please retry the whole read-modify-write with "
    "exponential backoff."
)


class Policies:
    def __init__(self, world: GoogleWorld) -> None:
        self.world = world

    def members(self, resource: str, role: str) -> set[str]:
        """Who has that role on that resource (not on the project)."""
        bindings = self.get(resource).get("bindings", [])
        return {
            member
            for binding in bindings
            if binding["role"] == role and not binding.get("condition")
            for member in binding["members"]
        }

    def get(self, resource: str) -> Json:
        own = self.world.resources.get("policies", resource) or {}
        bindings = [{**b, "members": list(b["members"])} for b in own.get("bindings", [])]
        for _, attributes in self._made_by_terraform(resource):
            _add(bindings, attributes["role"], attributes["member"])
        text = json.dumps(bindings, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        answer: Json = {"version": own.get("version", 1), "etag": digest}
        return {**answer, "bindings": bindings} if bindings else answer

    def set(self, resource: str, policy: Json) -> Json:
        """Raises GoogleError where the policy's etag is not the current one."""
        with self.world.resources.lock:
            if policy.get("etag") not in (None, "", self.get(resource)["etag"]):
                raise aborted(CONFLICT)
            given = [
                {**b, "members": list(b.get("members", []))} for b in policy.get("bindings", [])
            ]
            for path, attributes in list(self._made_by_terraform(resource)):
                if not _taken(given, attributes["role"], attributes["member"]):
                    path.unlink()
            kept = [binding for binding in given if binding["members"]]
            body = {"version": policy.get("version", 1), "bindings": kept}
            self.world.resources.put("policies", resource, body)
            return self.get(resource)

    def _made_by_terraform(self, resource: str) -> Iterator[tuple[Path, Json]]:
        for type, template in MEMBERS.items():
            for path in sorted((self.world.store / type).glob("*.json")):
                text = whole(path)
                attributes = json.loads(text) if text else None
                if attributes and _same(template.format_map(attributes), resource):
                    yield path, attributes


def _same(written: str, resource: str) -> bool:
    """Terraform takes short names as well as full ones in some attributes."""
    return written == resource or (
        resource.rsplit("/", 1)[-1] == written.rsplit("/", 1)[-1]
        and (written.count("/") > resource.count("/") and resource.rsplit("/", 1)[0] in written)
    )


def _add(bindings: list[Json], role: str, member: str) -> None:
    for binding in bindings:
        if binding["role"] == role and not binding.get("condition"):
            if member not in binding["members"]:
                binding["members"].append(member)
            return
    bindings.append({"role": role, "members": [member]})


def _taken(bindings: list[Json], role: str, member: str) -> bool:
    """Takes a member out of bindings; whether it was there."""
    for binding in bindings:
        if binding["role"] == role and member in binding["members"]:
            binding["members"].remove(member)
            return True
    return False
