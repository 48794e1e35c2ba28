"""``network`` and ``observability``: the way in, and what is seen from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from nuages.config.schema.fields import Section, Text, Texts, UrlPath


class NetworkSection(Section):
    """The private network that database and cache are in."""

    vpc: Text | None = Field(None, description="An existing network, by name or id.")
    subnets: Texts | None = Field(None, description="Existing subnets of it.")
    egress: Literal["private-ranges", "all"] | None = Field(
        None, description="What leaves through the network: private addresses only, or everything."
    )


class Alerts(Section):
    """Who is told when something is wrong."""

    email: Texts | None = Field(None, description="Addresses that get a message.")


class UptimeCheck(Section):
    """A page that is asked for from outside, around the clock."""

    path: UrlPath | None = Field(None, description="Which page. Default: the readiness probe's.")


def _on(written: object) -> object:
    return {} if written is True else None if written is False else written


class ObservabilitySection(Section):
    """Logs, traces, checks from outside, alerts."""

    logs: Literal["json", "text"] | None = Field(
        None, description="One JSON object a line, or plain text."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = Field(
        None, description="Least severe message that is logged."
    )
    traces: bool | None = Field(None, description="OpenTelemetry, with no change to the code.")
    error_reporting: bool | None = Field(None, description="Group errors in the target's console.")
    uptime_check: Annotated[UptimeCheck | None, BeforeValidator(_on)] = Field(
        None, description="true, or a mapping with the page to ask for."
    )
    alerts: Alerts | None = Field(None, description="Who is told.")
    dashboard: bool | None = Field(None, description="A dashboard with traffic, errors, latency.")
