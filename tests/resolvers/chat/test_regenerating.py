"""Regeneration of answers: added beside the earlier one, which is kept if the model fails."""
from __future__ import annotations

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import ActiveDay, Message
from persistence.models.chat import MessageStatus, Rating
from resolvers import chat
from resolvers.chat import ModelFailed
from resolvers.errors import InvalidInput
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, everything, rows, say, stored_message

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def test_regenerate_question_or_answer_adds_an_answer_beside_the_earlier_one(model: Model):
    ann = await seeds.person()
    one = await say(ann, "I like tea")
    two = await say(ann, "I like cake", one.conversation.id)
    context = await context_of(ann)
    await chat.rate(context, one.answer.id, Rating.DOWN)
    calls = await model.calls()
    made = [one.answer.id]
    for asked in (one.question.id, one.answer.id):
        again = await chat.regenerate(context, asked)
        assert again.question.id == one.question.id and again.answer.id not in made
        made.append(again.answer.id)
    assert (await model.calls())["chat"] == calls["chat"] + 2
    reply, earlier = await stored_message(made[-1]), await stored_message(one.answer.id)
    assert reply.rating is None and "cake" not in reply.content and (earlier.rating, earlier.content) == (Rating.DOWN, one.answer.content)
    assert [found.id for found in sorted(await rows(Message), key=lambda found: found.id) if not found.off_path] == [
        one.question.id, made[-1], two.question.id, two.answer.id]
    assert (await rows(ActiveDay))[0].revision == 2


async def test_regenerate_failed_question_places_the_answer_right_after_it(model: Model):
    ann = await seeds.person()
    first = await say(ann, "Hello")
    await model.fail(match="task: chat/7", kind="402")
    with pytest.raises(ModelFailed) as failed:
        await say(ann, "Anybody?", first.conversation.id)
    await model.reset()
    later = await say(ann, "Hello again", first.conversation.id)
    again = await chat.regenerate(await context_of(ann), failed.value.question.id)
    assert failed.value.question.id < again.answer.id < later.question.id


@pytest.mark.parametrize("fault", ["402", "empty", "html"])
async def test_regenerate_model_failure_keeps_the_current_answer(model: Model, fault: str):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    await model.fail(match="task: chat/7", kind=fault)
    with pytest.raises(ModelFailed, match="previous answer was kept"):
        await chat.regenerate(await context_of(ann), said.question.id)
    question, reply = await stored_message(said.question.id), await stored_message(said.answer.id)
    assert (question.status, question.error_code, question.answer_lease_until) == (MessageStatus.COMPLETE, None, None)
    assert (reply.content, reply.edited_at) == (said.answer.content, None)


async def test_regenerate_answer_without_a_question_is_refused(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    fork = await chat.fork_conversation(await context_of(ann), said.answer.id)
    question, reply = sorted(await rows(Message, Message.conversation_id == fork.id), key=lambda found: found.id)
    assert reply.reply_to == question.id
    context = await context_of(ann)
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == reply.id).values(reply_to=None))
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.regenerate(context, reply.id)
    assert refused.value.field == "messageId" and await everything() == before
