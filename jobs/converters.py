"""Conversions between stored rows and the forms in which the model and the check use them.

Messages are converted to the form of prompts (small numbers, local times) and to that of the check (ids, authors); checked lines and signals to rows
to store, in which every quote has the day and the time of its message.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from jobs.rules.diary.drafts import CheckedLine, CheckedQuote, CheckedSignal, SourceMessage
from jobs.rules.slots import SLOTS
from llm.drafts import SlotGuide
from llm.message_chunks import DayMessage
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind, Polarity
from persistence.queries.diary_writes import StoredLine, StoredQuote, StoredSignal
from persistence.queries.job_inputs import LearnableMessage


def to_prompt_messages(messages: Sequence[LearnableMessage]) -> list[DayMessage]:
    """Return the messages numbered from 1, in order; an answer's number follows its question's."""
    return [
        DayMessage(
            number,
            "user" if message.role is MessageRole.USER else "assistant",
            message.created_at.astimezone(ZoneInfo(message.time_zone)),
            message.content,
        )
        for number, message in enumerate(messages, start=1)
    ]


def to_source_messages(messages: Sequence[LearnableMessage]) -> list[SourceMessage]:
    """Return the messages under the same numbers as `to_prompt_messages`."""
    return [
        SourceMessage(number=number, message_id=message.id, by_person=message.role is MessageRole.USER, day=message.day, content=message.content)
        for number, message in enumerate(messages, start=1)
    ]


def slot_guides() -> list[SlotGuide]:
    return [SlotGuide(slot.key, slot.many, slot.guide) for slot in SLOTS.values()]


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
        StoredQuote(item.message_id, item.text, item.start, by_id[item.message_id].day, by_id[item.message_id].created_at) for item in evidence
    )
