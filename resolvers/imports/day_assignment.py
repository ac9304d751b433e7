"""Assignment of messages to the user's days, and to a time within the day."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from jobs.rules.day import day_bounds, day_of
from persistence.models.chat import MessageRole
from persistence.queries.chat_import import ImportedMessage
from resolvers.imports.records import Record

WAKING = (1 / 3, 7 / 8)
"""The part of a day over which messages without a time are spread: 8 a.m. to 9 p.m. of a day that ends at midnight."""

IN_THE_FUTURE = "time in the future"
NO_SUCH_DAY = "day that the time zone skipped"


@dataclass(frozen=True)
class Clock:
    """The user's clock: IANA zone, the hour (0–23) at which their day ends, and the current time (aware)."""

    time_zone: str
    day_ends_at: int
    now: datetime


def assign_days(records: Sequence[Record], clock: Clock) -> tuple[list[ImportedMessage], Counter[str]]:
    """Return the messages in their order, each assigned to a day, and the number of skipped ones by reason.

    An answer belongs to the day of its question: the last one before it in its conversation.
    """
    left_out: Counter[str] = Counter()
    times = _spread([record for record in records if record.sent_at is None], clock)
    placed: list[ImportedMessage] = []
    questions: dict[str, ImportedMessage] = {}
    for record in records:
        sent_at = record.sent_at or times[record.key]
        if sent_at is None or sent_at > clock.now:
            left_out[NO_SUCH_DAY if sent_at is None else IN_THE_FUTURE] += 1
        else:
            message = _message(record, sent_at, clock)
            if record.by_person:
                questions[record.conversation] = message
            elif (question := questions.get(record.conversation)) is not None:
                message = replace(message, day=question.day, time_zone=question.time_zone)
            placed.append(message)
    return placed, left_out


def _message(record: Record, sent_at: datetime, clock: Clock) -> ImportedMessage:
    time_zone = record.time_zone or clock.time_zone
    return ImportedMessage(
        key=record.key, conversation=record.conversation, role=MessageRole.USER if record.by_person else MessageRole.ASSISTANT,
        content=record.content, sent_at=sent_at, day=record.day or day_of(sent_at, clock.time_zone, clock.day_ends_at), time_zone=time_zone,
        title=record.title, model=record.model, archived=record.archived, tags=record.tags, written=record.written,
    )


def _spread(records: Iterable[Record], clock: Clock) -> dict[str, datetime | None]:
    """Return an instant inside the record's day by key; the same file always gives the same instants, except for today, which ends at the current time."""
    days: dict[date, list[Record]] = defaultdict(list)
    for record in records:
        assert record.day is not None, "a record has an instant or a day"
        days[record.day].append(record)
    times: dict[str, datetime | None] = {}
    for day, same_day in days.items():
        start, end = day_bounds(day, clock.time_zone, clock.day_ends_at)
        first, last = (start + (end - start) * part for part in WAKING)
        if start <= clock.now < last:
            first, last = start, clock.now
        for number, record in enumerate(same_day):
            times[record.key] = None if start == end else first + (last - first) * (number / len(same_day))
    return times
