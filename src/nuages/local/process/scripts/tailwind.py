"""Where django-tailwind-cli looks for its program, and which release of it."""

import json
import os
import sys

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())

import django

django.setup()

from django.conf import settings  # noqa: E402
from django_tailwind_cli.config import get_config  # noqa: E402

config = get_config()
answer = {
    "path": str(config.cli_path),
    "version": config.version_str,
    "daisy": bool(getattr(settings, "TAILWIND_CLI_USE_DAISY_UI", False)),
}
print("NUAGES-TAILWIND " + json.dumps(answer))
