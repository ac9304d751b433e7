"""Conversion of a user's messages to the form that prompts need (small numbers, local times) and to the form that the check needs (ids, authors)."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.slots import SLOTS
from llm.drafts import SlotGuide
from llm.message_chunks import DayMessage
from persistence.models.chat import MessageRole
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
