"""A certificate for localhost, made once for each project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nuages.effects import files, shell
from nuages.effects.shell import Call
from nuages.errors import ToolMissing


def make(folder: Path, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """The certificate and its key, which only its owner may read."""
    files.folder(folder, 0o700)
    certificate, key = folder / "localhost.pem", folder / "localhost.key"
    if certificate.exists() and key.exists():
        return certificate, key
    openssl = shell.which("openssl", environment.get("PATH"))
    if openssl is None:
        raise ToolMissing("--tls needs the program openssl", hint="Install openssl.")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    options = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", "/CN=localhost")
    outputs = ("-keyout", str(key), "-out", str(certificate))
    argv = (openssl, "req", *options, "-addext", names, *outputs)
    shell.demand(shell.run(Call(argv, environment, folder)), "Make a certificate")
    key.chmod(files.SECRET_MODE)
    return certificate, key
