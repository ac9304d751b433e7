"""Queries of conversations and messages for their user, and of the messages, values and summaries that the prompt includes."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, column, exists, func, literal, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from persistence.bulk import any_of
from persistence.models import Conversation, Diary, DiaryVersion, Message, ProfileValue
from persistence.models.profile import ValueStatus
from persistence.queries.chat_import import ImportCounts, ImportedMessage, import_messages
from persistence.queries.execution_options import FRESH

__all__ = [
    "ConversationCursor", "ImportCounts", "ImportedMessage", "MessagePage", "count_conversations", "find_answer", "find_by_idempotency_key",
    "find_conversation", "find_message", "import_messages", "list_answer_ids", "list_conversations", "list_history", "list_last_summaries",
    "list_messages_up_to", "list_prompt_values", "load_answers", "load_conversations", "load_message_counts", "load_message_pages", "load_messages",
]


ConversationCursor = tuple[datetime, UUID]
"""A conversation's position in its list: the last message's time, then the id."""


_NO_ONE = UUID(int=0)


class MessagePage(NamedTuple):
    """A page of a conversation's messages: at most `limit` messages after the id `after`, oldest first, or newest first and before it if `newest_first`."""

    conversation_id: UUID
    after: UUID | None
    limit: int
    newest_first: bool


async def find_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> Conversation | None:
    return await session.scalar(select(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id), execution_options=FRESH)


async def find_message(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message | None:
    return await session.scalar(select(Message).where(Message.user_id == user_id, Message.id == message_id), execution_options=FRESH)


async def find_by_idempotency_key(session: AsyncSession, user_id: UUID, idempotency_key: str) -> Message | None:
    return await session.scalar(select(Message).where(Message.user_id == user_id, Message.idempotency_key == idempotency_key))


async def find_answer(session: AsyncSession, user_id: UUID, question_id: UUID) -> Message | None:
    """Return the newest answer, since an imported question may have several."""
    return (await load_answers(session, user_id, [question_id])).get(question_id)


async def load_conversations(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Conversation]:
    found = await session.scalars(select(Conversation).where(Conversation.user_id == user_id, Conversation.id == any_of(ids)))
    return {conversation.id: conversation for conversation in found}


async def load_messages(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Message]:
    found = await session.scalars(select(Message).where(Message.user_id == user_id, Message.id == any_of(ids)))
    return {message.id: message for message in found}


async def load_answers(session: AsyncSession, user_id: UUID, question_ids: Sequence[UUID]) -> Mapping[UUID, Message]:
    """Return the newest answer of each question, by question id."""
    found = await session.scalars(select(Message).where(Message.user_id == user_id, Message.reply_to == any_of(question_ids)).order_by(Message.id))
    return {message.reply_to: message for message in found if message.reply_to}


async def list_answer_ids(session: AsyncSession, user_id: UUID, question_id: UUID) -> Sequence[UUID]:
    return (await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.reply_to == question_id).order_by(Message.id))).all()


async def list_conversations(
    session: AsyncSession, user_id: UUID, *, archived: bool, words: Sequence[str], after: ConversationCursor | None, limit: int
) -> Sequence[Conversation]:
    """Return conversations, the most recently active first, whose title or messages contain each of `words`."""
    place = tuple_(Conversation.last_message_at, Conversation.id)
    statement = _conversations(select(Conversation), user_id, archived, words).limit(limit)
    statement = statement.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    return (await session.scalars(statement if after is None else statement.where(place < after))).all()


async def count_conversations(session: AsyncSession, user_id: UUID, *, archived: bool, words: Sequence[str]) -> int:
    return await session.scalar(_conversations(select(func.count()).select_from(Conversation), user_id, archived, words)) or 0


async def load_message_pages(session: AsyncSession, user_id: UUID, pages: Sequence[MessagePage]) -> Mapping[MessagePage, Sequence[Message]]:
    """Load the pages, with one statement for all pages that differ only in their conversation."""
    alike: dict[MessagePage, list[UUID]] = {}
    for page in pages:
        alike.setdefault(page._replace(conversation_id=_NO_ONE), []).append(page.conversation_id)
    found: dict[MessagePage, list[Message]] = {}
    for kind, conversations in alike.items():
        for message in await session.scalars(_pages(user_id, kind, conversations)):
            found.setdefault(kind._replace(conversation_id=message.conversation_id), []).append(message)
    return found


def _pages(user_id: UUID, kind: MessagePage, conversations: Sequence[UUID]) -> Select[Any]:
    wanted = func.unnest(literal(list(conversations), ARRAY(Uuid))).table_valued(column("id", Uuid())).render_derived("wanted")
    order = Message.id.desc() if kind.newest_first else Message.id
    page = select(Message).where(Message.user_id == user_id, Message.conversation_id == wanted.c.id)
    if kind.after is not None:
        page = page.where(Message.id < kind.after if kind.newest_first else Message.id > kind.after)
    rows = aliased(Message, page.order_by(order).limit(kind.limit).lateral("page"))
    return select(rows).select_from(wanted).join(rows, true()).order_by(rows.id.desc() if kind.newest_first else rows.id)


async def load_message_counts(session: AsyncSession, user_id: UUID, conversations: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return the number of messages by conversation, without conversations that have none."""
    mine = (Message.user_id == user_id, Message.conversation_id == any_of(conversations))
    rows = await session.execute(select(Message.conversation_id, func.count()).where(*mine).group_by(Message.conversation_id))
    return {row[0]: row[1] for row in rows}


async def list_messages_up_to(session: AsyncSession, user_id: UUID, conversation_id: UUID, through: UUID, *, limit: int) -> Sequence[Message]:
    """Return the first messages of a conversation up to and including the message `through`, in order."""
    statement = select(Message).where(Message.user_id == user_id, Message.conversation_id == conversation_id, Message.id <= through)
    return (await session.scalars(statement.order_by(Message.id).limit(limit))).all()


async def list_history(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, *, after: UUID | None, through: UUID, limit: int
) -> Sequence[Message]:
    """Return the newest messages of a conversation after `after`, up to and including `through`. Callers must not rely on their order."""
    statement = select(Message).where(Message.user_id == user_id, Message.conversation_id == conversation_id, Message.id <= through)
    if after is not None:
        statement = statement.where(Message.id > after)
    return (await session.scalars(statement.order_by(Message.id.desc()).limit(limit))).all()


async def list_prompt_values(session: AsyncSession, user_id: UUID) -> Sequence[ProfileValue]:
    """Return the ACTIVE and the DISPUTED values of the profile."""
    told = ProfileValue.status.in_((ValueStatus.ACTIVE, ValueStatus.DISPUTED))
    return (await session.scalars(select(ProfileValue).where(ProfileValue.user_id == user_id, told))).all()


async def list_last_summaries(session: AsyncSession, user_id: UUID, limit: int) -> Sequence[tuple[Diary, str]]:
    """Return the newest diaries with the summaries of their current versions, newest first, without empty summaries."""
    present = and_(DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version)
    statement = select(Diary, DiaryVersion.summary).join(DiaryVersion, present).where(Diary.user_id == user_id, DiaryVersion.summary != "")
    found = await session.execute(statement.order_by(Diary.day.desc()).limit(limit))
    return [(diary, summary) for diary, summary in found]


def _conversations(statement: Select[Any], user_id: UUID, archived: bool, words: Sequence[str]) -> Select[Any]:
    of_conversation = and_(Message.user_id == user_id, Message.conversation_id == Conversation.id)
    matching = [or_(Conversation.title.icontains(word, autoescape=True), exists().where(of_conversation, _holds(word))) for word in words]
    return statement.where(Conversation.user_id == user_id, Conversation.archived.is_(archived), *matching)


def _holds(word: str) -> ColumnElement[bool]:
    """Match the word in a message's text; case is ignored, and % and _ have no special meaning."""
    return Message.content.icontains(word, autoescape=True)
