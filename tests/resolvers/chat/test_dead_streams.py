"""Streams whose process died: their text is stored once by the first request that meets it, and is reached by pages, prompts, exports and deletions."""
from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest

from persistence import database
from persistence.ids import uuid7
from persistence.models import AnswerStream, Message, User
from persistence.models.chat import CutOff, MessageStatus
from resolvers import chat, portability
from resolvers.chat import Exchange, NewMessage
from resolvers.chat.questions import store_question
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, model, rows, say
from tests.resolvers.dump import find_words

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WRITTEN = "Zanzibar is an island, and"


async def dead_stream(ann: User, content: str = "Where is it warm?", *, after: Exchange | None = None, silent: bool = True) -> Message:
    """Store a question whose answer was being streamed, with a last checkpoint long ago unless `silent` is false."""
    asked = await store_question(ann, NewMessage(content, after.conversation.id if after else None), (await context_of(ann)).deadline)
    assert not isinstance(asked, Exchange)
    beat = datetime.now(timezone.utc) - timedelta(minutes=1 if silent else 0)
    async with database.transaction() as session:
        session.add(AnswerStream(user_id=ann.id, question_id=asked.question.id, lease=asked.lease, answer_id=uuid7(), content=WRITTEN, beat_at=beat))
    return asked.question  # type: ignore[return-value] # a row with the same columns


async def test_dead_stream_is_stored_once_before_the_next_message_and_told_as_stopped(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    first = await say(ann, "Hello")
    question = await dead_stream(ann, after=first)
    await say(ann, "And in winter?", first.conversation.id)
    [answer] = await rows(Message, Message.reply_to == question.id)
    assert (answer.content, answer.cut_off, answer.status) == (WRITTEN, CutOff.STOPPED, MessageStatus.COMPLETE)
    assert json.dumps(f"{WRITTEN}\n\n[stopped here]") in (await model.bodies())[-1]
    assert await rows(AnswerStream) == [] and len(await rows(Message)) == 6


async def test_dead_stream_is_read_with_its_page_when_the_lease_is_over(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    question = await dead_stream(ann)
    past = datetime.now(timezone.utc) - timedelta(seconds=1)
    async with database.transaction() as session:
        (await session.get_one(Message, (ann.id, question.id))).answer_lease_until = past
        (await session.get_one(AnswerStream, (ann.id, question.id))).lease = past
    page = await chat.list_messages(await context_of(ann), question.conversation_id, limit=10)
    assert [(row.content, row.status, row.cut_off) for row in page.rows] == [
        ("Where is it warm?", MessageStatus.COMPLETE, None), (WRITTEN, MessageStatus.COMPLETE, CutOff.STOPPED)]


async def test_kept_text_is_exported_and_a_stopped_answer_is_imported_again(model: Model):
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    await dead_stream(ann, silent=False)
    live = json.loads(await portability.export_json(ann))
    assert [row["content"] for row in live["answer_streams"]] == [WRITTEN] and len(live["messages"]) == 1
    async with database.transaction() as session:
        [stream] = await rows(AnswerStream)
        (await session.get_one(AnswerStream, (ann.id, stream.question_id))).beat_at = datetime.now(timezone.utc) - timedelta(minutes=1)
    file = await portability.export_json(ann)
    await portability.import_json(bob, file)
    assert {row.cut_off for row in await rows(Message, Message.user_id == bob.id)} == {None, CutOff.STOPPED}


async def test_deletion_reaches_the_words_of_a_dead_stream(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    told = await say(ann, "I moved to Zanzibar.")
    question = await dead_stream(ann)
    await chat.delete(await context_of(ann), told.question.id)
    [answer] = await rows(Message, Message.reply_to == question.id)
    assert await find_words(["Zanzibar"]) == {} and answer.redacted
    await dead_stream(ann, "And in summer?", silent=False)
    [newest] = await rows(AnswerStream)
    await chat.delete(await context_of(ann), newest.question_id)
    assert await rows(AnswerStream) == []
