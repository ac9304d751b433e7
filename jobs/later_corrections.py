"""Corrections of messages of earlier days: what the corrected words supported is contradicted by a signal that quotes the correction.

The value that the correction names instead is learned if the earlier message, as corrected, says it: "I live in Bergen" and "No, I meant Oslo".
Corrections of the same day are part of the draft check, because there nothing has been stored yet.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.user_slots import Slots
from persistence.database import Session
from persistence.models.chat import MessageRole
from persistence.models.diary import Polarity, StatementRelation
from persistence.queries.corrections import EarlierMessage, QuotedValue, find_message_before, list_quoted_values
from persistence.queries.diary_writes import StoredQuote, StoredSignal
from persistence.queries.job_inputs import LearnableMessage

if TYPE_CHECKING:
    from jobs.rules.claims.corrections import Correction


async def load_corrected_values(session: Session, user_id: UUID, messages: Sequence[LearnableMessage], slots: Slots) -> list[StoredSignal]:
    """Return a signal against each value that is supported by words of an earlier day which one of the day's messages corrects, and one for each corrected
    value.

    Only the first message of a conversation's or branch's day can correct the day before. Without a correction, no statement is executed.
    """
    from jobs.rules.claims.corrections import CorrectedWords, find_correction, is_corrected, passages_of  # a large table

    signals: dict[tuple[str, str, bool], StoredSignal] = {}
    own = [message for message in messages if message.role is MessageRole.USER]
    first_of = {message.thread_id: message for message in reversed(own)}
    for message in first_of.values():
        correction = find_correction(message.content)
        before = await find_message_before(session, user_id, message.conversation_id, message.branch_id, message.id) if correction else None
        if correction is None or before is None:
            continue
        passages = [CorrectedWords(*passage, message.id) for passage in passages_of(correction, before.content)]
        for found in await list_quoted_values(session, user_id, before.id) if passages else ():
            if not is_corrected(found.value, found.cited_start, found.cited_end, before.content, passages):
                continue
            signals.setdefault((found.slot, found.value_key, False), _against(found, message))
            if (right := _set_right(found, correction, before, message, slots)) is not None:
                signals.setdefault((right.slot, right.value_key, True), right)
    return list(signals.values())


def _against(found: QuotedValue, message: LearnableMessage) -> StoredSignal:
    """Return a signal against the value, or against its negation: the user neither likes nor dislikes what they named by mistake."""
    polarity = Polarity.NEGATIVE if found.polarity is Polarity.POSITIVE else Polarity.POSITIVE
    return StoredSignal(found.slot, found.value, found.value_key, polarity, 1.0, True, (_quote(message, StatementRelation.CORRECTED),))


def _quote(message: LearnableMessage, relation: StatementRelation | None) -> StoredQuote:
    from jobs.rules.claims.whole_statements import sentence_spans

    start, end = next(sentence_spans(message.content))
    return StoredQuote(message.id, message.content[start:end], start, message.day, message.created_at, relation=relation)


def _set_right(found: QuotedValue, correction: Correction, before: EarlierMessage, message: LearnableMessage, slots: Slots) -> StoredSignal | None:
    """Return a signal for the value in place of the corrected one, if the earlier message as corrected says it; None if not."""
    from jobs.rules.claims.restated_values import restated_value
    from jobs.rules.slots import value_key

    positive = found.polarity is Polarity.POSITIVE
    if found.slot not in slots:
        return None
    right = restated_value(slots[found.slot], found.value, positive, correction, before.content, message.content, before.day)
    if right is None:
        return None
    quote = replace(_quote(message, right.relation and StatementRelation(right.relation)), since=right.since, until=right.until, condition=right.condition)
    return StoredSignal(found.slot, right.value, value_key(right.value), found.polarity, 1.0, True, (quote,))
