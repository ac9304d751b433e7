"""The progress of a streamed answer: what it has used so far, for a caller that ends it before its completion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llm.usage import Usage


@dataclass(slots=True)
class Progress:
    """The usage and the model of an answer that may still be streamed. `current` returns the usage of the call in progress, None before it is sent."""

    earlier: Usage = Usage.none()
    current: Callable[[], Usage | None] | None = None
    model: Callable[[], str] | None = None
    leading: Callable[[], str] | None = None
    """Returns the white space that the model sent before the text of the call in progress."""
    tools_used: int = 0
    shown_results: tuple[int, ...] = ()
    """The numbers of the tool calls whose results the call in progress contains."""

    @property
    def usage(self) -> Usage | None:
        """Return the usage up to now: as the provider reported it, else an estimate of what was sent and received; None if nothing was sent."""
        now = self.current() if self.current else None
        return now and self.earlier + now
