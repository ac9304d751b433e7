"""Use case in which a user has the model write a day's diary again."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from jobs import diary_generation
from jobs.diary_generation import Day, GeneratedEntry
from jobs.memory_policy import lock_policies, policy_of
from jobs.model_limiter import ITEM_TOKENS
from jobs.profile_update import update_profile
from jobs.token_estimates import estimate_check
from llm import tokens
from llm.call_log import name_caller
from llm.errors import ModelError, ModelTimeout
from llm.usage import Usage
from persistence import database
from persistence.database import Session
from persistence.models.account import Purpose
from persistence.queries import diary_edits as editing
from persistence.queries import diary_reads as reading
from persistence.queries.day_locks import lock_diary
from persistence.queries.diary_reads import EntryRow as ReadEntry
from persistence.queries.diary_writes import mark_days_written
from persistence.queries.usage import record_usage
from resolvers.chat.exchange import describe_failure
from resolvers.chat.questions import model_timeout
from resolvers.chat.quota import reserve_user_tokens
from resolvers.context import Context
from resolvers.diary import today
from resolvers.errors import Conflict, ConflictReason, MemoryOff, NotFound, Refusal
from resolvers.model_refusals import end_pause, record_refusal

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

REWRITTEN = "DIARY_REWRITTEN"
"""The reason in the log of profile changes."""
MIN_SECONDS = 3.0
"""Minimum seconds for a model call: with less time, the call would be billed but end without an answer."""


class RewriteFailed(Refusal):
    """Raised when the model returned no diary; the stored one stays unchanged. `code` is one of the MODEL_… codes, `retry_after` is in seconds."""

    def __init__(self, error: ModelError, why: str | None = None) -> None:
        super().__init__(f"{why or error.summary.partition(':')[0]}; the diary was not changed: try again later")
        self.code = error.code
        self.retry_after = error.retry_after


async def rewrite(context: Context, diary: UUID | date) -> ReadEntry:
    """Generate the day's diary again from its messages, as the nightly job does, and keep the user's edits.

    This also restores a deleted diary and creates one for a day that is not over. The tokens count against the user's limit of today, as
    chats do. Raises `NotFound` for a day on which the user wrote nothing, `RewriteFailed`, `Conflict` when the day changed meanwhile, and `MemoryOff`
    while the diary is switched off.
    """
    viewer = await context.require_viewer()
    if not policy_of(viewer).diary:
        raise MemoryOff("the diary is switched off, so no day is written: switch it on with `memoryUpdate` first")
    period = diary if isinstance(diary, date) else await _day_of(viewer.id, diary)
    day = await diary_generation.load_day(viewer.id, period, include_deleted=True)
    if day is None or not day.has_user_messages:
        raise NotFound("diary")
    name_caller(user_id=viewer.id)
    spending = _TokenReservation(viewer, today(viewer))
    await spending.begin(day)
    seconds = model_timeout(context.deadline)
    try:
        if seconds < MIN_SECONDS:
            raise ModelTimeout
        written = await diary_generation.generate_entry(period, day, run_id=None, timeout=seconds)
    except ModelError as error:
        async with database.transaction() as session:
            await spending.end(session, error.usage, failed=True)
        await record_refusal(error)
        raise RewriteFailed(error) from error
    async with database.transaction() as session:
        await spending.end(session, written.usage, calls=min(written.calls, 1))
        entry = await _store_rewritten(session, viewer, period, day, written)
    if spending.paused:
        await end_pause()
    if entry is None:
        raise Conflict(
            "messages or diary of the day were changed during the rewrite; the diary was not changed: try again", reason=ConflictReason.CHANGED_MEANWHILE
        )
    return entry


@dataclass
class _TokenReservation:
    """The tokens that a rewrite reserves from the user's daily limit."""

    viewer: AnyUser
    today: date
    reserved: int = 0
    paused: bool = False

    async def begin(self, day: Day) -> None:
        """Reserve the tokens of a rewrite.

        Raises `RewriteFailed` while all use of the model is stopped or when the day's tokens are used up; no usage is recorded then,
        because no model was called.
        """
        try:
            need = ITEM_TOKENS + estimate_check() + sum(tokens.count(message.content) for message in day.messages)
            admission = await reserve_user_tokens(self.viewer, self.today, need)
        except ModelError as error:
            raise RewriteFailed(error, describe_failure(error.code)) from error
        self.reserved, self.paused = admission.reserved, admission.paused

    async def end(self, session: Session, usage: Usage, *, calls: int = 1, failed: bool = False) -> None:
        if calls:
            await record_usage(session, self.viewer.id, self.today, Purpose.DIARY, usage, failed=failed)
        if self.reserved:
            await record_usage(session, self.viewer.id, self.today, Purpose.CHAT, Usage.none(), calls=0, reserved=self.reserved)


async def _store_rewritten(session: Session, viewer: AnyUser, period: date, day: Day, written: GeneratedEntry) -> ReadEntry | None:
    """Store the new entry; return None and store nothing when the day has changed since it was read.

    When claims of the draft wait for their second reading, the nightly job generates the day again as soon as it is over.
    """
    if not await diary_generation.is_unchanged(session, viewer.id, period, day):
        return None
    policies = await lock_policies(session, [viewer.id])
    if viewer.id in policies and not policies[viewer.id].diary:
        return None
    await editing.undo_deletion(session, viewer.id, period)
    if await diary_generation.save(session, viewer.id, period, day, written.entry, policies):
        await update_profile(session, viewer.id, reason=REWRITTEN)
        await diary_generation.enqueue_week(session, day.user, period)
    if written.reading.error is None:
        await mark_days_written(session, [(viewer.id, period, day.revision)])
    else:
        await diary_generation.enqueue_day(session, day.user, period)
    locked = await lock_diary(session, viewer.id, period)
    assert locked is not None, "it was just stored"
    return (await reading.load_entries(session, viewer.id, [locked.id]))[locked.id]


async def _day_of(user_id: UUID, diary_id: UUID) -> date:
    async with database.session() as session:
        day = await editing.find_day(session, user_id, diary_id)
    if day is None:
        raise NotFound("diary")
    return day
