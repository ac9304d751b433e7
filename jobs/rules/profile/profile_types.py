"""The types of a profile: its input and its values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:  # each message loads this module, and none of these
    from jobs.rules.diary.drafts import Polarity
    from jobs.rules.profile.polarity import Relation, ValuePolarity

Status = Literal["ACTIVE", "SUGGESTED", "SUPERSEDED", "DISPUTED", "REJECTED"]
Origin = Literal["INFERRED", "STATED"]
VerdictKind = Literal["SET", "LOCK", "UNLOCK", "REJECT", "END", "REVERT"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence from one message for (POSITIVE) or against (NEGATIVE) a value.

    `confidence` is the model's, 0–1. `stated`: the user said it themselves, else it was inferred. `day` is the user's day of the message. A
    message counts once for the same value and polarity, however many lines and reviews quote it.

    `relation` is what the statement says of the user and the value; `since` and `until` are the days it names (see rules/claims/context.py), and
    `condition` the condition under which it says that the value holds. Statements with different conditions do not contradict each other.
    """

    slot: str
    value: str
    value_key: str
    polarity: Polarity
    confidence: float
    stated: bool
    day: date
    message_id: UUID
    said_at: datetime
    relation: Relation | None = None
    since: str | None = None
    until: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The user's own decision on a value. A later one overrides an earlier one on the same value.

    SET says that the value holds. LOCK keeps it whatever the nightly jobs find; UNLOCK removes the lock. REJECT hides it as long as it is
    supported only by `evidence`, the messages that supported it when it was rejected; one without a `value` hides nothing: only its `evidence` does not
    count for the value any more, until a later SET, LOCK or END. END says that it held until then; later statements
    for it revive it. `day` is the user's day of `at`; without it, the date of `at` as given (so give `at` in the user's zone).

    REVERT applies to the whole profile (its slot is empty): back to `as_of`, without the messages in `evidence` and the verdicts given after
    `until` (see reverts.py).

    The key says whether the verdict is on a value or on its negation (see polarity.py); `polarity` is the one that the value had or got.
    """

    kind: VerdictKind
    slot: str
    value: str
    value_key: str
    at: datetime
    evidence: frozenset[UUID] = frozenset()
    day: date | None = None
    as_of: date | None = None
    until: datetime | None = None
    polarity: ValuePolarity | None = None


@dataclass(frozen=True, slots=True)
class ImportedValue:
    """A value that a memory text of another product suggests (see imported.py). `day` is the user's day of the import, `at` its time."""

    slot: str
    value: str
    value_key: str
    polarity: ValuePolarity
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a profile.

    ACTIVE: the value holds. DISPUTED: another value of the slot, or the opposite, is equally strong, or it is unsure whether a well-founded value still
    holds. SUPERSEDED: it held until `ended_at`. SUGGESTED: newer than the value that holds, but too weak to replace it or blocked by a lock, or known
    from an imported memory text alone. REJECTED: hidden by the user. `confidence` is 0–1 in four decimals (see confidence.py). `evidence` holds the
    messages in favour, oldest first.

    `since` and `until` are days as the user said them (see rules/claims/context.py), `condition` the user's words; each is None if nothing was said.
    """

    slot: str
    value: str
    value_key: str
    status: Status
    confidence: float
    locked: bool
    origin: Origin
    first_seen_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    evidence: tuple[UUID, ...]
    polarity: ValuePolarity = "IS"
    since: str | None = None
    until: str | None = None
    condition: str | None = None
