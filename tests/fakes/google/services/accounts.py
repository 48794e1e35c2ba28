"""iam.v1 service accounts and iamcredentials.v1 tokens."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, answers, notices
from fakes.google.clock import etag, suffix
from fakes.google.errors import exists, invalid, not_found
from fakes.google.kinds import ACCOUNT
from fakes.google.pages import page

if TYPE_CHECKING:
    from fakes.google.store import Change
    from fakes.google.world import GoogleWorld

AT = "projects.serviceAccounts."


def _found(call: Call, name: str) -> Json:
    account = call.world.resources.get(ACCOUNT, call.world.normal(name))
    if account is None:
        raise not_found(name)
    return account


def _keep(world: GoogleWorld, name: str, body: Json) -> Json:
    email = name.rsplit("/", 1)[-1]
    made = {
        "uniqueId": str(int.from_bytes(email.encode()[:8], "big"))[:21],
        **body,
        "name": name,
        "projectId": world.project,
        "email": email,
        "etag": etag(),
        "oauth2ClientId": suffix(21),
    }
    world.resources.put(ACCOUNT, name, made)
    return made


@answers("iam.v1", AT + "create")
def create(call: Call) -> Json:
    short = call.body.get("accountId", "")
    if not re.fullmatch(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])", short):
        raise invalid(f"Invalid service account id: {short}", "account_id")
    parent = call.world.normal(call.path["name"])
    email = f"{short}@{call.world.project}.iam.gserviceaccount.com"
    name = f"{parent}/serviceAccounts/{email}"
    if call.world.resources.get(ACCOUNT, name):
        raise exists(f"Service account {short}")
    return _keep(call.world, name, call.body.get("serviceAccount", {}))


@answers("iam.v1", AT + "get")
def get(call: Call) -> Json:
    return _found(call, call.path["name"])


@answers("iam.v1", AT + "list")
def listed(call: Call) -> Json:
    prefix = call.world.normal(call.path["name"]) + "/serviceAccounts/"
    return page("accounts", call.world.resources.list(ACCOUNT, prefix), call.query)


@answers("iam.v1", AT + "delete")
def delete(call: Call) -> Json:
    call.world.resources.delete(ACCOUNT, _found(call, call.path["name"])["name"])
    return {}


@answers("iam.v1", AT + "getIamPolicy")
def policy(call: Call) -> Json:
    return call.world.policies.get(call.world.normal(call.path["resource"]))


@answers("iam.v1", AT + "setIamPolicy")
def set_policy(call: Call) -> Json:
    resource = call.world.normal(call.path["resource"])
    return call.world.policies.set(resource, call.body.get("policy", {}))


@answers("iamcredentials.v1", AT + "generateIdToken")
def identity_token(call: Call) -> Json:
    if not call.body.get("audience"):
        raise invalid("Audience is required.", "audience")
    email = call.path["name"].rsplit("/", 1)[-1]
    return {"token": call.world.tokens.identity_token(call.body["audience"], email)}


@answers("iamcredentials.v1", AT + "signBlob")
def sign(call: Call) -> Json:
    email = call.path["name"].rsplit("/", 1)[-1]
    _found(call, f"projects/{call.world.project}/serviceAccounts/{email}")
    payload = base64.b64decode(call.body.get("payload", ""))
    if not payload:
        raise invalid("Payload is required.", "payload")
    ident, signature = call.world.signers.sign(email, payload)
    return {"keyId": ident, "signedBlob": base64.b64encode(signature).decode()}


@notices(ACCOUNT)
def from_terraform(world: GoogleWorld, change: Change) -> None:
    if change.after is not None:
        _keep(world, change.name, change.after)
