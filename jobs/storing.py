"""Conversion of checked lines and signals to rows to store: every quote gets the day and the time of its message."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from jobs.rules.diary.drafts import CheckedLine, CheckedQuote, CheckedSignal
from persistence.models.diary import LineKind, Polarity
from persistence.queries.diary_writes import StoredLine, StoredQuote, StoredSignal
from persistence.queries.job_inputs import LearnableMessage


def to_stored_lines(lines: Iterable[CheckedLine], messages: Sequence[LearnableMessage]) -> list[StoredLine]:
    by_id = {message.id: message for message in messages}
    return [StoredLine(LineKind(line.kind), line.text, _quotes(line.evidence, by_id)) for line in lines]


def to_stored_signals(signals: Iterable[CheckedSignal], messages: Sequence[LearnableMessage]) -> list[StoredSignal]:
    by_id = {message.id: message for message in messages}
    return [
        StoredSignal(signal.slot, signal.value, signal.value_key, Polarity(signal.polarity), signal.confidence, signal.stated, _quotes(signal.evidence, by_id))
        for signal in signals
    ]


def _quotes(evidence: Sequence[CheckedQuote], by_id: Mapping[UUID, LearnableMessage]) -> tuple[StoredQuote, ...]:
    return tuple(
        StoredQuote(
            item.message_id, item.text, item.start, by_id[item.message_id].day, by_id[item.message_id].created_at, False, item.cited_start, item.cited_end
        )
        for item in evidence
    )
