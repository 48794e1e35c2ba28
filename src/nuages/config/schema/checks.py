"""``checks``: which readiness rules count."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from nuages.config.schema.fields import Section, Text, Texts, matching, text_schema

RuleName = Annotated[
    str,
    matching(r"[A-Z]{2,4}\d{3}", "should be the id of a rule, such as SEC001"),
    text_schema(r"^[A-Z]{2,4}\d{3}$", "SEC001"),
]


class IgnoredFinding(Section):
    """A finding to live with."""

    rule: RuleName = Field(description="The id of the rule.")
    path: Text | None = Field(None, description="Files, such as legacy/*. Default: all.")
    reason: Text | None = Field(None, description="Why this may stay; without it check complains.")


class ChecksSection(Section):
    """The readiness rules that `nuages check` runs."""

    select: Texts | None = Field(None, description="Rules to run, by id or prefix. Default: all.")
    ignore: Annotated[tuple[IgnoredFinding, ...], Field(strict=False)] | None = Field(
        None, description="Findings to live with, each with its reason."
    )
    fail_level: Literal["error", "warning", "info"] | None = Field(
        None, description="From which severity on check fails. Default: error."
    )
