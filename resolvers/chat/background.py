"""The prompt's information about the user besides the conversation: the profile within its budget, the latest diaries, and related days.

Profile and latest diaries are the same for every question until a nightly job changes them, so that a provider's prompt cache can serve them.
"""
from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import settings
from jobs.profile_inputs import to_value
from jobs.rules.day import time_zone
from jobs.rules.profile.profile_prompt import select_prompt_lines
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_birthday, make_calendar
from jobs.rules.search.query import asks_about_past
from jobs.rules.slots import SLOTS
from llm import tokens
from llm.chat import Background, DiaryNote
from persistence.database import Session
from persistence.models import Message
from persistence.queries import chat_reads as reading
from resolvers.chat.recall import related_days

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

LAST_DIARIES = 3
ASSISTANT_NAME = "UniLife"
"""The name by which users address the assistant."""


async def read_background(session: Session, viewer: AnyUser, question: Message) -> Background:
    values = [to_value(row) for row in await reading.list_prompt_values(session, viewer.id) if row.slot in SLOTS]
    latest = [DiaryNote(diary.day, summary) for diary, summary in await reading.list_last_summaries(session, viewer.id, LAST_DIARIES)]
    birthday = next((found for value in values if value.slot.endswith(".birthday") and (found := find_birthday(value.value, question.day))), None)
    calendar = calendar_for(viewer, question, birthday)
    budget = settings.current().diary_tokens // 2
    related, about = await related_days(session, question, calendar, speaker_names(viewer), [note.day for note in latest], budget)
    return Background(
        nickname=viewer.nickname,
        locale=viewer.locale,
        local_now=datetime.now(timezone.utc).astimezone(time_zone(viewer.time_zone)),
        today=question.day,
        birthday=birthday,
        profile=select_prompt_lines(values, settings.current().profile_tokens, tokens.count),
        diaries=latest,
        related=related,
        never_said=not about and asks_about_past(question.content),
    )


def calendar_for(viewer: AnyUser, question: Message, birthday: tuple[int, int] | None) -> Calendar:
    """Return the user's calendar on the day of the question."""
    return make_calendar(question.day, viewer.locale, viewer.time_zone, birthday)


def speaker_names(viewer: AnyUser) -> list[str]:
    return [viewer.nickname, ASSISTANT_NAME]
