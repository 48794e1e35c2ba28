"""The account that builds images in the cloud: it reads one source, writes one registry, and logs.

Sources: https://cloud.google.com/build/docs/securing-builds/configure-user-specified-service-accounts
and https://cloud.google.com/iam/docs/conditions-attribute-reference#resource-attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Await, Request, Step
from nuages.targets.cloud_run.places import Places

APIS = ("cloudbuild.googleapis.com",)
PERMISSIONS = (
    "artifactregistry.repositories.getIamPolicy",
    "artifactregistry.repositories.setIamPolicy",
    "cloudbuild.builds.create",
    "cloudbuild.builds.get",
    "iam.serviceAccounts.actAs",
    "iam.serviceAccounts.get",
    "resourcemanager.projects.getIamPolicy",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
)
"""What somebody needs beyond those of every release, to have an image built."""
LOGS, PUSHES, READS = (
    "roles/logging.logWriter",
    "roles/artifactregistry.writer",
    "roles/storage.objectViewer",
)
CONDITIONS = 3
"""The version of a policy that has conditions; whoever asks for less gets none of them."""


@dataclass(frozen=True)
class Grant:
    """A role on something, and how its policy is read and written."""

    what: str
    api: str
    resource: str
    """``projects.locations.repositories``, as the discovery document has it."""
    parameter: str
    name: str
    binding: Mapping[str, Any]

    @property
    def output(self) -> str:
        return f"policy:{self.what}"


def stages(places: Places) -> tuple[Stage, ...]:
    """The account, and its three roles where it has not got them."""
    grants = _grants(places)
    return (
        Stage("builder", "Make the account that builds", lambda _: _account(places)),
        Stage(
            "builder:look",
            "Look at what it may do",
            lambda _: [_policy(grant) for grant in grants],
        ),
        Stage(
            "builder:grant",
            "Let it do that and no more",
            lambda o: [step for grant in grants for step in _given(grant, o)],
        ),
    )


def _account(places: Places) -> Sequence[Step]:
    """One that was just made is not known everywhere at once: no policy may name it before."""
    name = f"{places.root}/serviceAccounts/{places.builder}"
    given = {"displayName": f"Builds the images of {places.site}"}
    return [
        Request(
            "The account that builds",
            "iam.v1",
            "projects.serviceAccounts.create",
            {"name": places.root},
            {"accountId": places.builder_id, "serviceAccount": given},
            accept=(409,),
        ),
        Await(
            Request(
                "That it is known",
                "iam.v1",
                "projects.serviceAccounts.get",
                {"name": name},
                accept=(404,),
            ),
            until=bool,
            patience=60,
        ),
    ]


def removed(places: Places) -> Request:
    """There is none where no image was ever built in the cloud."""
    name = f"{places.root}/serviceAccounts/{places.builder}"
    return Request(
        "The account that built images",
        "iam.v1",
        "projects.serviceAccounts.delete",
        {"name": name},
        accept=(404,),
    )


def _grants(places: Places) -> tuple[Grant, ...]:
    """The bucket is that of the state too, of which a build must see nothing."""
    start = f"projects/_/buckets/{places.state}/objects/{places.sources}"
    condition = {
        "title": f"The sources of {places.site}",
        "expression": 'resource.type != "storage.googleapis.com/Object" || '
        f'resource.name.startsWith("{start}")',
    }
    member = {"members": [f"serviceAccount:{places.builder}"]}
    return (
        Grant(
            "project",
            "cloudresourcemanager.v3",
            "projects",
            "resource",
            places.root,
            {"role": LOGS, **member},
        ),
        Grant(
            "registry",
            "artifactregistry.v1",
            "projects.locations.repositories",
            "resource",
            places.registry,
            {"role": PUSHES, **member},
        ),
        Grant(
            "bucket",
            "storage.v1",
            "buckets",
            "bucket",
            places.state,
            {"role": READS, **member, "condition": condition},
        ),
    )


_WITH_CONDITIONS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any] | None]] = {
    "cloudresourcemanager.v3": ({}, {"options": {"requestedPolicyVersion": CONDITIONS}}),
    "artifactregistry.v1": ({"options.requestedPolicyVersion": CONDITIONS}, None),
    "storage.v1": ({"optionsRequestedPolicyVersion": CONDITIONS}, None),
}
"""How each API is asked for them. A policy that is read without loses them when it is written."""


def _policy(grant: Grant) -> Request:
    given, body = _WITH_CONDITIONS[grant.api]
    method = f"{grant.resource}.getIamPolicy"
    parameters = {grant.parameter: grant.name, **given}
    label = f"Who may do what with the {grant.what}"
    return Request(label, grant.api, method, parameters, body, grant.output)


def has(policy: Mapping[str, Any], binding: Mapping[str, Any]) -> bool:
    """Whether a policy says so already."""
    member = binding["members"][0]
    wanted = (binding["role"], (binding.get("condition") or {}).get("expression"))
    return any(
        member in each.get("members", ())
        and (each["role"], (each.get("condition") or {}).get("expression")) == wanted
        for each in policy.get("bindings", ())
    )


def with_binding(policy: Mapping[str, Any], binding: Mapping[str, Any]) -> dict[str, Any]:
    """The policy and one more binding; its etag makes a change in the meantime a refusal."""
    known = {name: value for name, value in policy.items() if name != "…"}
    bindings = [*known.get("bindings", ()), dict(binding)]
    version = CONDITIONS if any(b.get("condition") for b in bindings) else known.get("version", 1)
    return {**known, "version": version, "bindings": bindings}


def _given(grant: Grant, outputs: Outputs) -> Sequence[Step]:
    policy = outputs.mapping(grant.output)
    if has(policy, grant.binding):
        return []
    changed = with_binding(policy, grant.binding)
    body = changed if grant.api == "storage.v1" else {"policy": changed}
    role = grant.binding["role"]
    return [
        Request(
            f"{role} on the {grant.what}",
            grant.api,
            f"{grant.resource}.setIamPolicy",
            {grant.parameter: grant.name},
            body,
        )
    ]
