"""Which revision answers the next request. Pure but for its own counters."""

from __future__ import annotations

from collections.abc import Mapping


class Shares:
    """Traffic by percent: smooth weighted round robin, so that 100 requests are split exactly.

    (Cloud Run draws by chance; over many requests it comes to the same.)
    """

    def __init__(self, percents: Mapping[str, int]) -> None:
        self._percents = {name: percent for name, percent in percents.items() if percent > 0}
        self._credit = dict.fromkeys(self._percents, 0)

    def __bool__(self) -> bool:
        return bool(self._percents)

    def next(self) -> str:
        for name, percent in self._percents.items():
            self._credit[name] += percent
        chosen = max(self._credit, key=lambda name: self._credit[name])
        self._credit[chosen] -= sum(self._percents.values())
        return chosen
