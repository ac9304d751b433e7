"""What this process has learned about an endpoint from its refusals and answers. It holds for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm.providers import Endpoint


@dataclass(slots=True)
class Learned:
    """One endpoint and model. Empty where it behaves as its row of `llm.providers` says."""

    refused: set[str] = field(default_factory=set[str])
    """Parameters that are left out."""
    token_limit: str | None = None
    """The name of the token limit that it takes instead of its row's."""
    most_tokens: int | None = None
    """The largest token limit that it takes."""
    thinks_unasked: bool = False
    """It gave a thought although thinking was off."""
    thought_returned: bool = False
    """It wants the thought back after a tool call."""
    streams_only: bool = False
    """It refuses calls that are not streamed."""
    thought_apart: bool = False
    """It gives the thought outside the text or between two marks, or gives none: its text need not be held back."""
    thought_unopened: bool = False
    """Its text begins with a thought that has only a closing tag."""


_learned: dict[tuple[str, str], Learned] = {}


def about(endpoint: Endpoint) -> Learned:
    return _learned.setdefault(endpoint.key, Learned())


def forget() -> None:
    """For tests."""
    _learned.clear()
