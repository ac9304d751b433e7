"""Adjustments that this process has learned from an endpoint's errors and answers. They last as long as the process."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm.providers import Endpoint


@dataclass(slots=True)
class Learned:
    """Adjustments for one endpoint and model. Empty if it behaves as its row in `llm.providers` says."""

    refused: set[str] = field(default_factory=set[str])
    """Parameters that are omitted."""
    token_limit: str | None = None
    """The name of the token limit that the endpoint accepts instead of its row's."""
    most_tokens: int | None = None
    """The largest token limit that the endpoint accepts."""
    thinks_unasked: bool = False
    """The endpoint returned a thought although thinking was off."""
    thought_returned: bool = False
    """The endpoint requires the thought to be sent back after a tool call."""
    streams_only: bool = False
    """The endpoint refuses calls that are not streamed."""
    thought_apart: bool = False
    """The endpoint returns the thought outside the text or between two markers, or returns none: its text need not be held back."""
    thought_unopened: bool = False
    """True if the text begins with a thought that has only a closing tag."""


_learned: dict[tuple[str, str], Learned] = {}


def about(endpoint: Endpoint) -> Learned:
    found = _learned.get(endpoint.key)
    return found if found is not None else _learned.setdefault(endpoint.key, Learned())


def forget() -> None:
    """Discard all adjustments, for tests."""
    _learned.clear()
