"""The whole of nuages.yaml. Every key is optional: defaults are decided in resolve."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from nuages.config.problems import did_you_mean
from nuages.config.schema.checks import ChecksSection
from nuages.config.schema.data import CacheSection, DatabaseSection, StorageSection
from nuages.config.schema.deployment import DeploymentSection, ServerChoice
from nuages.config.schema.edge import (
    BudgetSection,
    DeployerSection,
    NetworkSection,
    ObservabilitySection,
    TriggerSection,
    Waf,
)
from nuages.config.schema.fields import (
    Duration,
    EnvironmentValues,
    Host,
    Hosts,
    Module,
    Name,
    Section,
    Text,
    Texts,
    Version,
    matching,
    once,
)
from nuages.config.schema.processes import ScheduleSection, Secrets, ServiceChoice
from nuages.config.schema.provider import NAMES


class Framework(Section):
    """Which framework; there is one."""

    name: Literal["django"] | None = Field(None, description="Always django.")
    version: Version | None = Field(
        None, description="Used where the project's own files do not say which Django it has."
    )


PIPELINES = ("github-actions", "cloud-build")
Pipelines = Annotated[
    tuple[Literal["github-actions", "cloud-build"], ...], Field(strict=False), AfterValidator(once)
]


def _provider(written: object) -> object:
    if isinstance(written, str) and written not in NAMES:
        hint = did_you_mean(written, NAMES)
        raise ValueError(f"should be one of {', '.join(NAMES)}" + (f"; {hint}" if hint else ""))
    return written


def _never(written: object) -> object:
    if written is False:
        return None
    if written is True:
        raise ValueError("needs a duration such as 90d (days)")
    return written


class Manifest(Section):
    """How a Django project runs in production."""

    project_name: Name | None = Field(
        None, description="Names everything that is made. Default: the name of the folder."
    )
    provider: (
        Annotated[str, BeforeValidator(_provider), Field(json_schema_extra={"enum": list(NAMES)})]
        | None
    ) = Field(
        None, description="Where to: gcp (Cloud Run), gke, aws (ECS Fargate) or docker (any host)."
    )
    region: (
        Annotated[str, matching(r"[a-z][a-z0-9-]{2,30}", "should be a region such as europe-west1")]
        | None
    ) = Field(None, description="Region by the provider's name, such as europe-west1.")
    project: (
        Annotated[
            str,
            matching(r"[a-z0-9][a-z0-9.:-]{4,62}", "should be an id such as jazz-1910"),
        ]
        | None
    ) = Field(None, description="The cloud's own project or account to deploy into.")
    framework: Framework | None = Field(None, description="The framework.")
    profile: Literal["small", "standard", "high-availability"] | None = Field(
        None,
        description="small: scales to zero, the smallest database, no cache; standard: always on,"
        " with a cache; high-availability: two of everything. Single keys win over it.",
    )
    settings: Module | None = Field(
        None, description="Settings module that production builds on. Default: detected."
    )
    domain: Host | None = Field(
        None, description="Name that people type; allowed hosts and CSRF origins follow from it."
    )
    domain_aliases: Hosts | None = Field(None, description="Other names of the site.")
    deployment: DeploymentSection | None = Field(None, description="The web service.")
    server: ServerChoice | None = Field(
        None, description="auto, gunicorn, uvicorn, uwsgi or granian; or a mapping to tune it."
    )
    services: dict[Name, ServiceChoice] | None = Field(
        None, description="Processes beside the web, by name. Celery's are detected."
    )
    schedules: dict[Name, ScheduleSection] | None = Field(
        None, description="Management commands by the clock, by name."
    )
    database: DatabaseSection | None = Field(None, description="The database.")
    cache: CacheSection | None = Field(None, description="The cache server.")
    storage: StorageSection | None = Field(None, description="Where uploads go.")
    static: Literal["whitenoise", "server", "bucket", "bucket+cdn"] | None = Field(
        None,
        description="Who serves static files: whitenoise (the application), server (nginx, uWSGI),"
        " bucket, or bucket+cdn.",
    )
    ingress: Literal["all", "internal", "load-balancer"] | None = Field(
        None, description="Who may reach the service: all, the private network, the load balancer."
    )
    access: Literal["public", "private"] | None = Field(
        None,
        description="Who may call it from there: public (everybody), or private (only accounts of"
        " the cloud that have the right to).",
    )
    callers: Texts | None = Field(
        None,
        description="With access: private, who has that right, by the target's own names:"
        " group:team@example.com.",
    )
    cdn: bool | None = Field(None, description="Cache responses close to the visitor.")
    waf: Waf = Field(
        None, description="Filter attacks before they reach the site: true, or a mapping."
    )
    network: NetworkSection | None = Field(None, description="The private network.")
    observability: ObservabilitySection | None = Field(None, description="Logs, traces, alerts.")
    labels: dict[Name, Text] | None = Field(
        None, description="Labels of everything that is made, such as team: jazz."
    )
    deletion_protection: bool | None = Field(
        None, description="Keep database, uploads and service from being destroyed. Default: true."
    )
    budget: BudgetSection | None = Field(None, description="Tell when a month costs too much.")
    secrets_rotation: Annotated[Duration | None, BeforeValidator(_never)] = Field(
        None, description="How often generated secrets are renewed, such as 90d; false: never."
    )
    env_vars: EnvironmentValues | None = Field(
        None, description="Environment variables that are no secrets."
    )
    secrets: Secrets | None = Field(
        None, description="Names of variables kept in the secret store: a list, or a mapping."
    )
    ci: Pipelines | None = Field(
        None,
        description="Pipelines that render writes: github-actions, cloud-build. Each tests the"
        " project, then deploys it.",
    )
    trigger: TriggerSection | None = Field(
        None, description="Run the target's own pipeline when a branch moves."
    )
    deployer: DeployerSection | None = Field(
        None, description="An account for pipelines, such as GitHub Actions, without a key."
    )
    checks: ChecksSection | None = Field(None, description="Which readiness rules count.")
    environments: dict[Name, Any] | None = Field(
        None,
        description="Overlays by environment: mappings are merged, lists replaced, null removes."
        " The top level is production.",
    )

    @field_validator("environments")
    @classmethod
    def _few(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value and len(value) > 20:
            raise ValueError("should name at most 20 environments")
        return value

    @model_validator(mode="after")
    def _told_apart(self) -> Manifest:
        both = sorted(set(self.env_vars or ()) & set(self.secrets or ()))
        if both:
            raise ValueError(f"{both[0]} stands in env_vars and in secrets; keep one of them")
        if self.domain_aliases and not self.domain:
            raise ValueError("domain_aliases needs a domain")
        if self.callers and self.access != "private":
            raise ValueError("callers needs access: private, for else everybody may call it")
        return self
