"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found


def test_a_host_from_the_manifest_is_named_there() -> None:
    files = {
        "settings.py": "ALLOWED_HOSTS = env.list('NAMES')",
        "nuages.yaml": "domain: shop.example.com\nenv_vars:\n  NAMES: https://shop.example.com\n",
    }
    (finding,) = found("SEC013", files)
    assert (finding.location.path, finding.location.line) == ("nuages.yaml", 3)
