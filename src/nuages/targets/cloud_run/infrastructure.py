"""The Terraform module, and the values that make it this site's."""

from __future__ import annotations

import json
from importlib.resources import files

from nuages.artifacts import Artifact
from nuages.model import Deployment
from nuages.targets.cloud_run.values import values

FOLDER = "infrastructure"
_BACKEND = """\
# Where the state is: a private bucket with versions, and a lock.
#   terraform init -backend-config=bucket=NAME
terraform {{
  backend "gcs" {{
    prefix = "{prefix}"
  }}
}}
"""
_IGNORED = "# The state and what init brings.\n.terraform/\n*.tfstate\n*.tfstate.*\n*.tfplan\n"


def infrastructure(deployment: Deployment) -> tuple[Artifact, ...]:
    """Every file of ``infrastructure/``; each environment has values of its own.

    The module is written as it stands in ``terraform/``: plain HCL, to be read and changed.
    """
    return (
        *(Artifact(f"{FOLDER}/{name}", text) for name, text in _module()),
        Artifact(f"{FOLDER}/backend.tf", _BACKEND.format(prefix=deployment.name)),
        Artifact(f"{FOLDER}/.gitignore", _IGNORED),
        Artifact(f"{FOLDER}/{_values_file(deployment)}", _json(values(deployment))),
    )


def _module() -> list[tuple[str, str]]:
    module = files("nuages.targets.cloud_run").joinpath("terraform")
    entries = sorted(module.iterdir(), key=lambda entry: entry.name)
    return [(entry.name, entry.read_text("utf-8")) for entry in entries]


def _values_file(deployment: Deployment) -> str:
    """Terraform reads the first by itself, the others with ``-var-file``."""
    if deployment.environment == "production":
        return "terraform.tfvars.json"
    return f"{deployment.environment}.tfvars.json"


def _json(found: object) -> str:
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
