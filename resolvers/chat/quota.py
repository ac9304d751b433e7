"""Whether a person may ask the model now: it is not switched off, and their tokens of the day are not used up."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

import settings
from jobs.model_limiter import SWITCHED_OFF
from jobs.rules.day import day_bounds
from jobs.run_context import ModelPaused
from llm import tokens
from llm.chat import ANSWER_TOKENS, ComposedPrompt
from llm.errors import ModelError
from persistence import database
from persistence.models import User
from persistence.models.enums import PauseKind
from persistence.queries.model_pauses import list_pauses
from persistence.queries.usage import reserve_chat_tokens
from resolvers.account import chat_limit


class ChatQuotaExceeded(ModelError):
    """The person's tokens of the day are used up; `retry_after` is the time until their next day begins."""

    code = "QUOTA_EXCEEDED"
    summary = "your allowance for today is used up"


@dataclass
class Admission:
    """Leave to call the model, and what of a person's day is set aside for one message's calls.

    With `looks_back` that is enough for a first round with tools and a last one without. `paused` is true while a refusal by the provider
    pauses the nights: a success then ends the pause.
    """

    viewer: User
    today: date
    reserved: int = 0
    paused: bool = False
    looks_back: bool = True

    async def permit(self, wanted: int) -> bool:
        """Set aside more, for another round; false where the day's limit would be passed."""
        limit = chat_limit(self.viewer)
        if limit is None:
            return True
        async with database.transaction() as session:
            granted = await reserve_chat_tokens(session, self.viewer.id, self.today, tokens=wanted, limit=limit)
        self.reserved += wanted if granted else 0
        return granted


async def reserve_for_chat(viewer: User, today: date, composition: ComposedPrompt) -> Admission:
    """Set aside what a chat's calls may take: with tools if that fits, else without. Raises `ModelPaused`, `ChatQuotaExceeded`."""
    one = sum(tokens.count_message(message) for message in composition.messages) + ANSWER_TOKENS
    try:
        return await reserve_user_tokens(viewer, today, 2 * one)
    except ChatQuotaExceeded:
        return replace(await reserve_user_tokens(viewer, today, one), looks_back=False)


async def reserve_user_tokens(viewer: User, today: date, wanted: int) -> Admission:
    """Set aside what a call may take of the person's day, in tokens. What is set aside counts as used until it is settled,
    so concurrent calls cannot pass the limit together, and a call that dies stays counted.

    Raises `ModelPaused`, `ChatQuotaExceeded`.
    """
    paused = await require_model_enabled()
    limit = chat_limit(viewer)
    if limit is None:
        return Admission(viewer, today, 0, paused)
    async with database.transaction() as session:
        if not await reserve_chat_tokens(session, viewer.id, today, tokens=wanted, limit=limit):
            raise ChatQuotaExceeded(retry_after=_seconds_until_tomorrow(viewer, today))
    return Admission(viewer, today, wanted, paused)


async def require_model_enabled() -> bool:
    """Return whether the provider's refusal of everybody pauses the nights: a chat may find out that it is over.

    Raises `ModelPaused` while an admin, or MODEL_ENABLED=false, has stopped all use of the model.
    """
    if not settings.current().model_enabled:
        raise ModelPaused(SWITCHED_OFF)
    async with database.session() as session:
        kinds = {pause.kind for pause in await list_pauses(session)}
    if PauseKind.SWITCH in kinds:
        raise ModelPaused(SWITCHED_OFF)
    return PauseKind.MODEL in kinds


def _seconds_until_tomorrow(viewer: User, today: date) -> float:
    begins = day_bounds(today + timedelta(days=1), viewer.time_zone, viewer.day_ends_at)[0]
    return max(1.0, (begins - datetime.now(timezone.utc)).total_seconds())
