"""The folder that Terraform works in, and its command lines with all that they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nuages.model import Deployment
from nuages.steps import terraform
from nuages.steps.release import Release
from nuages.steps.stage import Outputs
from nuages.steps.step import Run, Secret
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import keys


def var_files(deployment: Deployment) -> tuple[str, ...]:
    """Terraform reads those of production by itself."""
    production = deployment.environment == "production"
    return () if production else (f"{deployment.environment}.tfvars.json",)


@dataclass(frozen=True)
class Folder:
    """What ``render`` has written for one site, with its state in the bucket."""

    deployment: Deployment
    places: Places
    release: Release

    @property
    def tool(self) -> str:
        """The program: terraform or tofu."""
        return self.release.terraform

    @property
    def var_files(self) -> tuple[str, ...]:
        """Those of the environment."""
        return var_files(self.deployment)

    def variables(self, outputs: Outputs, *, released: bool) -> dict[str, str]:
        """What is known when it is deployed only."""
        return {
            "project_id": self.places.project,
            "image": outputs.text("image"),
            "released": str(released).lower(),
        }

    def run(self, label: str, argv: tuple[str, ...], **extra: Any) -> Run:
        """A command line in the folder, with the secrets that it may need in its environment."""
        return Run(label, argv, self.release.infrastructure, self._environment(), **extra)

    def init(self) -> Run:
        """What comes before every other."""
        opened = terraform.init(self.tool, self.places.state, prefix=self.places.site)
        return self.run("Bring the providers", opened)

    def _environment(self) -> dict[str, str | Secret]:
        given = {
            "database_admin_password": keys.admin(self.deployment, self.places),
            "database_password": keys.password(self.deployment, self.places),
        }
        named = {name: id for name, id in given.items() if id}
        secrets = {f"TF_VAR_{name}": Secret(self.places.secret(id)) for name, id in named.items()}
        return {**terraform.UNATTENDED, **secrets}
