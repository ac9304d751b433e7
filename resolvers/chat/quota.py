"""Admission of a user's model call: the model is not switched off, and the user's daily tokens are not used up."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import settings
from jobs.rules.day import day_bounds
from llm import tokens
from llm.chat import MAX_ANSWER_TOKENS, ComposedPrompt
from llm.errors import ModelError, ModelPaused
from persistence import database
from persistence.models.enums import PauseKind
from persistence.queries.model_pauses import MODEL_SWITCHED_OFF, list_pauses
from persistence.queries.token_quota import reserve_chat_tokens, reserve_tokens
from resolvers.account_limits import chat_limit

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


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

    viewer: AnyUser
    today: date
    reserved: int = 0
    paused: bool = False
    looks_back: bool = True

    async def permit(self, wanted: int) -> bool:
        """Reserve tokens for another round; return False where they would exceed the daily limit."""
        limit = chat_limit(self.viewer)
        if limit is None:
            return True
        async with database.connection() as connection:
            granted = await reserve_chat_tokens(connection, self.viewer.id, self.today, tokens=wanted, limit=limit)
        self.reserved += wanted if granted else 0
        return granted


async def reserve_for_chat(viewer: AnyUser, today: date, composition: ComposedPrompt, pauses: Collection[PauseKind]) -> Admission:
    """Reserve the tokens of a chat's calls: with tools if they fit, else without. Raises `ModelPaused`, `ChatQuotaExceeded`."""
    is_limited = chat_limit(viewer) is not None
    one = sum(tokens.count_message(message) for message in composition.messages) + MAX_ANSWER_TOKENS if is_limited else 0
    reserved = await _reserve(viewer, today, 2 * one, one, pauses)
    return Admission(viewer, today, reserved, PauseKind.MODEL in pauses, looks_back=reserved >= 2 * one)


async def reserve_user_tokens(viewer: AnyUser, today: date, wanted: int) -> Admission:
    """Reserve `wanted` tokens of the user's day for a call.

    Reserved tokens count as used until the call's usage is recorded, so concurrent calls cannot exceed the limit together, and a call that dies
    stays counted. Raises `ModelPaused`, `ChatQuotaExceeded`.
    """
    async with database.connection() as connection:
        pauses = {pause.kind for pause in await list_pauses(connection)}
    return Admission(viewer, today, await _reserve(viewer, today, wanted, wanted, pauses), PauseKind.MODEL in pauses)


async def _reserve(viewer: AnyUser, today: date, wanted: int, minimum: int, pauses: Collection[PauseKind]) -> int:
    """Reserve `wanted` tokens, or `minimum` if these are too many, and return the reserved tokens; 0 for a user without a limit.

    A chat is admitted while an account-wide provider error pauses the nightly jobs, and its success ends the pause. Raises `ModelPaused` while an
    admin, or MODEL_ENABLED=false, has stopped all use of the model; `ChatQuotaExceeded`.
    """
    if PauseKind.SWITCH in pauses or not settings.current().model_enabled:
        raise ModelPaused(MODEL_SWITCHED_OFF)
    limit = chat_limit(viewer)
    if limit is None:
        return 0
    async with database.connection() as connection:
        reserved = await reserve_tokens(connection, viewer.id, today, wanted=wanted, minimum=minimum, limit=limit)
    if not reserved:
        raise ChatQuotaExceeded(retry_after=_seconds_until_tomorrow(viewer, today))
    return reserved


def _seconds_until_tomorrow(viewer: AnyUser, today: date) -> float:
    begins = day_bounds(today + timedelta(days=1), viewer.time_zone, viewer.day_ends_at)[0]
    return max(1.0, (begins - datetime.now(timezone.utc)).total_seconds())
