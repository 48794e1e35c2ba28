from __future__ import annotations

import base64
import os
import shutil
from pathlib import Path

import pytest

from nuages.local.process import keys

PAIR = ("private\n", "public\n")


def shaped(name: str) -> str | None:
    return keys.shaped(name, lambda: "chance", lambda form: (f"{form} private", f"{form} public"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JWT_PRIVATE_KEY", "rsa private"),
        ("JWT_PUBLIC_KEY", "rsa public"),
        ("OIDC_RSA_PRIVATE_KEY", "rsa private"),
        ("EC_PRIVATE_KEY", "ec private"),
        ("ES256_PUBLIC_KEY", "ec public"),
        ("SIGNING_PEM", "rsa private"),
        ("JWT_PRIVATE_KEY_BASE64", base64.b64encode(b"rsa private").decode()),
        ("SECRET_KEY", None),
        ("JWT_SECRET_KEY", None),
        ("RECAPTCHA_PUBLIC_KEY", None),
        ("VAPID_PRIVATE_KEY", None),
    ],
)
def test_a_name_says_what_form_its_key_has(name: str, value: str | None) -> None:
    assert shaped(name) == value


@pytest.mark.parametrize("name", ["FERNET_KEY", "FIELD_ENCRYPTION_KEY", "DJANGO_FERNET_KEYS"])
def test_a_fernet_key_is_32_bytes_in_base64(name: str) -> None:
    assert len(base64.urlsafe_b64decode(shaped(name) or "")) == 32


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("form", ["rsa", "ec"])
def test_a_pair_is_made_once_and_belongs_together(form: keys.Form, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = keys.kept_pair(folder, os.environ, form)
    assert first[0].startswith("-----BEGIN PRIVATE KEY-----\n")
    assert first[1].startswith("-----BEGIN PUBLIC KEY-----\n")
    assert keys.kept_pair(folder, os.environ, form) == first
    assert (folder / f"{form}.pem").stat().st_mode & 0o777 == 0o600


def test_without_openssl_there_is_none(tmp_path: Path) -> None:
    assert keys.kept_pair(tmp_path, {"PATH": str(tmp_path)}, "rsa") == keys.NONE
