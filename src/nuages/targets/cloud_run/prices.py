"""The dated price table, in the prices of one region. ``prices.yaml`` says where each was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from ruamel.yaml import YAML

from nuages.estimate import Line, Range, Source, each

TABLE = "prices.yaml"
HOME = "us-central1"
"""Whose prices the table lists, and whose a free allowance is worth."""


@dataclass(frozen=True)
class Price:
    """One position of the price list, in US dollars."""

    key: str
    sku: str
    unit: str
    usd: float
    steps: tuple[tuple[float, float], ...]
    """From so many units on, so much."""
    allowance: float
    """What is free in a month, in US dollars: units of it at ``HOME``'s price."""
    ample: bool
    """Whether the allowance is enough for every environment."""
    source: Source

    def of(self, quantity: float, *, free: bool = True) -> float:
        """What so many units cost a month."""
        bounds = [*(start for start, _ in self.steps), float("inf")]
        total, start, usd = 0.0, 0.0, self.usd
        for index, end in enumerate(bounds):
            total += max(0.0, min(quantity, end) - start) * usd
            start, usd = end, self.steps[index][1] if index < len(self.steps) else usd
        return max(0.0, total - (self.allowance if free or self.ample else 0.0))


@dataclass(frozen=True)
class Prices:
    """The whole list for one region."""

    region: str
    priced_as: str
    """The region itself, or the nearest one that the table has."""
    dated: str
    by_key: Mapping[str, Price]
    free: bool
    """Whether the account's free allowances are there to be used."""

    def line(
        self, key: str, group: str, resource: str, quantity: Range, assumption: str = ""
    ) -> Line:
        price = self.by_key[key]
        monthly = each(lambda units: price.of(units, free=self.free), quantity)
        return Line(
            group, resource, quantity, price.unit, price.usd, monthly, price.source, assumption
        )


def prices(region: str, *, free: bool = True) -> Prices:
    """The prices of a region; of the nearest known one where the table has it not."""
    table = document()
    known = region if region in table["regions"] else _nearest(region, tuple(table["regions"]))
    columns = dict(zip(table["columns"], table["regions"][known], strict=True))
    home = dict(zip(table["columns"], table["regions"][HOME], strict=True))
    sources = {
        key: Source(read=str(table["read"]), **{k: str(v) for k, v in said.items()})  # type: ignore[arg-type]
        for key, said in table["sources"].items()
    }
    every = {
        key: _price(key, said, columns, home, sources) for key, said in table["prices"].items()
    }
    return Prices(region, known, str(table["read"]), every, free)


@lru_cache(maxsize=1)
def document() -> Any:
    """The table as it is written."""
    text = files("nuages.targets.cloud_run").joinpath(TABLE).read_text("utf-8")
    return YAML(typ="safe", pure=True).load(text)


def _price(
    key: str,
    said: Mapping[str, Any],
    columns: Mapping[str, float],
    home: Mapping[str, float],
    sources: Mapping[str, Source],
) -> Price:
    usd = float(said["usd"])
    here = usd
    if "column" in said:
        here = usd * columns[said["column"]] / home[said["column"]]
    elif columns["tier"] == 2:
        here = float(said.get("tier2", usd))
    return Price(
        key=key,
        sku=said["sku"],
        unit=said["unit"],
        usd=here,
        steps=tuple((float(start), float(price)) for start, price in said.get("steps", ())),
        allowance=float(said.get("free", 0)) * usd,
        ample=bool(said.get("ample")),
        source=sources[said["source"]],
    )


def _nearest(region: str, known: tuple[str, ...]) -> str:
    """Of the same continent, the one whose name has most in common; else ``HOME``."""
    continent = f"{region.partition('-')[0]}-"
    near = [name for name in known if name.startswith(continent)] or [HOME]
    return max(near, key=lambda name: _common(name, region))


def _common(name: str, other: str) -> int:
    """Letters at the start that both have."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False))
    )
