"""Keys that must have a form of their own, told by the name of their variable.

Fernet: https://cryptography.io/en/latest/fernet/; PEM pairs come from the program openssl:
https://docs.openssl.org/master/man1/openssl-genpkey/.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from nuages.effects import files, shell
from nuages.effects.shell import Call

Form = Literal["rsa", "ec"]
Pair = tuple[str, str]
"""A private key and its public one, as PEM."""
NONE: Pair = ("", "")

_FERNET = re.compile(r"FERNET|^(DJANGO_)?(FIELD_|DB_|DATA_|MODEL_)?ENCRYPTION_KEYS?$")
_PEM = re.compile(r"(PRIVATE|PUBLIC)_?(KEY|PEM)(_PEM)?(_B(ASE)?64)?$|(^|_)(RSA|PEM)_?KEY$|_PEM$")
_NOT_PEM = re.compile(r"VAPID|STRIPE|RECAPTCHA|CAPTCHA|TURNSTILE|IMAGEKIT|MAILCHIMP|PADDLE|VUE_")
"""Services that call a plain token so, and keys that are no PEM."""
_EC = re.compile(r"(^|_)(EC|ECDSA|ES256|ES384)(_|$)")
_BLOCK = re.compile(r"-----BEGIN [\s\S]+-----END [A-Z ]+-----")
_ALGORITHM: Mapping[Form, tuple[str, ...]] = {
    "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
    "ec": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
}


def shaped(name: str, random: Callable[[], str], pair: Callable[[Form], Pair]) -> str | None:
    """A key of the form that a variable's name asks for; None where any text will do."""
    upper = name.upper()
    if _FERNET.search(upper):
        return base64.urlsafe_b64encode(hashlib.sha256(random().encode()).digest()).decode()
    if _NOT_PEM.search(upper) or not _PEM.search(upper):
        return None
    private, public = pair("ec" if _EC.search(upper) else "rsa")
    text = public if "PUBLIC" in upper else private
    encoded = re.search(r"_B(ASE)?64$", upper)
    return (base64.b64encode(text.encode()).decode() if encoded else text) or None


def kept_pair(folder: Path, environment: Mapping[str, str], form: Form) -> Pair:
    """A pair made once for a project and kept; ``NONE`` where openssl is not here."""
    path = folder / f"{form}.pem"
    if not path.exists() and not _make(path, environment, form):
        return NONE
    private = path.read_text(encoding="utf-8")
    public = _openssl(("pkey", "-in", str(path), "-pubout"), folder, environment)
    return (private, public) if public else NONE


def _make(path: Path, environment: Mapping[str, str], form: Form) -> bool:
    files.folder(path.parent, 0o700)
    text = _openssl(("genpkey", *_ALGORITHM[form]), path.parent, environment)
    if text:
        files.write_secret(path, text)
    return bool(text)


def _openssl(words: tuple[str, ...], folder: Path, environment: Mapping[str, str]) -> str:
    program = shell.which("openssl", environment.get("PATH"))
    if program is None:
        return ""
    finished = shell.run(Call((program, *words), environment, folder), timeout=60)
    found = _BLOCK.search("\n".join(finished.lines))  # it also prints its progress
    return f"{found[0]}\n" if finished.ok and found else ""
