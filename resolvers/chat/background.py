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


async def read_background(session: Session, viewer: AnyUser, question: Message) -> Background:
    values = await reading.list_prompt_values(session, viewer.id)
    latest = [DiaryNote(diary.day, summary) for diary, summary in await reading.list_last_summaries(session, viewer.id, LAST_DIARIES)]
    return Background(
        nickname=viewer.nickname,
        locale=viewer.locale,
        local_now=datetime.now(timezone.utc).astimezone(time_zone(viewer.time_zone)),
        profile=select_prompt_lines([to_value(row) for row in values if row.slot in SLOTS], settings.current().profile_tokens, tokens.count),
        diaries=latest,
        related=await related_days(session, question),
    )
