"""Signed URLs, V4: whose they are, and whether they are good.

https://cloud.google.com/storage/docs/authentication/canonical-requests
https://cloud.google.com/storage/docs/authentication/signatures
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from fakes.google.server import Request
    from fakes.google.world import GoogleWorld

ALGORITHM = "GOOG4-RSA-SHA256"
LONGEST = 604_800  # seconds: a week
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "Google secret key and signing method."
)


@dataclass
class Refused(Exception):
    """In the XML API's words."""

    status: int
    code: str
    message: str
    details: str = ""


def is_signed(request: Request) -> bool:
    return "X-Goog-Signature" in request.query


def signer(world: GoogleWorld, request: Request) -> str:
    """The account whose rights the URL lends.

    Raises:
        Refused: it has expired, or something of it was changed.
    """
    given = {name: values[0] for name, values in request.query.items()}
    try:
        email, _, scope = given["X-Goog-Credential"].partition("/")
        at = datetime.strptime(given["X-Goog-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        lifetime = int(given["X-Goog-Expires"])
        signature = bytes.fromhex(given["X-Goog-Signature"])
        text = _to_sign(request, given, scope).encode()
    except (KeyError, ValueError) as error:
        raise Refused(400, "AuthorizationQueryParametersError", str(error)) from error
    if given["X-Goog-Algorithm"] != ALGORITHM or lifetime > LONGEST:
        raise Refused(400, "InvalidArgument", "Invalid argument.")
    if datetime.now(UTC) > at + timedelta(seconds=lifetime):
        expired = f"The provided token has expired. Request signature expired at: {at}"
        raise Refused(400, "ExpiredToken", "Invalid argument.", expired)
    if not world.signers.signed(email, text, signature):
        raise Refused(403, "SignatureDoesNotMatch", "Access denied.", MISMATCH)
    return email


def _to_sign(request: Request, given: dict[str, str], scope: str) -> str:
    digest = hashlib.sha256(_canonical(request, given).encode()).hexdigest()
    return "\n".join([ALGORITHM, given["X-Goog-Date"], scope, digest])


def _canonical(request: Request, given: dict[str, str]) -> str:
    query = sorted(
        f"{quote(name, safe='~')}={quote(value, safe='~')}"
        for name, value in given.items()
        if name != "X-Goog-Signature"
    )
    names = given["X-Goog-SignedHeaders"].split(";")
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    payload = request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD")
    path = f"/{request.path}"
    return "\n".join([request.verb, path, "&".join(query), headers, ";".join(names), payload])
