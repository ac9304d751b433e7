"""The input and output types of the draft check. Drafts are protocols, so that the rules do not depend on the package of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

from jobs.rules.claims.reasons import StatementReason

Polarity = Literal["POSITIVE", "NEGATIVE"]
DropReason = Literal[
    "UNKNOWN_KIND",
    "UNKNOWN_SLOT",
    "SLOT_OFF",
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
    "CORRECTED",
    "DUPLICATE",
    "TOO_MANY",
    StatementReason,
    "UNDECIDED",
]
"""The reason why an item or a quote of a draft was dropped. CORRECTED: the user took the quoted words back (jobs/rules/claims/corrections.py). A
`StatementReason` or UNDECIDED: its statement does not say it (jobs/rules/claims)."""


class DraftQuote(Protocol):
    @property
    def message(self) -> int: ...
    @property
    def text(self) -> str: ...


class DraftLine(Protocol):
    @property
    def happens_on(self) -> date | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def evidence(self) -> Sequence[DraftQuote]: ...


class DraftSignal(Protocol):
    @property
    def happens_on(self) -> date | None: ...
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
    """A message that was sent to the model under `number`. Deleted and temporary messages never reach the rules.

    A correction is about the message before it in the same conversation; without ids, all messages are one conversation.
    """

    number: int
    message_id: UUID
    by_person: bool
    day: date
    content: str
    conversation_id: UUID | None = None
    not_play: bool = False
    """True if the user said that nothing is played in its conversation."""
    exclusion_undone: bool = False
    """True if the user undid what it says is not to be remembered or written down."""


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
    happens_on: date | None = field(default=None, compare=False)
    """The day that the line is about, if it is another than that on which it was said (jobs/rules/diary/happens_on.py)."""


@dataclass(frozen=True, slots=True)
class CheckedSignal:
    slot: str
    value: str
    value_key: str
    polarity: Polarity
    confidence: float
    stated: bool
    evidence: tuple[CheckedQuote, ...]
    happens_on: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement for a second reading, with the sentences before and after it in its message; "" without any."""

    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UndecidedClaim:
    """A line or signal of a draft that the rules can neither accept nor reject, and the statements that it was made from.

    Of a signal, `slot` is the name of its slot as a model is told it, and `guide` what belongs there.
    """

    number: int
    claim: CheckedLine | CheckedSignal
    statements: tuple[Statement, ...]
    slot: str = ""
    guide: str = ""
