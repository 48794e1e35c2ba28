"""``network`` and ``observability``: the way in, and what is seen from outside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from nuages.config.schema.fields import Positive, Section, Text, Texts, UrlPath, matching


def _on(written: object) -> object:
    return {} if written is True else None if written is False else written


class NetworkSection(Section):
    """The private network that database and cache are in."""

    vpc: Text | None = Field(None, description="An existing network, by name or id.")
    subnets: Texts | None = Field(None, description="Existing subnets of it.")
    egress: Literal["private-ranges", "all"] | None = Field(
        None, description="What leaves through the network: private addresses only, or everything."
    )
    range: (
        Annotated[
            str, matching(r"\d{1,3}(\.\d{1,3}){3}/\d{1,2}", "should be a range such as 10.8.0.0/24")
        ]
        | None
    ) = Field(None, description="Addresses of the network that is made.")
    peered: bool | None = Field(
        None, description="The existing network is peered with the provider's services already."
    )
    connector: bool | None = Field(
        None, description="Reach it through a connector; only where direct egress is not to be had."
    )
    perimeter: Text | None = Field(
        None, description="An existing service perimeter that the project joins, by its full name."
    )


class BudgetSection(Section):
    """What a month may cost before somebody is told."""

    amount: Positive = Field(description="In whole units of the currency.")
    currency: Annotated[str, matching(r"[A-Z]{3}", "should be a currency such as EUR")] | None = (
        Field(None, description="The billing account's own currency. Default: USD.")
    )
    account: Text = Field(description="The billing account, such as 000000-111111-222222.")


class TriggerSection(Section):
    """A pipeline of the target's own that runs when a branch moves."""

    repository: Text = Field(description="The connected repository, by the target's own name.")
    branch: Text | None = Field(None, description="Which branch. Default: main.")
    approval: bool | None = Field(None, description="Somebody has to agree before it runs.")


class DeployerSection(Section):
    """An account that a pipeline releases with, and no key for it."""

    repository: (
        Annotated[
            str, matching(r"[\w.-]{1,39}/[\w.-]{1,100}", "should be owner/name, as GitHub has it")
        ]
        | None
    ) = Field(None, description="The GitHub repository whose workflows may be this account.")
    repository_id: (
        Annotated[str, matching(r"[0-9]{1,20}", "should be the repository's number, in quotes")]
        | None
    ) = Field(None, description="Its number, which stays when the name is given to another.")
    environment: Text | None = Field(
        None, description="GitHub's environment whose jobs may be it. Default: production."
    )


class WafSection(Section):
    """What stands before the site and refuses attacks."""

    requests_per_minute: Annotated[int, Field(ge=10, le=1_000_000)] | None = Field(
        None, description="Of one address, before it gets 429. Default: the target's."
    )


Waf = Annotated[WafSection | None, BeforeValidator(_on)]


class Alerts(Section):
    """Who is told when something is wrong."""

    email: Texts | None = Field(None, description="Addresses that get a message.")


class UptimeCheck(Section):
    """A page that is asked for from outside, around the clock."""

    path: UrlPath | None = Field(None, description="Which page. Default: the readiness probe's.")


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
