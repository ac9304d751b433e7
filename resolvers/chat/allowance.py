"""Whether a person may ask the model now: it is not switched off, and their tokens of the day are not used up."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

import settings
from jobs.allowance import SWITCHED_OFF
from jobs.desk import ModelPaused
from jobs.rules.day import bounds
from llm import tokens
from llm.chat import ANSWER_TOKENS, Composition
from llm.errors import ModelError
from persistence.database import session, transaction
from persistence.models import User
from persistence.models.kinds import PauseKind
from persistence.queries.pauses import list_pauses
from persistence.queries.usage import reserve_chat
from resolvers.account import chat_limit


class ChatQuotaExceeded(ModelError):
    """The person's tokens of the day are used up; `retry_after` is the time until their next day begins."""

    code = "QUOTA_EXCEEDED"
    summary = "your allowance for today is used up"


@dataclass(frozen=True)
class Admission:
    """Leave to call the model. `reserved` tokens of the person's day are set aside, 0 without a limit.

    `paused` is true while a refusal by the provider pauses the nights: a success then ends the pause.
    """

    reserved: int
    paused: bool


async def admit(viewer: User, today: date, composition: Composition) -> Admission:
    """`set_aside` for a chat's call. Raises `ModelPaused`, `ChatQuotaExceeded`."""
    return await set_aside(viewer, today, sum(tokens.count_message(message) for message in composition.messages) + ANSWER_TOKENS)


async def set_aside(viewer: User, today: date, wanted: int) -> Admission:
    """Set aside what a call may take of the person's day, in tokens. What is set aside counts as used until it is settled,
    so concurrent calls cannot pass the limit together, and a call that dies stays counted.

    Raises `ModelPaused`, `ChatQuotaExceeded`.
    """
    paused = await require_switched_on()
    limit = chat_limit(viewer)
    if limit is None:
        return Admission(0, paused)
    async with transaction() as writing:
        if not await reserve_chat(writing, viewer.id, today, tokens=wanted, limit=limit):
            raise ChatQuotaExceeded(retry_after=_seconds_until_tomorrow(viewer, today))
    return Admission(wanted, paused)


async def require_switched_on() -> bool:
    """Return whether the provider's refusal of everybody pauses the nights: a chat may find out that it is over.

    Raises `ModelPaused` while an admin, or MODEL_ENABLED=false, has stopped all use of the model.
    """
    if not settings.current().model_enabled:
        raise ModelPaused(SWITCHED_OFF)
    async with session() as reading:
        kinds = {pause.kind for pause in await list_pauses(reading)}
    if PauseKind.SWITCH in kinds:
        raise ModelPaused(SWITCHED_OFF)
    return PauseKind.MODEL in kinds


def _seconds_until_tomorrow(viewer: User, today: date) -> float:
    begins = bounds(today + timedelta(days=1), viewer.time_zone, viewer.day_ends_at)[0]
    return max(1.0, (begins - datetime.now(timezone.utc)).total_seconds())
