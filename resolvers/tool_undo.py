"""The undo of what an answer's tool call changed in the profile: its verdict is deleted, and the profile computed anew.

The message with a wish to remember that is undone is no evidence for the value any more, as after a REJECT. Where an earlier verdict decides the value, the
REJECT has no text and hides nothing.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from jobs.profile_update import update_profile
from llm.tools import CHANGING, REMEMBER
from persistence import database
from persistence.database import Session
from persistence.models import Message
from persistence.models.enums import ToolOutcome, ValueStatus
from persistence.models.profile import VerdictKind
from persistence.queries import chat_reads, source_verdicts, verdicts
from persistence.queries import profile_writes as stored
from persistence.queries.chat_writes import update_message
from persistence.queries.erasure import lock_erasures
from resolvers.answer_sources import read_sources
from resolvers.context import Context
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound
from resolvers.source_judging import UNDONE


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
        if call.tool not in CHANGING or call.outcome is not ToolOutcome.DONE or call.verdict is None:
            raise InvalidInput("index", "this tool call changed nothing, so there is nothing to undo", rule=InputRule.NOT_ALLOWED_HERE)
        if call.undone:
            return UndoneCall(message)
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
        sources.calls[index] = replace(call, undone=True)
        changed = await update_message(session, viewer.id, answer_id, sources=sources.to_json())
        if message.reply_to is not None:
            await _mark_others(session, viewer.id, message, call.verdict)
        return UndoneCall(changed or message, changes)


async def _mark_others(session: Session, user_id: UUID, answer: Message, verdict_id: UUID) -> None:
    """Mark the calls of the other answers to the same question that name the verdict: an undo happens once."""
    assert answer.reply_to is not None
    for other in await chat_reads.list_answers(session, user_id, answer.reply_to):
        sources = read_sources(other.sources)
        if other.id == answer.id or sources is None or not any(call.verdict == verdict_id for call in sources.calls):
            continue
        sources.calls = [replace(call, undone=True) if call.verdict == verdict_id else call for call in sources.calls]
        await update_message(session, user_id, other.id, sources=sources.to_json())


async def take_back(user_id: UUID, made: Sequence[UUID]) -> None:
    """Delete verdicts that tool calls of an answer gave which is not stored."""
    async with database.transaction() as session:
        await lock_erasures(session, user_id)
        await stored.lock_user(session, user_id)
        for verdict_id in made:
            await source_verdicts.delete_profile_verdict(session, user_id, verdict_id)
        await update_profile(session, user_id, reason=UNDONE)
