"""Titles and running summaries: generated beside the answer, which their failure does not affect."""
from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from uuid import UUID

import pytest
from sqlalchemy import delete, text

from jobs.deadline import Deadline
from persistence import database
from persistence.ids import uuid7
from persistence.models import Conversation, Message, Usage, UserStorage
from persistence.models.account import Purpose
from persistence.queries.chat_writes import lock_conversation
from persistence.queries.exchange_closing import Lease, NewAnswer, NewSummary, close_with_answer
from resolvers import chat
from resolvers.chat import Exchange, NewMessage, StoredQuestion
from resolvers.chat.exchange_storage import title_of
from resolvers.chat.history import arrange_history
from resolvers.chat.questions import lease_question, store_question
from resolvers.chat.running import answer
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, rows, say, set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SENTENCES = [f"On day {number} I walked along the river and counted {number} herons near the old stone bridge." for number in range(1, 7)]


@pytest.mark.parametrize(("question", "title"), {
    "我刚搬到杭州。这里总是下雨。": "我刚搬到杭州",
    "How do rivers meander? I wonder.": "How do rivers meander?",
    "Hi": "Hi",
    "...": "...",
    "  two\n lines ": "two",
    "I would like to understand how the tides of the sea are made": "I would like to understand how the…",
    "雨" * 41: "雨" * 39 + "…",
    "雨" * 40: "雨" * 40,
}.items())  # fmt: skip
def test_title_of_any_question_returns_its_shortened_first_sentence(question: str, title: str):
    assert title_of(question) == title and len(title) <= 40


async def test_title_model_failure_falls_back_to_the_question(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: title/2", kind="500")
    said = await say(ann, "我刚搬到杭州。这里总是下雨。")
    assert said.conversation.title == "我刚搬到杭州" and said.answer.content
    [used] = await rows(Usage, Usage.purpose == Purpose.TITLE)
    assert (used.calls, used.failed_calls) == (1, 1)


async def test_title_set_by_the_user_is_not_replaced(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Tell me about rivers")
    await chat.update_conversation(await context_of(ann), said.conversation.id, {"title": "Mine"})
    assert (await say(ann, "And lakes", said.conversation.id)).conversation.title == "Mine"
    assert (await model.calls())["title"] == 1


async def test_title_set_by_the_user_while_the_model_makes_one_stays(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    asked = await store_question(ann, NewMessage("Tell me about rivers"), Deadline(30))
    assert isinstance(asked, StoredQuestion) and asked.conversation.title is None
    await chat.update_conversation(await context_of(ann), asked.conversation.id, {"title": "Mine"})
    answered = await answer(ann, asked, Deadline(30))
    assert (await model.calls())["title"] == 1, "or nothing was made beside it"
    assert (answered.conversation.title, answered.conversation.title_by_person) == ("Mine", True)
    assert [(row.title, row.title_by_person) for row in await rows(Conversation)] == [("Mine", True)]


async def test_summary_long_conversation_is_stored_before_the_history_overflows(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    with set_to(HISTORY_TOKENS="200"):
        said = await _long_talk(ann)
        [conversation] = await rows(Conversation)
        assert conversation.summary and "heron" in conversation.summary
        asked = await lease_question(ann, said.question.id, Deadline(30))
        history = arrange_history(asked.conversation, asked.question, asked.inputs.history)
    through = conversation.summary_through_message_id
    assert through is not None and history.summary == conversation.summary
    assert {message.id for message in history.messages} == {m.id for m in await rows(Message) if through < m.id <= said.question.id}
    [used] = await rows(Usage, Usage.purpose == Purpose.SUMMARY)
    assert used.calls >= 1 and used.failed_calls == 0 and used.output_tokens > 0


async def test_summary_of_further_messages_extends_the_previous_one(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    with set_to(HISTORY_TOKENS="200"):
        said = await _long_talk(ann)
        [first] = await rows(Conversation)
        for sentence in SENTENCES:
            await say(ann, sentence.replace("heron", "otter"), said.conversation.id)
    [second] = await rows(Conversation)
    last = [conversation.summary_through_message_id for conversation in (first, second)]
    assert last[0] is not None and last[1] is not None and last[1] > last[0]
    assert second.summary != first.summary


async def test_summary_short_conversation_is_not_made(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, SENTENCES[0])
    await say(ann, SENTENCES[1], said.conversation.id)
    assert "summary" not in await model.calls()


async def test_summary_model_failure_keeps_the_answer(model: Model):
    with set_to(HISTORY_TOKENS="200"):
        await model.fail(match="task: summary/2", kind="500")
        said = await _long_talk(await seeds.person(time_zone=seeds.noon_zone()))
    [conversation] = await rows(Conversation)
    assert said.answer.content and conversation.summary is None and conversation.summary_through_message_id is None
    [used] = await rows(Usage, Usage.purpose == Purpose.SUMMARY)
    assert used.calls == used.failed_calls >= 1


async def test_summary_covered_message_edited_clears_it(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    with set_to(HISTORY_TOKENS="200"):
        await _long_talk(ann)
        [conversation] = await rows(Conversation)
        newest = max(message.id for message in await rows(Message))
        await chat.delete(context, newest)
        assert [found.summary for found in await rows(Conversation)] == [conversation.summary]
        oldest = min(message.id for message in await rows(Message))
        await chat.edit(context, oldest, "I never walked anywhere.")
        [changed] = await rows(Conversation)
        assert conversation.summary and changed.summary is None and changed.summary_through_message_id is None


async def test_summary_of_messages_changed_meanwhile_is_not_stored(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, SENTENCES[0])
    last = await say(ann, SENTENCES[1], said.conversation.id)
    was = {said.question.id: said.question.content, said.answer.id: said.answer.content}
    await chat.edit(await context_of(ann), said.question.id, "Something else")
    assert await _summarize(await _leased(ann, last), last, was, continues=None) is None
    [answer] = await rows(Message, Message.id == said.answer.id)  # the edit blanked what it repeated of the question
    covers = {said.question.id: "Something else", said.answer.id: answer.content}
    assert await _summarize(await _leased(ann, last), last, covers, continues=said.question.id) is None
    assert await _summarize(await _leased(ann, last), last, covers, continues=None) == "herons"
    await chat.delete(await context_of(ann), said.answer.id)
    assert await _summarize(await _leased(ann, last), last, covers, continues=None) is None
    [conversation] = await rows(Conversation)
    assert conversation.summary is None and conversation.summary_through_message_id is None


async def test_summary_of_a_message_deleted_while_it_is_stored_is_not_stored(model: Model):
    """Delete a covered message in a transaction that ends only when the answer's statement waits for the conversation that it holds."""
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, SENTENCES[0])
    last = await say(ann, SENTENCES[1], said.conversation.id)
    held, covers = await _leased(ann, last), {said.question.id: said.question.content, said.answer.id: said.answer.content}
    async with database.transaction() as session:
        await lock_conversation(session, ann.id, said.conversation.id)
        storing = asyncio.ensure_future(_summarize(held, last, covers, continues=None))
        while not await session.scalar(text("select count(*) from pg_locks where not granted")):
            await asyncio.sleep(0.02)
        await session.execute(delete(Message).where(Message.id == said.question.id))
    assert await storing is None
    [conversation] = await rows(Conversation)
    assert conversation.summary is None


async def _leased(user: seeds.User, last: Exchange) -> Lease:
    asked = await lease_question(user, last.question.id, Deadline(30))
    return Lease(user.id, last.question.id, last.conversation.id, asked.lease, asked.today)


async def _summarize(held: Lease, last: Exchange, covers: dict[UUID, str], *, continues: UUID | None) -> str | None:
    """Store an answer to the last question with a summary of earlier messages, and return the conversation's summary. The erasures were before it was asked."""
    answer = NewAnswer(
        id=uuid7(), replaces=last.answer.id, content="Ah.", model=None, prompt_version="chat/0", input_tokens=1, output_tokens=1, latency_ms=1,
        tool_calls=0, cut_off=None, now=datetime.now(timezone.utc), size=1, sources="{}")
    [counted] = await rows(UserStorage, UserStorage.user_id == held.user_id)
    async with database.connection() as connection:
        stored = await close_with_answer(connection, held, answer, "A title", NewSummary("herons", covers, continues), [], 0, counted.erasures)
    assert stored is not None
    return stored[2].summary


async def _long_talk(user: seeds.User) -> Exchange:
    said = await say(user, SENTENCES[0])
    for sentence in SENTENCES[1:]:
        said = await say(user, sentence, said.conversation.id)
    return said
