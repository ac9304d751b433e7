"""Usage of model calls, in tokens, and its cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount of money in billionths of a currency (an ISO 4217 code), >= 0."""

    nano: int
    currency: str

    @property
    def amount(self) -> float:
        """Return the amount in whole units of the currency, for display; sums use `nano`."""
        return self.nano / 10**9


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider reported them; estimated by `llm.tokens` if it reported none. All are >= 0.

    `cached_tokens` are the part of `input_tokens` that the provider served from its prompt cache, and `thinking_tokens` the part of
    `output_tokens` that the model used for its thought. Both are 0 if the provider does not report them. `cost` is the sum of the costs of all
    calls at the prices of their minute; None if no price was known.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    thinking_tokens: int = 0
    cost: Cost | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens, self.thinking_tokens + other.thinking_tokens, _sum(self.cost, other.cost),
        )

    def costing(self, cost: Cost | None) -> Usage:
        return replace(self, cost=cost)

    @classmethod
    def none(cls) -> Usage:
        return cls(0, 0)

    @classmethod
    def total(cls, parts: Iterable[Usage]) -> Usage:
        """Return the sum; no tokens without parts."""
        return sum(parts, cls.none())


def _sum(first: Cost | None, second: Cost | None) -> Cost | None:
    """Add two costs, which have the same currency: a process knows the prices of one currency only."""
    if first is None or second is None:
        return first or second
    return Cost(first.nano + second.nano, first.currency)
