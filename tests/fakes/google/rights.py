"""What a service account may do: the roles that it was given, and nothing else.

Who deploys owns the project. The roles are those that a site's own accounts are given:
https://cloud.google.com/iam/docs/roles-permissions/storage
https://cloud.google.com/iam/docs/roles-permissions/iam#iam.serviceAccountTokenCreator
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.google.calls import Call
from fakes.google.errors import GoogleError, legacy

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld


def _objects(*verbs: str) -> frozenset[str]:
    return frozenset(f"storage.objects.{verb}" for verb in verbs)


ROLES = {
    "roles/storage.objectViewer": _objects("get", "list"),
    "roles/storage.objectCreator": _objects("create"),
    "roles/storage.objectUser": _objects("create", "delete", "get", "list", "update"),
    "roles/storage.objectAdmin": _objects("create", "delete", "get", "list", "update"),
    "roles/iam.serviceAccountTokenCreator": frozenset(
        f"iam.serviceAccounts.{verb}"
        for verb in ("getAccessToken", "getOpenIdToken", "signBlob", "signJwt")
    ),
    "roles/secretmanager.secretAccessor": frozenset({"secretmanager.versions.access"}),
    "roles/run.invoker": frozenset({"run.jobs.run", "run.routes.invoke"}),
}
# Methods whose permission has another name than they themselves.
PERMISSIONS = {
    "storage.objects.insert": "storage.objects.create",
    "storage.objects.patch": "storage.objects.update",
    "iamcredentials.projects.serviceAccounts.signBlob": "iam.serviceAccounts.signBlob",
    "iamcredentials.projects.serviceAccounts.generateIdToken": "iam.serviceAccounts.getOpenIdToken",
    "secretmanager.projects.secrets.versions.access": "secretmanager.versions.access",
    "run.projects.locations.jobs.run": "run.jobs.run",
}


def allows(world: GoogleWorld, email: str, permission: str, resource: str) -> bool:
    """Whether an account has a permission on a resource, or on all of the project.

    Args:
        email: empty for somebody whom nobody knows.
        resource: as in `Policies`: "buckets/shop-media", "projects/p/serviceAccounts/…".
    """
    if email == world.tokens.email:
        return True
    known = {f"serviceAccount:{email}", "allAuthenticatedUsers"} if email else set()
    members = {"allUsers", *known}
    return any(
        permission in ROLES.get(binding["role"], ())
        and not binding.get("condition")
        and members & set(binding["members"])
        for place in (resource, f"projects/{world.project}")
        for binding in world.policies.get(place).get("bindings", [])
    )


def check(call: Call, email: str) -> None:
    """
    Raises:
        GoogleError: 403, what that account may not do.
    """
    resource = _resource(call)
    for permission in _needed(call):
        if not allows(call.world, email, permission, resource):
            raise _refusal(call, email, permission)


def _needed(call: Call) -> list[str]:
    """Who overwrites an object deletes the one that is there."""
    permission = PERMISSIONS.get(call.method.id, call.method.id)
    if call.method.id == "storage.objects.insert":
        name = call.query.get("name") or call.body.get("name", "")
        if call.world.resources.get("objects", f"{call.path['bucket']}/{name}"):
            return [permission, "storage.objects.delete"]
    return [permission]


def _resource(call: Call) -> str:
    if "bucket" in call.path:
        return f"buckets/{call.path['bucket']}"
    name = next(iter(call.path.values()), "")
    return call.world.normal(name.partition("/versions/")[0])


def _refusal(call: Call, email: str, permission: str) -> GoogleError:
    denied = f"Permission '{permission}' denied on resource (or it may not exist)."
    if call.method.api.name == "storage.v1":
        kind = "object" if permission.startswith("storage.objects.") else "bucket"
        kind = "bucket" if permission.endswith(".list") else kind
        access = f"{email} does not have {permission} access to the Google Cloud Storage {kind}."
        return legacy(403, f"{access} {denied}", "forbidden")
    return GoogleError(403, denied)
