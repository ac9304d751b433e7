"""The input and output types of the draft check. Drafts are protocols, so that the rules do not depend on the package of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

from jobs.rules.claims.reasons import StatementReason

Polarity = Literal["POSITIVE", "NEGATIVE"]
DropReason = Literal[
    "UNKNOWN_KIND",
    "UNKNOWN_SLOT",
    "UNKNOWN_POLARITY",
    "UNKNOWN_MESSAGE",
    "NOT_OWN_WORDS",
    "OTHER_DAY",
    "QUOTE_EMPTY",
    "QUOTE_NOT_FOUND",
    "QUOTE_TOO_LONG",
    "PASTED",
    "TEXT_LENGTH",
    "CONFIDENCE",
    "SECRET",
    "NO_EVIDENCE",
    "DUPLICATE",
    "TOO_MANY",
    StatementReason,
    "UNDECIDED",
]
"""The reason why an item or a quote of a draft was dropped; a `StatementReason` or UNDECIDED: its statement does not say it (jobs/rules/claims)."""


class DraftQuote(Protocol):
    @property
    def message(self) -> int: ...
    @property
    def text(self) -> str: ...


class DraftLine(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def evidence(self) -> Sequence[DraftQuote]: ...


class DraftSignal(Protocol):
    @property
    def slot(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def polarity(self) -> Polarity: ...
    @property
    def confidence(self) -> float: ...
    @property
    def stated(self) -> bool: ...
    @property
    def evidence(self) -> Sequence[DraftQuote]: ...


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A message that was sent to the model under `number`. Deleted and temporary messages never reach the rules."""

    number: int
    message_id: UUID
    by_person: bool
    day: date
    content: str


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quote that was found in its message: the whole statement around it, which is the message's `content[start:end]`.

    The part that the model cited is `content[cited_start:cited_end]`.
    """

    message_id: UUID
    day: date
    text: str
    start: int
    end: int
    cited_start: int
    cited_end: int


@dataclass(frozen=True, slots=True)
class CheckedLine:
    kind: str
    text: str
    evidence: tuple[CheckedQuote, ...]


@dataclass(frozen=True, slots=True)
class CheckedSignal:
    slot: str
    value: str
    value_key: str
    polarity: Polarity
    confidence: float
    stated: bool
    evidence: tuple[CheckedQuote, ...]
