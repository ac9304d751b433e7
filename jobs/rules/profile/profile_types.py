"""What a profile is made of and what it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from jobs.rules.diary.drafts import Polarity

Status = Literal["ACTIVE", "SUGGESTED", "SUPERSEDED", "DISPUTED", "REJECTED"]
Origin = Literal["INFERRED", "STATED"]
VerdictKind = Literal["SET", "LOCK", "UNLOCK", "REJECT", "REVERT"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One message's word for (POSITIVE) or against (NEGATIVE) a value.

    `confidence` is the model's, 0–1. `stated`: the person said it themselves, else it was inferred. `day` is the
    person's day of the message. The same message for the same value and polarity counts once, however many lines and
    reviews quote it.
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """The person's own decision on a value; a later one overrides an earlier one on the same value.

    SET says that the value holds. LOCK keeps it against anything the nights find; UNLOCK takes the lock off. REJECT
    hides it while it stands on nothing but `evidence`, the messages it stood on when it was rejected. `day` is the
    person's own day of `at`; without it, the date of `at` as given (so give `at` in the person's zone).

    REVERT is about the whole profile (its slot is empty): back to `as_of`, without the messages in `evidence` and the
    verdicts given after `until` (see reverts.py).
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


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a profile.

    ACTIVE holds. DISPUTED: another value of the slot is as strong. SUPERSEDED: it held until `ended_at`. SUGGESTED:
    newer than what holds but too weak to replace it, or held off by a lock. REJECTED: hidden by the person.
    `confidence` is 0–1 in four decimals (see confidence.py). `evidence` holds the messages in favour, oldest first.
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
