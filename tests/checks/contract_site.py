"""What the tests of the topic contract say of a site."""

from __future__ import annotations

from clean_site import found

READ = "import os\n"


def messages(rule: str, settings: str, **files: str | None) -> list[str]:
    return [f.message for f in found(rule, {"settings.py": READ + settings, **files})]


def manifest(*lines: str) -> str:
    return "\n".join(["domain: shop.example.com", "env_vars:", *(f"  {each}" for each in lines)])


MANAGE = """\
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
"""
