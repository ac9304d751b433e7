"""Titles and running summaries: generated beside the answer, which their failure does not affect."""
from __future__ import annotations

from datetime import datetime, timezone
from uuid import UUID

import pytest

from persistence import database
from persistence.models import Conversation, Message, Usage
from persistence.models.account import Purpose
from persistence.queries.chat_writes import set_running_summary
from resolvers import chat
from resolvers.chat import Exchange
from resolvers.chat.exchange_storage import title_of
from resolvers.chat.history import read_history
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


async def test_summary_long_conversation_is_stored_before_the_history_overflows(model: Model):
    with set_to(HISTORY_TOKENS="200"):
        said = await _long_talk(await seeds.person(time_zone=seeds.noon_zone()))
        [conversation] = await rows(Conversation)
        assert conversation.summary and "heron" in conversation.summary
        async with database.session() as session:
            history = await read_history(session, conversation, said.question)
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


async def test_set_running_summary_messages_changed_meanwhile_is_not_stored(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, SENTENCES[0])
    read_at, covers = datetime.now(timezone.utc), [said.question.id, said.answer.id]
    await chat.edit(await context_of(ann), said.question.id, "Something else")
    assert not await _give(said, covers, read_at, replaces=None)
    assert not await _give(said, covers, datetime.now(timezone.utc), replaces=said.question.id)
    assert await _give(said, covers, datetime.now(timezone.utc), replaces=None)
    await chat.delete(await context_of(ann), said.answer.id)
    assert not await _give(said, covers, datetime.now(timezone.utc), replaces=None)
    [conversation] = await rows(Conversation)
    assert conversation.summary is None


async def _give(said: Exchange, covers: list[UUID], read_at: datetime, *, replaces: UUID | None) -> bool:
    async with database.transaction() as session:
        return await set_running_summary(
            session, said.conversation.user_id, said.conversation.id, "herons", replaces=replaces, covers=covers, read_at=read_at)


async def _long_talk(user: seeds.User) -> Exchange:
    said = await say(user, SENTENCES[0])
    for sentence in SENTENCES[1:]:
        said = await say(user, sentence, said.conversation.id)
    return said
