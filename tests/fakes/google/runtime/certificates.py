"""A certificate for a server at a private address."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pair:
    """PEM. The certificate is its own authority."""

    certificate: bytes
    key: bytes


def certificate(address: str) -> Pair:
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder, "key"), Path(folder, "certificate")
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-nodes", "-days", "30", "-subj", f"/CN={address}"),
                *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                *("-addext", f"subjectAltName=IP:{address}"),
                # Without it Python 3.13 (VERIFY_X509_STRICT) takes it for no authority.
                *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
                *("-keyout", key, "-out", certificate),
            ],
            check=True,
            capture_output=True,
        )
        return Pair(certificate.read_bytes(), key.read_bytes())


def kept_certificate(folder: Path, address: str) -> Pair:
    """The same one each time: a server keeps its authority when its world starts again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    public, private = folder / f"{address}.crt", folder / f"{address}.key"
    if not private.exists():
        made = certificate(address)
        public.write_bytes(made.certificate)
        private.touch(mode=0o600)
        private.write_bytes(made.key)
    return Pair(public.read_bytes(), private.read_bytes())
