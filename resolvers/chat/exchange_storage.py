"""Storage of an exchange's outcome in one statement: its answer or failure, and the usage of its calls."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import settings
from jobs.rules.text.sentences import sentences
from llm.chat import COMPANION_VERSION, PROMPT_VERSION, REPLIES_VERSION
from llm.messages import Completion
from llm.titles import shorten
from llm.usage import Usage
from persistence import database
from persistence.ids import uuid7, uuid7_time
from persistence.models.enums import CutOff, Purpose
from persistence.queries import exchange_closing as closing
from persistence.queries.exchange_closing import AccountDeleted, CallUsage, ErasedMeanwhile, Failure, Lease, NewAnswer, NewSummary
from persistence.queries.exchange_opening import find_by_id
from resolvers import storage_quota
from resolvers.answer_sources import Sources
from resolvers.chat.continuation import find_joint
from resolvers.chat.disputes import DisputePrompt
from resolvers.chat.exchange import Exchange
from resolvers.chat.questions import StoredQuestion
from resolvers.chat.quota import ChatQuotaExceeded
from resolvers.chat.side_tasks import SideTaskResult
from resolvers.display_names import without_hidden
from resolvers.errors import Conflict, ConflictReason

if TYPE_CHECKING:
    from jobs.rules.topics.topic_filter import TopicFilter
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser

MAX_TITLE_LENGTH = 40
"""Characters of a title that is made without a model, including the ellipsis."""

_BEHIND = timedelta(milliseconds=1)
_END_MARKS = " .。．;；,，"


async def store_answer(
    asked: StoredQuestion, completion: Completion, made: Sequence[SideTaskResult], condensed: Mapping[UUID, str], sources: Sources,
    reserved: int = 0, viewer: AnyUser | None = None, *, failed: str | None = None,
) -> Exchange:
    """Store an answer with its sources, title, summary and usage. `condensed` has the texts that the summary covers; `failed`: the error that ended the call.

    After an erasure of something that the prompt contained, it is stored without the sentences that repeat it, and without summary and suggested replies.
    Title and summary have nothing of the topics that the `viewer` wants never to be kept.

    The answer becomes the chosen one; earlier ones stay beside it. It has the question's day, so that an exchange is not split
    between days. Raises `Conflict` when the question was deleted or taken over by another call meanwhile: the answer is not stored, but its usage is; and
    when the account was deleted.
    """
    texts = {item.purpose: item.text for item in made if item.text}
    topics = None if viewer is None else _topics_of(viewer)
    title = _title(texts.get(Purpose.TITLE), asked.question.content, topics, "" if viewer is None else viewer.locale)
    summary = _summary(asked, texts.get(Purpose.SUMMARY), condensed, topics)
    usages = [CallUsage(Purpose.CHAT, completion.usage, failed=failed is not None), *_usages(made)]
    with conflict_for_deleted_account():
        try:
            async with database.connection() as connection:
                stored = await closing.close_with_answer(
                    connection, _lease(asked), _to_answer(asked, completion, sources, failed), title, summary, usages, reserved, asked.inputs.erasures)
        except ErasedMeanwhile:
            from resolvers.chat.erased_sources import store_without_erased  # an erasure rarely happens during an answer

            unsuggested = _to_answer(asked, replace(completion, suggested_replies=()), sources, failed)
            titles = title, _title(None, asked.question.content, topics, "" if viewer is None else viewer.locale)
            stored = await store_without_erased(
                asked, sources, titles, lambda session, title, erasures: closing.close_with_answer(
                    session, _lease(asked), unsuggested, title, None, usages, reserved, erasures), [] if viewer is None else [viewer.nickname])
    if stored is None:
        raise Conflict(
            "the message was deleted or regenerated while it was being answered; this answer was not stored", reason=ConflictReason.DELETED_MEANWHILE
        )
    return Exchange(*stored)


async def store_failure(
    asked: StoredQuestion, code: str, usage: Usage | None, made: Sequence[SideTaskResult], reserved: int = 0, offered: DisputePrompt | None = None
) -> MessageRow:
    """Store a failure and return the question: FAILED, or as before when it has an answer.

    `usage` is None when no model was called. A dispute that this call `offered` for the first time is released, so that a later call may ask
    about it. A day that this question made due is no longer due if the quota refused the question. Raises `Conflict` when the account was deleted meanwhile.
    """
    released = offered.dispute.fingerprint if offered is not None and offered.first_time else None
    refused = (asked.question.day, asked.revision) if code == ChatQuotaExceeded.code and asked.revision is not None else None
    failure = Failure(None if asked.answer is not None else code, released, refused)
    usages = [*([] if usage is None else [CallUsage(Purpose.CHAT, usage, failed=True)]), *_usages(made)]
    with conflict_for_deleted_account():
        async with database.connection() as connection:
            question = await closing.close_with_failure(connection, _lease(asked), failure, usages, reserved)
    return question or asked.question


async def find_exchange(question: MessageRow) -> tuple[MessageRow, ConversationRow, MessageRow | None] | None:
    """Return a question as it is stored now, its conversation and its newest answer; None when it was deleted."""
    async with database.connection() as connection:
        return await find_by_id(connection, question.user_id, question.id)


@contextmanager
def conflict_for_deleted_account() -> Iterator[None]:
    """Raise `Conflict` when the account was deleted while its question was being answered."""
    try:
        yield
    except AccountDeleted as error:
        raise Conflict(
            "the account was deleted while the message was being answered: nothing of it is stored", reason=ConflictReason.ACCOUNT_DELETED
        ) from error


def _lease(asked: StoredQuestion) -> Lease:
    return Lease(asked.question.user_id, asked.question.id, asked.conversation.id, asked.lease, asked.today)


def _usages(made: Sequence[SideTaskResult]) -> list[CallUsage]:
    return [CallUsage(item.purpose, item.usage, failed=item.text is None) for item in made]


def _to_answer(asked: StoredQuestion, completion: Completion, sources: Sources, error_code: str | None) -> NewAnswer:
    continued = asked.answer.id if asked.continues and asked.answer is not None else None
    text = find_joint(asked, completion.text, completion.leading) + completion.text
    return NewAnswer(
        id=answer_id(asked), replaces=continued, content=text, model=completion.model or None,
        prompt_version=_prompt_version(asked), input_tokens=completion.usage.input_tokens, output_tokens=completion.usage.output_tokens,
        latency_ms=completion.latency_ms, tool_calls=completion.tools_used, cut_off=CutOff(completion.cut_off) if completion.cut_off else None,
        now=datetime.now(timezone.utc), size=storage_quota.size(text), sources=sources.to_json(),
        suggested_replies=completion.suggested_replies, error_code=error_code,
        companion_version=asked.inputs.companion.version if asked.inputs.companion else None)


def _prompt_version(asked: StoredQuestion) -> str:
    parts = [PROMPT_VERSION]
    if asked.inputs.companion is not None:
        parts.append(COMPANION_VERSION)
    if settings.current().suggested_replies and not asked.continues:
        parts.append(REPLIES_VERSION)
    return "+".join(parts)


def _topics_of(viewer: AnyUser) -> TopicFilter | None:
    if not viewer.topics_off and not viewer.names_off:
        return None
    from jobs.rules.topics.topic_filter import make_topic_filter  # large tables, which few users need

    return make_topic_filter(tuple(viewer.topics_off), tuple(viewer.names_off))


def _summary(asked: StoredQuestion, text: str | None, condensed: Mapping[UUID, str], topics: TopicFilter | None) -> NewSummary | None:
    if text is None:
        return None
    if topics is not None:
        text = " ".join(sentence.text for sentence in sentences(text) if not topics.touches(sentence.text)) or "…"
    return NewSummary(text, condensed, asked.conversation.summary_through_message_id)


def answer_id(asked: StoredQuestion) -> UUID:
    """Return the id of a new answer, behind its question and before later ones; an answer that is continued keeps its id."""
    if asked.continues and asked.answer is not None:
        return asked.answer.id
    return uuid7(uuid7_time(asked.question.id) + _BEHIND) if asked.is_regeneration else uuid7()


def _title(made: str | None, question: str, topics: TopicFilter | None, locale: str) -> str:
    """Return a title without the invisible characters that the user's text may contain; a neutral one if others are about a topic that is never kept."""
    for title in (made, title_of(question)):
        if title and (topics is None or not topics.touches(title)):
            return without_hidden(title).strip() or "…"
    from resolvers.locales import is_chinese  # few titles are left out

    return "对话" if is_chinese(locale) else "Conversation"


def title_of(question: str) -> str:
    """Return a title without a model: the first sentence of the question, cut between words where the script has spaces. The result is never empty."""
    first = next((sentence.text for sentence in sentences(question)), question)
    line = " ".join(first.split()).rstrip(_END_MARKS) or " ".join(question.split())
    if len(line) <= MAX_TITLE_LENGTH:
        return line
    head = shorten(line, MAX_TITLE_LENGTH)[:-1]
    if line[MAX_TITLE_LENGTH - 1] != " " and " " in head[MAX_TITLE_LENGTH // 2 :]:
        head = head.rpartition(" ")[0]
    return head.rstrip(_END_MARKS) + "…"
