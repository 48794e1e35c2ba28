"""secretmanager.v1. Payloads lie in files of their own, outside of what Terraform reads."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.checksums import crc32c
from fakes.google.clock import etag, now
from fakes.google.errors import GoogleError, exists, invalid, precondition
from fakes.google.filters import compiled
from fakes.google.kinds import SECRET, SECRET_VERSION
from fakes.google.masks import updated
from fakes.google.pages import page

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

AT = "projects.secrets."
LIMIT = 65_536  # cloud.google.com/secret-manager/quotas


UNKNOWN = b"written-by-terraform-and-not-known-here"
"""Of a version whose value Terraform wrote as a write-only argument: no fake is told it."""


def payload(world: GoogleWorld, name: str, version: str = "latest") -> bytes | None:
    """Of an enabled version of the secret of that full name."""
    try:
        found = _version(world, f"{world.normal(name)}/versions/{version}")
    except GoogleError:
        return None
    path = _file(world, found["name"])
    if found["state"] != "ENABLED":
        return None
    return path.read_bytes() if path.exists() else UNKNOWN


def keep_payload(world: GoogleWorld, version: str, content: bytes) -> None:
    path = _file(world, version)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _file(world: GoogleWorld, version: str) -> Path:
    return world.folder / "payloads" / hashlib.sha256(version.encode()).hexdigest()


def _secret(world: GoogleWorld, name: str) -> Json:
    found = world.resources.get(SECRET, world.normal(name))
    if found is None:
        shown = f"projects/{world.project_number}/" + "/".join(name.split("/")[2:])
        raise GoogleError(404, f"Secret [{shown}] not found.")
    return found


def _shown(world: GoogleWorld, body: Json) -> Json:
    """Answers name the project by its number, whatever the request did."""
    rest = body["name"].split("/", 2)[2]
    return {**body, "name": f"projects/{world.project_number}/{rest}"}


@answers("secretmanager.v1", AT + "create")
def create(call: Call) -> Json:
    world = call.world
    short = call.query.get("secretId", "")
    if not short or len(short) > 255 or not short.replace("-", "").replace("_", "").isalnum():
        raise invalid("The provided Secret ID does not match the expected format.", "secret_id")
    if len(call.body.get("replication", {})) != 1:
        raise invalid("Secret.replication must be set.", "secret.replication")
    name = f"{world.normal(call.path['parent'])}/secrets/{short}"
    with world.resources.lock:
        if world.resources.get(SECRET, name):
            raise exists(f"projects/{world.project_number}/secrets/{short}")
        secret = {**call.body, "name": name, "createTime": now(), "etag": etag()}
        world.resources.put(SECRET, name, secret)
    return _shown(world, secret)


@answers("secretmanager.v1", AT + "get")
def get(call: Call) -> Json:
    return _shown(call.world, _secret(call.world, call.path["name"]))


@answers("secretmanager.v1", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["parent"]) + "/secrets/"
    test = compiled(call.query.get("filter", ""))
    found = filter(test, call.world.resources.list(SECRET, prefix))
    every = [_shown(call.world, each) for each in found]
    answer = page("secrets", every, call.query, limit=25_000)
    return {**answer, "totalSize": len(every)}


@answers("secretmanager.v1", AT + "patch")
def patch(call: Call) -> Json:
    with call.world.resources.lock:
        current = _secret(call.world, call.path["name"])
        if not call.query.get("updateMask"):
            raise invalid("The update_mask must be set.", "update_mask")
        mask = call.query["updateMask"]
        secret = updated(call.method.api, "Secret", current, call.body, mask)
        secret = {**secret, "etag": etag()}
        call.world.resources.put(SECRET, secret["name"], secret)
    return _shown(call.world, secret)


@answers("secretmanager.v1", AT + "delete")
def delete(call: Call) -> Json:
    secret = _secret(call.world, call.path["name"])
    _forget(call.world, secret["name"])
    call.world.resources.delete(SECRET, secret["name"])
    return {}


def _forget(world: GoogleWorld, secret: str) -> None:
    for version in world.resources.names(SECRET_VERSION, secret + "/"):
        world.resources.delete(SECRET_VERSION, version)
        _file(world, version).unlink(missing_ok=True)
    world.resources.delete("policies", secret)


# -- versions
def _number(version: Json) -> int:
    return int(version["name"].rsplit("/", 1)[-1])


def _versions(world: GoogleWorld, secret: str) -> list[Json]:
    found = world.resources.list(SECRET_VERSION, secret + "/versions/")
    return sorted(found, key=_number, reverse=True)


def _version(world: GoogleWorld, name: str) -> Json:
    secret, _, number = world.normal(name).rpartition("/versions/")
    _secret(world, secret)
    every = _versions(world, secret)
    wanted = every[:1] if number == "latest" else [v for v in every if str(_number(v)) == number]
    if not wanted:
        shown = _shown(world, {"name": name})["name"]
        raise GoogleError(404, f"Secret Version [{shown}] not found.")
    return wanted[0]


@answers("secretmanager.v1", AT + "addVersion")
def add_version(call: Call) -> Json:
    given = call.body.get("payload", {})
    content = base64.b64decode(given.get("data", ""), altchars=b"-_" if "-" in str(given) else None)
    if len(content) > LIMIT:
        raise invalid("The secret payload must be less than or equal to 64 KiB.", "payload.data")
    if "dataCrc32c" in given and int(given["dataCrc32c"]) != crc32c(content):
        raise invalid("The provided checksum does not match the payload.", "payload.data_crc32c")
    world = call.world
    with world.resources.lock:
        secret = _secret(world, call.path["parent"])["name"]
        every = _versions(world, secret)
        number = max(_number(every[0]) if every else 0, _counted(world, secret)) + 1
        _count(world, secret, number)
        version = {"name": f"{secret}/versions/{number}", "createTime": now(), "state": "ENABLED"}
        version["etag"] = etag()
        keep_payload(world, version["name"], content)
        world.resources.put(SECRET_VERSION, version["name"], version)
    return _shown(world, version)


def _counter(world: GoogleWorld, secret: str) -> Path:
    """fakecloud's own count of versions, so that Terraform's next one has another number."""
    quoted = f"{SECRET_VERSION.type}/{secret}".replace("/", "~")
    return world.store / "_count" / f"{quoted[:150]}.json"


def _counted(world: GoogleWorld, secret: str) -> int:
    path = _counter(world, secret)
    return json.loads(path.read_text("utf-8"))["n"] if path.exists() else 0


def _count(world: GoogleWorld, secret: str, number: int) -> None:
    path = _counter(world, secret)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"n": number}), "utf-8")


@answers("secretmanager.v1", AT + "versions.get")
def get_version(call: Call) -> Json:
    return _shown(call.world, _version(call.world, call.path["name"]))


@answers("secretmanager.v1", AT + "versions.list")
def versions(call: Call) -> Json:
    secret = _secret(call.world, call.path["parent"])["name"]
    every = [_shown(call.world, version) for version in _versions(call.world, secret)]
    return {**page("versions", every, call.query), "totalSize": len(every)}


@answers("secretmanager.v1", AT + "versions.access")
def access(call: Call) -> Json:
    version = _version(call.world, call.path["name"])
    shown = _shown(call.world, version)["name"]
    if version["state"] != "ENABLED":
        raise precondition(f"Secret Version [{shown}] is in {version['state']} state.")
    path = _file(call.world, version["name"])
    content = path.read_bytes() if path.exists() else UNKNOWN
    data = base64.b64encode(content).decode()
    return {"name": shown, "payload": {"data": data, "dataCrc32c": str(crc32c(content))}}


@answers(
    "secretmanager.v1", *(AT + f"versions.{verb}" for verb in ("enable", "disable", "destroy"))
)
def change_state(call: Call) -> Json:
    verb = call.method.key.rsplit(".", 1)[-1]
    with call.world.resources.lock:
        version = _version(call.world, call.path["name"])
        if version["state"] == "DESTROYED" and verb != "destroy":
            shown = _shown(call.world, version)["name"]
            raise precondition(f"Secret Version [{shown}] is in DESTROYED state.")
        state = {"enable": "ENABLED", "disable": "DISABLED", "destroy": "DESTROYED"}[verb]
        version = {**version, "state": state, "etag": etag()}
        if verb == "destroy":
            version["destroyTime"] = now()
            _file(call.world, version["name"]).unlink(missing_ok=True)
        call.world.resources.put(SECRET_VERSION, version["name"], version)
    return _shown(call.world, version)


# -- policies, and what Terraform does
@answers("secretmanager.v1", AT + "getIamPolicy")
def policy(call: Call) -> Json:
    return call.world.policies.get(_secret(call.world, call.path["resource"])["name"])


@answers("secretmanager.v1", AT + "setIamPolicy")
def set_policy(call: Call) -> Json:
    name = _secret(call.world, call.path["resource"])["name"]
    return call.world.policies.set(name, call.body.get("policy", {}))


@notices(SECRET)
def secret_from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        _forget(world, change.name)
    else:
        made = {"createTime": now(), **change.after, "etag": etag()}
        world.resources.put(SECRET, change.name, made)


@notices(SECRET_VERSION)
def version_from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is None:
        _file(world, change.name).unlink(missing_ok=True)
        return
    attributes = world.resources.attributes(SECRET_VERSION, change.name)
    given = attributes.get("secret_data") or world.write_only(
        SECRET_VERSION, attributes["id"], "secret_data_wo"
    )
    if given:
        keep_payload(world, change.name, given.encode())
    state = "ENABLED" if attributes.get("enabled") else "DISABLED"
    made = {"createTime": now(), **change.after, "state": state, "etag": etag()}
    world.resources.put(SECRET_VERSION, change.name, made)
