"""Storage of an exchange's outcome in one short transaction: its answer or failure, and the usage of its calls."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from uuid import UUID

from jobs.rules.text.sentences import sentences
from llm.chat import PROMPT_VERSION
from llm.messages import Completion
from llm.usage import Usage
from persistence import database
from persistence.database import Session
from persistence.ids import uuid7, uuid7_time
from persistence.models import Conversation, Message
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.enums import CutOff
from persistence.queries import chat_writes as writing
from persistence.queries.disputes import release_dispute
from persistence.queries.usage import record_usage
from resolvers import storage_quota
from resolvers.chat.disputes import DisputePrompt
from resolvers.chat.exchange import Exchange
from resolvers.chat.questions import StoredQuestion
from resolvers.chat.quota import ChatQuotaExceeded
from resolvers.chat.side_tasks import SideTaskResult
from resolvers.display_names import without_hidden
from resolvers.errors import Conflict

LONGEST_TITLE = 40
"""Characters of a title that is made without a model, including the ellipsis."""

_BEHIND = timedelta(milliseconds=1)
_END_MARKS = " .。．;；,，"


@dataclass(frozen=True)
class SummarySource:
    """The messages that a running summary covers, and when they were read."""

    covers: Sequence[UUID]
    read_at: datetime


async def store_answer(asked: StoredQuestion, completion: Completion, made: Sequence[SideTaskResult], condensing: SummarySource, reserved: int = 0) -> Exchange:
    """Store an answer with its title, summary and usage.

    Raises `Conflict` when the question was deleted or taken over by another call meanwhile: the answer is not stored, but its usage is.
    """
    now = datetime.now(timezone.utc)
    async with database.transaction() as session:
        conversation = await writing.update_conversation(session, asked.question.user_id, asked.conversation.id, last_message_at=now)
        question = await _release_lease(session, asked, MessageStatus.COMPLETE)
        exchange = None
        if question is not None and conversation is not None:
            answer = await _store(session, asked, question, completion, now)
            exchange = Exchange(question, answer, await _store_made(session, asked, conversation, made, condensing))
        await _count(session, asked, Purpose.CHAT, completion.usage, reserved=reserved)
        await _count_made(session, asked, made)
    if exchange is None:
        raise Conflict("the message was deleted or regenerated while it was being answered; this answer was not stored")
    return exchange


async def store_failure(
    asked: StoredQuestion, code: str, usage: Usage | None, made: Sequence[SideTaskResult], reserved: int = 0, offered: DisputePrompt | None = None
) -> Message:
    """Store a failure and return the question: FAILED, or as before when it has an answer.

    `usage` is None when no model was called. A dispute that this call `offered` for the first time is released, so that a later call may ask
    about it.
    """
    answered = asked.answer is not None
    async with database.transaction() as session:
        question = await _release_lease(session, asked, MessageStatus.COMPLETE if answered else MessageStatus.FAILED, None if answered else code)
        if offered is not None and offered.first_time:
            await release_dispute(session, asked.question.user_id, offered.dispute.fingerprint, asked.question.id)
        if code == ChatQuotaExceeded.code and asked.revision is not None:
            await writing.uncount_day(session, asked.question.user_id, asked.question.day, asked.revision)
        if usage is not None:
            await _count(session, asked, Purpose.CHAT, usage, failed=True, reserved=reserved)
        await _count_made(session, asked, made)
    return question or asked.question


async def _release_lease(session: Session, asked: StoredQuestion, status: MessageStatus, error_code: str | None = None) -> Message | None:
    return await writing.end_lease(session, asked.question.user_id, asked.question.id, asked.lease, status, error_code)


async def _store(session: Session, asked: StoredQuestion, question: Message, completion: Completion, now: datetime) -> Message:
    """Store the answer in place of the earlier one, or as a new message with the question's day, so that an exchange is not split between days."""
    said = {
        "content": completion.text, "model": completion.model, "prompt_version": PROMPT_VERSION, "latency_ms": completion.latency_ms,
        "input_tokens": completion.usage.input_tokens, "output_tokens": completion.usage.output_tokens,
        "tool_calls": completion.tools_used, "cut_off": completion.cut_off and CutOff(completion.cut_off),
    }
    if asked.answer is not None:
        stored = await writing.update_message(session, question.user_id, asked.answer.id, **said, rating=None, edited_at=now)
        if stored is not None:
            return stored
    stored = await writing.insert_message(
        session, storage_quota.size(completion.text), user_id=question.user_id, id=_answer_id(asked), conversation_id=question.conversation_id,
        role=MessageRole.ASSISTANT,
        status=MessageStatus.COMPLETE, day=question.day, time_zone=question.time_zone, reply_to=question.id, copied=question.copied,
        created_at=now, **said)
    assert stored is not None, "an answer has no idempotency key, so the insert cannot conflict"
    return stored


def _answer_id(asked: StoredQuestion) -> UUID:
    return uuid7(uuid7_time(asked.question.id) + _BEHIND) if asked.is_regeneration else uuid7()


async def _store_made(
    session: Session, asked: StoredQuestion, conversation: Conversation, made: Sequence[SideTaskResult], condensing: SummarySource
) -> Conversation:
    texts = {item.purpose: item.text for item in made if item.text}
    user_id = asked.question.user_id
    if conversation.title is None:
        await writing.set_generated_title(session, user_id, conversation.id, _title(texts.get(Purpose.TITLE), asked.question.content))
    if Purpose.SUMMARY in texts:
        await writing.set_running_summary(
            session, user_id, conversation.id, texts[Purpose.SUMMARY], replaces=asked.conversation.summary_through_message_id,
            covers=condensing.covers, read_at=condensing.read_at)
    await session.refresh(conversation)
    return conversation


def _title(made: str | None, question: str) -> str:
    """Return a title without the invisible characters that the user's text may contain."""
    return without_hidden(made or title_of(question)).strip() or "…"


def title_of(question: str) -> str:
    """Return a title without a model: the first sentence of the question, cut between words where the script has spaces. The result is never empty."""
    first = next((sentence.text for sentence in sentences(question)), question)
    line = " ".join(first.split()).rstrip(_END_MARKS) or " ".join(question.split())
    if len(line) <= LONGEST_TITLE:
        return line
    head = line[: LONGEST_TITLE - 1]
    if line[LONGEST_TITLE - 1] != " " and " " in head[LONGEST_TITLE // 2 :]:
        head = head.rpartition(" ")[0]
    return head.rstrip(_END_MARKS) + "…"


async def _count_made(session: Session, asked: StoredQuestion, made: Sequence[SideTaskResult]) -> None:
    for item in sorted(made, key=lambda item: item.purpose.value):
        await _count(session, asked, item.purpose, item.usage, failed=item.text is None)


async def _count(session: Session, asked: StoredQuestion, purpose: Purpose, usage: Usage, *, failed: bool = False, reserved: int = 0) -> None:
    await record_usage(session, asked.question.user_id, asked.today, purpose, usage, failed=failed, reserved=reserved)
