"""``deployment`` and ``server``: the web service, its size, its scaling and its health."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from nuages.config.schema.fields import (
    Count,
    Cpu,
    Duration,
    Positive,
    Section,
    Size,
    Text,
    UrlPath,
)


def _runtime(written: object) -> str:
    match = re.fullmatch(r"(?:python[-:]?)?3\.?(\d{1,2})(?:\.\d{1,2})?", str(written))
    if match is None or not 6 <= int(match[1]) <= 30:
        raise ValueError("should be a Python version: python312, python3.12 or 3.12")
    return f"3.{match[1]}"


Runtime = Annotated[
    str,
    BeforeValidator(_runtime),
    WithJsonSchema({"type": ["string", "number"], "examples": ["python312", "3.12"]}),
]


class Resources(Section):
    """What one instance gets."""

    cpu: Cpu | None = Field(None, description="Cores per instance: 1, 0.5 or 500m.")
    memory: Size | None = Field(None, description="Memory per instance: 512Mi, 2Gi.")


class Scaling(Section):
    """How many instances run."""

    min_instances: Count | None = Field(
        None, description="Instances that always run; 0 scales to zero where the target can."
    )
    max_instances: Positive | None = Field(
        None,
        description="Most instances at once; all of them share the database's connections.",
    )
    target_cpu: Annotated[int, Field(ge=10, le=95)] | None = Field(
        None,
        description="Average CPU in per cent above which an instance is added. Cloud Run decides by"
        " itself and counts requests as well; ECS and Kubernetes follow this number.",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Scaling:
        low, high = self.min_instances, self.max_instances
        if low is not None and high is not None and low > high:
            raise ValueError(f"min_instances ({low}) is more than max_instances ({high})")
        return self


class HealthCheck(Section):
    """How the site is asked whether it is well."""

    path: UrlPath | None = Field(
        None, description="Readiness: answers when database, cache and migrations are well."
    )
    live_path: UrlPath | None = Field(
        None, description="Liveness: answers while the process lives, whatever the database does."
    )
    interval: Duration | None = Field(None, description="Time between two probes.")
    timeout: Duration | None = Field(None, description="How long a probe waits for its answer.")
    failure_threshold: Annotated[int, Field(ge=1, le=20)] | None = Field(
        None, description="Failed probes in a row after which an instance counts as ill."
    )
    start_period: Duration | None = Field(
        None, description="Time to start in, before a failed probe counts."
    )
    start_delay: Duration | None = Field(
        None, description="Time after the start in which nothing is asked. Default: none."
    )


class DeploymentSection(Section):
    """The web service."""

    type: Literal["container"] | None = Field(None, description="Always a container.")
    runtime: Runtime | None = Field(
        None, description="Python to run: python312 or 3.12. Default: what the project asks for."
    )
    resources: Resources | None = Field(None, description="CPU and memory of an instance.")
    scaling: Scaling | None = Field(None, description="How many instances run.")
    health_check: HealthCheck | None = Field(None, description="Probes.")
    concurrency: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        None,
        description="Requests that an instance handles at once. Default: processes × threads.",
    )
    timeout: Duration | None = Field(
        None, description="Longest request. Server and proxy wait a little longer, in this order."
    )
    stop_timeout: Duration | None = Field(
        None, description="Time between SIGTERM and SIGKILL in which requests are finished."
    )
    cpu_always_on: bool | None = Field(
        None, description="Keep the CPU between requests (background threads); costs more."
    )


class ServerSection(Section):
    """The program that runs the application inside the container."""

    type: Literal["auto", "gunicorn", "uvicorn", "uwsgi", "granian"] | None = Field(
        None, description="auto takes the project's own, else gunicorn (WSGI) or uvicorn (ASGI)."
    )
    application: Text | None = Field(
        None, description="module:attribute, such as mysite.wsgi:application. Default: detected."
    )
    workers: Annotated[int, Field(ge=1, le=64)] | None = Field(
        None,
        description="Processes per instance. Default: by CPU, memory, database connections.",
    )
    threads: Annotated[int, Field(ge=1, le=256)] | None = Field(
        None, description="Threads per process; each may hold a database connection."
    )
    timeout: Duration | None = Field(
        None, description="When a silent worker is replaced. Default: deployment.timeout and 10 s."
    )
    graceful_timeout: Duration | None = Field(
        None, description="Time for running requests after SIGTERM."
    )
    keepalive: Duration | None = Field(None, description="How long an idle connection is kept.")
    max_upload: Size | None = Field(
        None, description="Largest request body; proxy, server and Django agree on it."
    )


def _application(section: ServerSection) -> ServerSection:
    target = section.application
    if target is not None and not re.fullmatch(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", target):
        raise ValueError("application should be module:attribute, such as mysite.wsgi:application")
    return section


def _by_name(written: object) -> object:
    return {"type": written} if isinstance(written, str) else written


ServerChoice = Annotated[ServerSection, BeforeValidator(_by_name), AfterValidator(_application)]
"""``server: gunicorn`` for short, or a mapping."""
