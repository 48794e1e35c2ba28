"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

from clean_site import found
from security_site import messages


def test_middleware_that_cannot_be_told_is_not_missing() -> None:
    unknown = "from somewhere import MIDDLEWARE"
    for rule in ("SEC024", "SEC026", "SEC027", "SEC028", "SEC029"):
        assert not messages(rule, unknown), rule


def test_nosniff_is_the_default_since_3_0() -> None:
    for version, count in {"2.2.28": 1, "3.2.25": 0}.items():
        files = {
            "requirements.txt": f"django=={version}\n",
            "settings.py": "# no SECURE_CONTENT_TYPE_NOSNIFF",
        }
        assert len(found("SEC023", files)) == count


def test_a_compatible_release_of_an_old_django() -> None:
    files = {"requirements.txt": "Django~=2.2.3\n"}
    (finding,) = found("SEC023", {"settings.py": "# no SECURE_CONTENT_TYPE_NOSNIFF", **files})
    assert "3.0" in finding.message
