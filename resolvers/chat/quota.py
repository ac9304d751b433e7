"""Admission of a user's model call: the model is not switched off, and the user's daily tokens are not used up."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone

import settings
from jobs.rules.day import day_bounds
from llm import tokens
from llm.chat import ANSWER_TOKENS, ComposedPrompt
from llm.errors import ModelError, ModelPaused
from persistence import database
from persistence.models import User
from persistence.models.enums import PauseKind
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF, list_pauses
from persistence.queries.usage import reserve_chat_tokens
from resolvers.account import chat_limit


class ChatQuotaExceeded(ModelError):
    """Raised when the user's daily tokens are used up; `retry_after` is the time until the user's next day begins, in seconds."""

    code = "QUOTA_EXCEEDED"
    summary = "your token quota for today is used up"


@dataclass
class Admission:
    """Permission to call the model, with the tokens of the user's day that are reserved for one message's calls.

    `looks_back` means that they suffice for a first round with tools and a last one without. `paused` is true while an account-wide provider
    error pauses the nightly jobs: a success then ends the pause.
    """

    viewer: User
    today: date
    reserved: int = 0
    paused: bool = False
    looks_back: bool = True

    async def permit(self, wanted: int) -> bool:
        """Reserve tokens for another round; return False where they would exceed the daily limit."""
        limit = chat_limit(self.viewer)
        if limit is None:
            return True
        async with database.transaction() as session:
            granted = await reserve_chat_tokens(session, self.viewer.id, self.today, tokens=wanted, limit=limit)
        self.reserved += wanted if granted else 0
        return granted


async def reserve_for_chat(viewer: User, today: date, composition: ComposedPrompt) -> Admission:
    """Reserve the tokens of a chat's calls: with tools if they fit, else without. Raises `ModelPaused`, `ChatQuotaExceeded`."""
    one = sum(tokens.count_message(message) for message in composition.messages) + ANSWER_TOKENS
    try:
        return await reserve_user_tokens(viewer, today, 2 * one)
    except ChatQuotaExceeded:
        return replace(await reserve_user_tokens(viewer, today, one), looks_back=False)


async def reserve_user_tokens(viewer: User, today: date, wanted: int) -> Admission:
    """Reserve `wanted` tokens of the user's day for a call.

    Reserved tokens count as used until the call's usage is recorded, so concurrent calls cannot exceed the limit together, and a call that dies
    stays counted. Raises `ModelPaused`, `ChatQuotaExceeded`.
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
    """Return whether an account-wide provider error pauses the nightly jobs: a chat is still admitted, and its success ends the pause.

    Raises `ModelPaused` while an admin, or MODEL_ENABLED=false, has stopped all use of the model.
    """
    if not settings.current().model_enabled:
        raise ModelPaused(MODEL_SWITCHED_OFF)
    async with database.session() as session:
        kinds = {pause.kind for pause in await list_pauses(session)}
    if PauseKind.SWITCH in kinds:
        raise ModelPaused(MODEL_SWITCHED_OFF)
    return PauseKind.MODEL in kinds


def _seconds_until_tomorrow(viewer: User, today: date) -> float:
    begins = day_bounds(today + timedelta(days=1), viewer.time_zone, viewer.day_ends_at)[0]
    return max(1.0, (begins - datetime.now(timezone.utc)).total_seconds())
