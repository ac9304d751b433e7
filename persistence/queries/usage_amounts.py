"""Amounts of model usage as the queries take them; the classes of `llm.usage` implement them."""
from __future__ import annotations

from typing import Protocol


class Money(Protocol):
    """An amount of money, in billionths of the currency; `llm.usage.Cost` implements it."""

    @property
    def nano(self) -> int: ...

    @property
    def currency(self) -> str: ...


class Tokens(Protocol):
    """Tokens and cost of a call; `llm.usage.Usage` implements it."""

    @property
    def input_tokens(self) -> int: ...

    @property
    def output_tokens(self) -> int: ...

    @property
    def cached_tokens(self) -> int: ...

    @property
    def thinking_tokens(self) -> int: ...

    @property
    def cost(self) -> Money | None: ...
