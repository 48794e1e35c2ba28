"""What Run refuses in a template beyond its types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fakes.google.errors import invalid
from fakes.google.protocol import NotReady
from fakes.google.services.run.sizes import check_sizes

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

Json = dict[str, Any]
NAME = re.compile(r"[a-z]([-a-z0-9]{0,47}[a-z0-9])?")
# cloud.google.com/run/docs/container-contract#env-vars
RESERVED = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"}
RESERVED_IN_JOBS = {"CLOUD_RUN_JOB", "CLOUD_RUN_EXECUTION", "CLOUD_RUN_TASK_INDEX"}
DEVELOPER = "developer.gserviceaccount.com"
ACCESSORS = ("roles/secretmanager.secretAccessor", "roles/secretmanager.admin")


def check_name(kind: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise invalid(
            f"Invalid {kind} name: '{name}'. It must use only lowercase, digits and hyphens, begin "
            "with a letter, not end with a hyphen and have less than 50 characters.",
            f"{kind}_id",
        )


def check_template(template: Json, place: str, service: str = "", throttled: bool = False) -> None:
    """Raises GoogleError 400.

    Args:
        service: the short name of what makes revisions; a job makes none.
        throttled: a service, whose CPU may be had for requests only.
    """
    containers = template.get("containers", [])
    if not containers:
        raise invalid("At least one container is required.", f"{place}.containers")
    reserved = RESERVED if service else RESERVED_IN_JOBS
    for index, container in enumerate(containers):
        at = f"{place}.containers[{index}]"
        if not container.get("image"):
            raise invalid(f"{at}.image: Required field not provided.", f"{at}.image")
        _check_environment(container, at, reserved)
    check_sizes(template, place, throttled)
    revision = template.get("revision", "")
    if revision and service and not revision.startswith(f"{service}-"):
        raise invalid(
            f"Revision name '{revision}' must be prefixed by the service name '{service}-'.",
            f"{place}.revision",
        )
    if len(revision) > 63:
        raise invalid("Revision name must have less than 64 characters.", f"{place}.revision")


def _check_environment(container: Json, at: str, reserved: set[str]) -> None:
    names = [each.get("name", "") for each in container.get("env", [])]
    if "" in names:
        raise invalid(f"{at}.env[{names.index('')}].name: Required field not provided.", at)
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise invalid(f"{at}.env: Duplicate env names: {', '.join(twice)}.", f"{at}.env")
    if taken := [name for name in names if name in reserved]:
        raise invalid(
            f"{at}.env: The following reserved env names were provided: {', '.join(taken)}. "
            "These values are automatically set by the system.",
            f"{at}.env",
        )


def check_secrets(world: GoogleWorld, template: Json) -> None:
    """What Run finds when it brings up a container: secrets that are not there, or not for it.

    Raises:
        NotReady: in Run's words.
    """
    account = template.get("serviceAccount", f"{world.project_number}-compute@{DEVELOPER}")
    for container in template.get("containers", []):
        for index, variable in enumerate(container.get("env", [])):
            source = variable.get("valueSource", {}).get("secretKeyRef")
            if source:
                _check_secret(world, source, account, index)


def _check_secret(world: GoogleWorld, source: Json, account: str, index: int) -> None:
    short, version = source["secret"].rsplit("/", 1)[-1], source.get("version", "latest")
    name = f"projects/{world.project}/secrets/{short}"
    shown = f"projects/{world.project_number}/secrets/{short}/versions/{version}"
    field = f"spec.template.spec.containers[0].env[{index}].value_from.secret_key_ref.name"
    if world.secret(name, version) is None:
        raise NotReady(f"{field}: Secret {shown} was not found")
    readers = set().union(*(world.policies.members(name, role) for role in ACCESSORS))
    readers |= set().union(
        *(world.policies.members(f"projects/{world.project}", role) for role in ACCESSORS)
    )
    if world.checks_accessors and f"serviceAccount:{account}" not in readers:
        raise NotReady(
            f"{field}: Permission denied on secret: {shown} for Revision service account "
            f"{account}. The service account used must be granted the 'Secret Manager Secret "
            "Accessor' role (roles/secretmanager.secretAccessor) at the secret, project or higher "
            "level."
        )
