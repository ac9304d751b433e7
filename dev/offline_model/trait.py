"""A trait of the user, which a sentence states or implies."""

from __future__ import annotations

from dataclasses import dataclass

MAX_VALUE_LENGTH = 60
"""Characters."""
STATED = 0.9
CONCLUDED = 0.55


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait of the user. `quote` is a verbatim part of the sentence."""

    slot: str
    value: str
    quote: str
    positive: bool = True
    stated: bool = True

    @property
    def confidence(self) -> float:
        return STATED if self.stated else CONCLUDED
