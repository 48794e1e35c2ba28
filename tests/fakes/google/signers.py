"""The key that Google keeps for each service account, which signs for it and never leaves.

https://cloud.google.com/iam/docs/service-account-creds#google-managed-keys
"""

from __future__ import annotations

import secrets
import threading

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class Signers:
    """Keys by the account's address, made when they are first asked for."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, rsa.RSAPrivateKey]] = {}
        self._lock = threading.Lock()

    def sign(self, email: str, content: bytes) -> tuple[str, bytes]:
        """The key's id and its signature: RSA with PKCS#1 v1.5 of SHA-256."""
        with self._lock:
            if email not in self._keys:
                key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
                self._keys[email] = (secrets.token_hex(20), key)
            ident, key = self._keys[email]
        return ident, key.sign(content, padding.PKCS1v15(), hashes.SHA256())

    def signed(self, email: str, content: bytes, signature: bytes) -> bool:
        """Whether that account's key made the signature."""
        _, key = self._keys.get(email, ("", None))
        if key is None:
            return False
        try:
            key.public_key().verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True
