"""The project itself: Resource Manager, Billing."""

from __future__ import annotations

from fakes.google.calls import Call, Json, answers
from fakes.google.errors import GoogleError

CREATED = "2026-01-05T08:00:00Z"


def _own(call: Call, name: str) -> None:
    if name.removeprefix("projects/") not in (call.world.project, call.world.project_number):
        permission = call.method.id
        raise GoogleError(
            403, f"Permission '{permission}' denied on resource '{name}' (or it may not exist)."
        )


@answers("cloudresourcemanager.v1", "projects.get")
def project_v1(call: Call) -> Json:
    _own(call, call.path["projectId"])
    return {
        "projectNumber": call.world.project_number,
        "projectId": call.world.project,
        "lifecycleState": "ACTIVE",
        "name": call.world.project,
        "createTime": CREATED,
    }


@answers("cloudresourcemanager.v3", "projects.get")
def project_v3(call: Call) -> Json:
    _own(call, call.path["name"])
    return {
        "name": f"projects/{call.world.project_number}",
        "projectId": call.world.project,
        "state": "ACTIVE",
        "displayName": call.world.project,
        "createTime": CREATED,
        "etag": 'W/"1"',
    }


@answers("cloudresourcemanager.v1", "projects.testIamPermissions")
@answers("cloudresourcemanager.v3", "projects.testIamPermissions")
def permissions(call: Call) -> Json:
    _own(call, call.path["resource"])
    asked = call.body.get("permissions", [])
    granted = [name for name in asked if name not in call.world.denied_permissions]
    return {"permissions": granted} if granted else {}


@answers("cloudresourcemanager.v1", "projects.getIamPolicy")
@answers("cloudresourcemanager.v3", "projects.getIamPolicy")
def policy(call: Call) -> Json:
    _own(call, call.path["resource"])
    return call.world.policies.get(f"projects/{call.world.project}")


@answers("cloudresourcemanager.v1", "projects.setIamPolicy")
@answers("cloudresourcemanager.v3", "projects.setIamPolicy")
def set_policy(call: Call) -> Json:
    _own(call, call.path["resource"])
    given = call.body.get("policy", {})
    return call.world.policies.set(f"projects/{call.world.project}", given)


@answers("cloudbilling.v1", "projects.getBillingInfo")
def billing(call: Call) -> Json:
    _own(call, call.path["name"])
    account = call.world.billing_account
    return {
        "name": f"projects/{call.world.project}/billingInfo",
        "projectId": call.world.project,
        "billingAccountName": account,
        "billingEnabled": bool(account),
    }
