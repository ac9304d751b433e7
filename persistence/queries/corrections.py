"""Queries for corrections: the user's message before a correcting one, and the values that are supported by its text."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Diary, Message, Signal, SignalEvidence
from persistence.models.chat import MessageRole
from persistence.models.diary import Polarity, StatementRelation


class EarlierMessage(NamedTuple):
    id: UUID
    content: str
    day: date


class QuotedValue(NamedTuple):
    """A value, or the negation of one, with a quote that supports it: the cited part is the message's text from `cited_start` to `cited_end`."""

    slot: str
    value: str
    value_key: str
    polarity: Polarity
    cited_start: int
    cited_end: int


async def find_message_before(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, branch_id: UUID | None, message_id: UUID
) -> EarlierMessage | None:
    """Return the user's last message before this one in the same branch of the conversation, whatever its day; None if it is the first."""
    own = (Message.user_id == user_id, Message.conversation_id == conversation_id, Message.role == MessageRole.USER, Message.id < message_id)
    same = Message.branch_id.is_not_distinct_from(branch_id)
    statement = select(Message.id, Message.content, Message.day).where(*own, same, Message.copied.is_(False)).order_by(Message.id.desc()).limit(1)
    row = (await session.execute(statement)).one_or_none()
    return row and EarlierMessage(*row)


async def list_quoted_values(session: AsyncSession, user_id: UUID, message_id: UUID) -> Sequence[QuotedValue]:
    """Return the values that quotes of the message support, and the negations, in current versions of diaries and in weekly reviews."""
    denied = SignalEvidence.relation.in_((StatementRelation.DISLIKES, StatementRelation.IS_NOT))
    taken_back = SignalEvidence.relation.is_not_distinct_from(StatementRelation.CORRECTED)
    supported = or_(and_(Signal.polarity == Polarity.POSITIVE, not_(taken_back)), and_(Signal.polarity == Polarity.NEGATIVE, denied))
    cited_start = func.coalesce(SignalEvidence.cited_start, SignalEvidence.start)
    cited_end = func.coalesce(SignalEvidence.cited_end, SignalEvidence.start + func.length(SignalEvidence.quote))
    statement = (
        select(Signal.slot, Signal.value, Signal.value_key, Signal.polarity, cited_start, cited_end).distinct()
        .join(SignalEvidence, and_(SignalEvidence.user_id == Signal.user_id, SignalEvidence.signal_id == Signal.id))
        .outerjoin(Diary, and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id))
        .where(Signal.user_id == user_id, supported, SignalEvidence.message_id == message_id)
        .where((Diary.version == Signal.version) | Signal.week.is_not(None), SignalEvidence.withdrawn.is_(False))
        .order_by(Signal.slot, Signal.value_key, cited_start)
    )
    return [QuotedValue(*row) for row in await session.execute(statement)]
