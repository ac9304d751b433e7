"""The undo of what an answer's tool call changed in the profile: its verdict is deleted, and the profile computed anew. Messages that it kept out of
diary and profile are learned from again.

The message with a wish to remember that is undone is no evidence for the value any more, as after a REJECT. Where an earlier verdict decides the value, the
REJECT has no text and hides nothing.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.profile_update import update_profile
from llm.tools import CHANGING, REMEMBER
from persistence import database
from persistence.database import Session
from persistence.models import Message
from persistence.models.enums import Learning, ToolOutcome, ValueStatus
from persistence.models.profile import VerdictKind
from persistence.queries import chat_reads, source_verdicts, verdicts
from persistence.queries import profile_writes as stored
from persistence.queries.chat_writes import update_message
from persistence.queries.erasure import lock_erasures
from resolvers import memory_settings
from resolvers.answer_sources import Sources, ToolCall, read_sources
from resolvers.context import Context
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound
from resolvers.source_judging import UNDONE

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


@dataclass(frozen=True)
class UndoneCall:
    """The answer whose tool call was undone, and the number of values of the profile that changed."""

    message: Message
    changes: int = 0


async def undo(context: Context, answer_id: UUID, index: int) -> UndoneCall:
    """Undo the tool call with this place among those of an answer; one that was undone already stays so, below whichever answer to the question.

    Raises `NotFound`; `InvalidInput` for a call that changed nothing; `Conflict` if the value changed since.
    """
    viewer = await context.require_viewer()
    async with database.transaction() as session:
        await lock_erasures(session, viewer.id)
        await stored.lock_user(session, viewer.id)
        message = await chat_reads.find_message(session, viewer.id, answer_id)
        sources = None if message is None else read_sources(message.sources)
        if message is None or sources is None:
            raise NotFound("message")
        if not 0 <= index < len(sources.calls):
            raise InvalidInput("index", "the answer has no tool call with this index: send one of `toolCalls`", rule=InputRule.OUT_OF_RANGE,
                bounds=(0, max(0, len(sources.calls) - 1)))
        call = sources.calls[index]
        if call.tool not in CHANGING or call.outcome is not ToolOutcome.DONE or (call.verdict is None and not call.kept_out):
            raise InvalidInput("index", "this tool call changed nothing, so there is nothing to undo", rule=InputRule.NOT_ALLOWED_HERE)
        if call.undone:
            return UndoneCall(message)
        if call.verdict is None:
            return UndoneCall(await _readmit(session, viewer, message, sources, index))
        given = await stored.list_verdicts(session, viewer.id)
        own = next((verdict for verdict in given if verdict.id == call.verdict), None)
        value = None if call.value is None else await verdicts.find_value(session, viewer.id, call.value)
        wanted = (ValueStatus.ACTIVE, ValueStatus.DISPUTED) if call.tool == REMEMBER else (ValueStatus.REJECTED,)
        later = own is not None and any(
            other.id > own.id and (not other.slot or (other.value and (other.slot, other.value_key) == (own.slot, own.value_key))) for other in given)
        if own is None or value is None or value.status not in wanted or later:
            raise Conflict(
                "the value was changed or removed since: change it with profileValueSet, profileValueLock or profileValueReject",
                reason=ConflictReason.CHANGED_MEANWHILE)
        await source_verdicts.delete_profile_verdict(session, viewer.id, own.id)
        if call.tool == REMEMBER:  # the wish is no evidence any more; what an earlier verdict decided stays as it was
            earlier = (other.kind for other in given if other.id != own.id and (other.slot, other.value_key) == (own.slot, own.value_key))
            text = own.value if all(kind is VerdictKind.REJECT for kind in earlier) else ""
            await verdicts.save_verdict(
                session, viewer.id, VerdictKind.REJECT, own.slot, text, own.value_key, evidence=list(own.evidence), polarity=own.polarity if text else None)
        changes = (await update_profile(session, viewer.id, reason=UNDONE)).changes
        return UndoneCall(await _mark(session, viewer.id, message, sources, index), changes)


async def _readmit(session: Session, viewer: AnyUser, answer: Message, sources: Sources, index: int) -> Message:
    """Have the messages that a call kept out be learned from again, and return the answer. Raises `Conflict` if all were deleted."""
    if not await memory_settings.include_in_memory(session, viewer, sources.calls[index].kept_out):
        raise Conflict(
            "the messages were deleted since, so there is nothing to undo: say it again", reason=ConflictReason.CHANGED_MEANWHILE)
    return await _mark(session, viewer.id, answer, sources, index)


async def _mark(session: Session, user_id: UUID, answer: Message, sources: Sources, index: int) -> Message:
    """Mark the call as undone, and those of the other answers to the same question that made the same change: an undo happens once. Return the answer."""
    call = sources.calls[index]
    sources.calls[index] = replace(call, undone=True)
    changed = await update_message(session, user_id, answer.id, sources=sources.to_json())
    for other in await chat_reads.list_answers(session, user_id, answer.reply_to) if answer.reply_to is not None else ():
        found = read_sources(other.sources)
        if other.id == answer.id or found is None or not any(_is_same(known, call) for known in found.calls):
            continue
        found.calls = [replace(known, undone=True) if _is_same(known, call) else known for known in found.calls]
        await update_message(session, user_id, other.id, sources=found.to_json())
    return changed or answer


def _is_same(one: ToolCall, other: ToolCall) -> bool:
    """Return whether two calls made the same change."""
    return one.tool == other.tool and (one.verdict, one.kept_out) == (other.verdict, other.kept_out)


async def undo_changes(user_id: UUID, made: Sequence[UUID], kept_out: Mapping[UUID, Learning]) -> None:
    """Delete verdicts that tool calls of an answer gave which is not stored, and have the messages that they kept out be learned from again."""
    async with database.transaction() as session:
        await lock_erasures(session, user_id)
        user = await stored.lock_user(session, user_id)
        for verdict_id in made:
            await source_verdicts.delete_profile_verdict(session, user_id, verdict_id)
        if made:
            await update_profile(session, user_id, reason=UNDONE)
        if kept_out and user is not None:
            await memory_settings.include_in_memory(session, user, kept_out)
