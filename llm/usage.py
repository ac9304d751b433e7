"""What a call to the model cost, in tokens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider reported them; estimated by `llm.tokens` where it reported none. All are >= 0.

    `cached_tokens` are the part of `input_tokens` that the provider served from its prompt cache, and `thinking_tokens` the
    part of `output_tokens` that the model spent on its thought. Both are 0 where the provider does not tell.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    thinking_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens, self.thinking_tokens + other.thinking_tokens,
        )

    @classmethod
    def none(cls) -> Usage:
        return cls(0, 0)
