"""Queries of conversations and messages for their user, besides those of the message path (exchange_opening.py) and of pages (chat_pages.py)."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import Conversation, Message
from persistence.models.enums import MessageRole
from persistence.queries.chat_import import ImportCounts, ImportedMessage, import_messages
from persistence.queries.execution_options import FRESH

__all__ = [
    "ImportCounts", "ImportedMessage", "find_conversation", "find_last_original", "find_message", "import_messages", "list_answer_ids", "list_answers",
    "list_messages_up_to", "load_message_counts",
]

async def find_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> Conversation | None:
    return await session.scalar(select(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id), execution_options=FRESH)


async def find_message(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message | None:
    return await session.scalar(select(Message).where(Message.user_id == user_id, Message.id == message_id), execution_options=FRESH)


async def list_answer_ids(session: AsyncSession, user_id: UUID, question_id: UUID) -> Sequence[UUID]:
    return (await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.reply_to == question_id).order_by(Message.id))).all()


async def list_answers(session: AsyncSession, user_id: UUID, question_id: UUID) -> Sequence[Message]:
    """Return all answers to a question, on the current path or not."""
    return (await session.scalars(select(Message).where(Message.user_id == user_id, Message.reply_to == question_id), execution_options=FRESH)).all()


async def load_message_counts(session: AsyncSession, user_id: UUID, conversations: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return the number of messages on the current path by conversation, without conversations that have none."""
    mine = (Message.user_id == user_id, Message.conversation_id == any_of(conversations), Message.off_path.is_(False))
    rows = await session.execute(select(Message.conversation_id, func.count()).where(*mine).group_by(Message.conversation_id))
    return {row[0]: row[1] for row in rows}


async def find_last_original(session: AsyncSession, user_id: UUID, fork_id: UUID) -> UUID | None:
    """Return the message of which the last copy in a fork was made; None if the conversation has no copies."""
    copies = select(Message.copy_of).where(Message.user_id == user_id, Message.conversation_id == fork_id, Message.copied)
    return await session.scalar(copies.order_by(Message.id.desc()).limit(1))


async def list_own_texts(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> Sequence[str]:
    """Return the texts of the user's messages of a conversation, those of all its branches."""
    own = (Message.user_id == user_id, Message.conversation_id == conversation_id, Message.role == MessageRole.USER)
    return (await session.scalars(select(Message.content).where(*own))).all()


async def list_messages_up_to(session: AsyncSession, user_id: UUID, conversation_id: UUID, through: UUID, *, limit: int) -> Sequence[Message]:
    """Return the first messages of a conversation's current path up to and including the message `through`, in order."""
    statement = select(Message).where(Message.user_id == user_id, Message.conversation_id == conversation_id, Message.id <= through)
    return (await session.scalars(statement.where(Message.off_path.is_(False)).order_by(Message.id).limit(limit))).all()
