"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from security_site import messages

HASHERS = "django.contrib.auth.hashers"


def test_a_weak_hasher_after_a_strong_one_lets_old_passwords_in() -> None:
    strong = f"'{HASHERS}.Argon2PasswordHasher'"
    assert not messages("SEC032", f"PASSWORD_HASHERS = [{strong}, '{HASHERS}.MD5PasswordHasher']")
    unsalted = f"PASSWORD_HASHERS = ({strong}, '{HASHERS}.UnsaltedMD5PasswordHasher')"
    assert [f.severity for f in found("SEC032", {"settings.py": unsalted})] == ["warning"]


def test_a_silenced_check_of_what_stands_elsewhere_is_fine() -> None:
    assert not messages("SEC034", "SILENCED_SYSTEM_CHECKS = ['security.W005', 'models.W042']")
