"""The token endpoint and the service account that may call it.

Grants as Google's: developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import json
import secrets
import time
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# What google-auth writes as the audience, whatever the file's token_uri is.
ENDPOINT = "https://oauth2.googleapis.com/token"
LIFETIME = 3600


class GrantRefused(Exception):
    """Answered in OAuth's own form: an error and its description."""


def _fresh_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# Making one takes longer than most tests.
_shared_key = cache(_fresh_key)


class Tokens:
    """Keys, and the access tokens that were given out."""

    def __init__(self, project: str, url: str, own_key: bool = False) -> None:
        self.project, self.url = project, url
        self.email = f"deployer@{project}.iam.gserviceaccount.com"
        self.key_id = secrets.token_hex(20)
        key = (_fresh_key if own_key else _shared_key)()
        self.private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        self.public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.signer = crypt.RSASigner.from_string(self.private, self.key_id)
        self.given: dict[str, tuple[float, str]] = {}

    def write_account(self, path: Path) -> None:
        """The service-account file that GOOGLE_APPLICATION_CREDENTIALS names."""
        account = {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": self.private,
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": self.url,
            "universe_domain": "googleapis.com",
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(account, indent=2), "utf-8")

    def grant(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """Raises GrantRefused for another grant or an assertion that the key did not sign."""
        if form.get("grant_type") != [GRANT]:
            raise GrantRefused("unsupported_grant_type", f"Invalid grant_type: {form}")
        claims = self._verified(form.get("assertion", [""])[0], [ENDPOINT, self.url])
        if claims is None:
            raise GrantRefused("invalid_grant", "Invalid JWT Signature.")
        if "target_audience" in claims:
            return {"id_token": self.identity_token(claims["target_audience"], claims["iss"])}
        return {
            "access_token": self.access_token(),
            "expires_in": LIFETIME - 1,
            "token_type": "Bearer",
        }

    def access_token(self, email: str = "") -> str:
        """Of that account, or of who deploys."""
        token = "ya29.c." + secrets.token_urlsafe(48)
        self.given[token] = (time.time() + LIFETIME, email or self.email)
        return token

    def holder(self, authorization: str) -> str | None:
        """The account whose a header's token is; None for one that is not from here."""
        scheme, _, token = authorization.partition(" ")
        until, email = self.given.get(token, (0, ""))
        if scheme.lower() == "bearer" and until > time.time():
            return email
        return self.email if self.allows(authorization) else None

    def identity_token(self, audience: str, email: str) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": audience,
            "sub": "100000000000000000001",
            "azp": email,
            "email": email,
            "email_verified": True,
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(self.signer, claims).decode()

    def allows(self, authorization: str) -> bool:
        """Whether a header is "Bearer" with a token from here, or a JWT signed with the key.

        Clients that are generated from protobuf sign one themselves: google.aip.dev/auth/4111
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return False
        if self.given.get(token, (0, ""))[0] > time.time():
            return True
        claims = self._verified(token, None)
        return claims is not None and claims.get("iss") == self.email

    def identity(self, token: str) -> dict[str, Any] | None:
        """The claims of an ID token from here; None for any other text."""
        claims = self._verified(token, None)
        return claims if claims and claims.get("iss") == "https://accounts.google.com" else None

    def _verified(self, token: str, audience: list[str] | None) -> dict[str, Any] | None:
        try:
            return dict(jwt.decode(token, certs=self.public, audience=audience))
        except ValueError:  # google.auth's errors are ValueErrors too
            return None
