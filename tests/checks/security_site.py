"""What the tests of the topic security say of a site."""

from __future__ import annotations

from clean_site import found

READ = "import os\n"


def messages(rule: str, settings: str, **files: str | None) -> list[str]:
    return [f.message for f in found(rule, {"settings.py": settings, **files})]
