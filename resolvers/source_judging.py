"""The user's verdicts on the sources of answers: each acts by the rules of the mutation for it, and the next prompt follows it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.profile_update import update_profile
from persistence import database
from persistence.database import Session
from persistence.models import Message
from persistence.models.enums import SourceVerdict, VerdictKind
from persistence.queries import chat_reads, chat_writes
from persistence.queries import source_verdicts as stored
from persistence.queries.day_locks import lock_diary
from persistence.queries.erasure import lock_erasures
from persistence.queries.profile_writes import lock_user
from persistence.queries.repetitions import clear_texts
from persistence.queries.source_verdicts import StoredVerdict
from resolvers import profile_verdicts
from resolvers.answer_sources import ACCOUNT, DAY, MESSAGE, STATUS_BY_VERDICT, SUMMARY, VALUE, SourceKey, read_sources
from resolvers.context import Context
from resolvers.diary_editing import MAX_LINES, hide_lines, show_lines
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

NOT_ALLOWED = InputRule.NOT_ALLOWED_HERE
UNDONE = "VERDICT_UNDONE"
"""Reason in the log of profile changes."""


@dataclass(frozen=True)
class JudgedAnswer:
    """The answer whose source was judged, and the number of values of the profile that changed."""

    message: Message
    changes: int = 0


@dataclass(frozen=True)
class _Effect:
    """The effect of a verdict besides its record: whether prompts leave the source out, and what has to be undone with it."""

    withheld: bool = False
    verdict_id: UUID | None = None
    line_ids: Sequence[UUID] = ()
    changes: int = 0


async def judge(context: Context, answer_id: UUID, key: SourceKey, verdict: SourceVerdict | None, line_ids: Sequence[UUID] | None = None) -> JudgedAnswer:
    """Give a verdict on a source of an answer, in place of an earlier one; None takes the earlier one back. `line_ids` limits WRONG to lines of a day,
    and adds them to those of an earlier such verdict.

    Raises `NotFound`, `InvalidInput`, `StorageExceeded`, and `Conflict` for a source that was deleted since.
    """
    viewer = await context.require_viewer()
    _check(key, verdict, line_ids)
    async with database.transaction() as session:
        await lock_erasures(session, viewer.id)
        message = await chat_reads.find_message(session, viewer.id, answer_id)
        sources = None if message is None else read_sources(message.sources)
        if message is None or sources is None or key not in sources.items():
            raise NotFound("source")
        if key.kind == SUMMARY:
            await _clear_summary(session, viewer, message.conversation_id)
            return JudgedAnswer(message)
        earlier = await stored.find_verdict(session, viewer.id, message.conversation_id, str(key))
        if earlier is not None and earlier.verdict is verdict and line_ids is None and await _has_effect(session, viewer, key, earlier):
            return JudgedAnswer(message)
        await stored.delete_verdict(session, viewer.id, message.conversation_id, str(key))
        hidden = earlier.line_ids if earlier is not None and earlier.verdict is verdict and line_ids is not None and not earlier.withheld else ()
        changes = 0 if earlier is None or hidden else await _undo(session, viewer, key, earlier)
        if verdict is not None:
            effect = await _take_effect(session, viewer, key, verdict, line_ids)
            where = message.conversation_id if verdict is SourceVerdict.NOT_NOW else None
            given = StoredVerdict(str(key), verdict, where, effect.withheld, effect.verdict_id, [*hidden, *effect.line_ids])
            await stored.store_verdicts(session, viewer.id, [given])
            changes += effect.changes
    return JudgedAnswer(message, changes)


def _check(key: SourceKey, verdict: SourceVerdict | None, line_ids: Sequence[UUID] | None) -> None:
    """Raise `InvalidInput` for a verdict that a source of this kind cannot have."""
    if key.kind == ACCOUNT:
        raise InvalidInput("id", "this is a field of your account: change it with accountUpdate", rule=NOT_ALLOWED)
    if key.kind == SUMMARY and verdict not in (SourceVerdict.WRONG, SourceVerdict.OUTDATED):
        raise InvalidInput("verdict", "a summary can be WRONG or OUTDATED, which has it written anew and cannot be taken back", rule=NOT_ALLOWED)
    if line_ids is not None and (key.kind != DAY or verdict is not SourceVerdict.WRONG):
        raise InvalidInput("lineIds", "send lineIds only with the verdict WRONG on a day", rule=NOT_ALLOWED)
    if line_ids is not None and not 0 < len(set(line_ids)) == len(line_ids) <= MAX_LINES:
        raise InvalidInput("lineIds", f"send 1 to {MAX_LINES} different ids, or no lineIds for all lines", rule=InputRule.TOO_MANY, bounds=(1, MAX_LINES))


async def _clear_summary(session: Session, viewer: AnyUser, conversation_id: UUID) -> None:
    """Remove the running summary, so that the next prompt has the messages, and a new summary is made of them."""
    await chat_writes.lock_conversation(session, viewer.id, conversation_id)
    await clear_texts(session, viewer.id, [(conversation_id, False, True)])


async def _take_effect(session: Session, viewer: AnyUser, key: SourceKey, verdict: SourceVerdict, line_ids: Sequence[UUID] | None) -> _Effect:
    if key.kind == VALUE:
        return await _judge_value(session, viewer, UUID(key.reference), verdict)
    if key.kind == MESSAGE and await chat_reads.find_message(session, viewer.id, UUID(key.reference)) is None:
        raise Conflict("the message was deleted since the answer was written", reason=ConflictReason.DELETED_MEANWHILE)
    if key.kind == DAY:
        return await _judge_day(session, viewer, date.fromisoformat(key.reference), verdict, line_ids)
    return _Effect(withheld=True)


async def _judge_value(session: Session, viewer: AnyUser, value_id: UUID, verdict: SourceVerdict) -> _Effect:
    if await profile_verdicts.find_status(session, viewer, value_id) is None:
        raise Conflict("the value was removed since the answer was written", reason=ConflictReason.DELETED_MEANWHILE)
    if verdict is SourceVerdict.NOT_NOW:
        return _Effect(withheld=True)
    kind, reason = _VERDICTS[verdict]
    judged = await profile_verdicts.give_verdict(session, viewer, value_id, kind, reason)
    return _Effect(withheld=True, verdict_id=judged.verdict_id, changes=judged.changes)


_VERDICTS = {
    SourceVerdict.WRONG: (VerdictKind.REJECT, profile_verdicts.REJECTED), SourceVerdict.OUTDATED: (VerdictKind.END, profile_verdicts.ENDED),
}


async def _judge_day(session: Session, viewer: AnyUser, day: date, verdict: SourceVerdict, line_ids: Sequence[UUID] | None) -> _Effect:
    if await lock_diary(session, viewer.id, day) is None:
        raise Conflict("the diary was deleted since the answer was written", reason=ConflictReason.DELETED_MEANWHILE)
    hidden = await hide_lines(session, viewer, day, line_ids) if verdict is SourceVerdict.WRONG else ()
    return _Effect(withheld=line_ids is None, line_ids=hidden)


async def _has_effect(session: Session, viewer: AnyUser, key: SourceKey, earlier: StoredVerdict) -> bool:
    """Return whether giving an earlier verdict again would change nothing."""
    if key.kind != VALUE or earlier.verdict not in STATUS_BY_VERDICT:
        return earlier.withheld
    return await profile_verdicts.find_status(session, viewer, UUID(key.reference)) == STATUS_BY_VERDICT[earlier.verdict]


async def _undo(session: Session, viewer: AnyUser, key: SourceKey, earlier: StoredVerdict) -> int:
    """Take back the effect of an earlier verdict, and return the number of changed values of the profile."""
    if earlier.line_ids:
        await show_lines(session, viewer, date.fromisoformat(key.reference), earlier.line_ids)
    if earlier.verdict_id is None:
        return 0
    await lock_user(session, viewer.id)
    await stored.delete_profile_verdict(session, viewer.id, earlier.verdict_id)
    return (await update_profile(session, viewer.id, reason=UNDONE)).changes
