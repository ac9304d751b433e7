"""Suggested replies of an answer: made in the answer's own call, stored beside its text, and gone with what they may repeat."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from llm.chat import PROMPT_VERSION, REPLIES_VERSION
from persistence import database
from persistence.models import Message
from persistence.models.chat import MessageRole
from persistence.models.enums import CutOff
from resolvers import chat
from resolvers.chat import Exchange, NewMessage
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, move_messages_back, rows, say, set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.fixture
def switched_on() -> Iterator[None]:
    with set_to(SUGGESTED_REPLIES="true"):
        yield


async def test_send_without_the_setting_asks_for_no_replies(model: Model) -> None:
    said = await say(await seeds.person(), "I had tea today.")
    assert said.answer.suggested_replies == [] and said.answer.prompt_version == PROMPT_VERSION
    assert not [body for body in await model.bodies() if "suggested_replies" in body]


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize(("question", "reply"), [("I had tea today.", "What do you know about me?"), ("我今天喝了茶。", "你记得我的哪些事？")])
async def test_send_and_stream_give_replies_in_the_language_of_the_chat_and_a_clean_answer(model: Model, question: str, reply: str) -> None:
    ann = await seeds.person()
    said = await say(ann, question)
    assert said.answer.suggested_replies[0] == reply and len(said.answer.suggested_replies) == 3 and "<" not in said.answer.content
    assert said.answer.prompt_version == f"{PROMPT_VERSION}+{REPLIES_VERSION}"
    steps = [step async for step in chat.stream(await context_of(ann), NewMessage(question, said.conversation.id))]
    last, shown = steps[-1], "".join(step for step in steps if isinstance(step, str))
    assert isinstance(last, Exchange) and last.answer.content == shown and "<" not in shown
    assert last.answer.suggested_replies == said.answer.suggested_replies
    assert (await model.calls())["chat"] == 2, "no call more"


@pytest.mark.usefixtures("switched_on")
async def test_regenerate_and_fork_carry_the_replies_of_their_answer(model: Model) -> None:
    ann = await seeds.person()
    said = await say(ann, "I had tea today.")
    copy = await chat.fork_conversation(await context_of(ann), said.answer.id)
    assert [row.suggested_replies for row in await rows(Message, Message.conversation_id == copy.id)] == [[], said.answer.suggested_replies]
    await model.fail(answers={"chat": "Fine.\n\n<suggested_replies>[\"**So?**\", \"And then?\", \"and then\"]</suggested_replies>"})
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert (again.answer.content, again.answer.suggested_replies) == ("Fine.", ["And then?"])
    await model.fail(answers={"chat": "Plain."})
    assert (await chat.regenerate(await context_of(ann), said.question.id)).answer.suggested_replies == []


@pytest.mark.usefixtures("switched_on")
async def test_continue_answer_that_was_cut_off_asks_for_no_replies_and_keeps_its_beginning(model: Model) -> None:
    ann = await seeds.person()
    said = await say(ann, "I had tea today.")
    async with database.transaction() as session:
        cut = {"content": "I went for a wa", "cut_off": CutOff.LENGTH, "suggested_replies": []}
        await session.execute(update(Message).where(Message.id == said.answer.id).values(**cut))
    asked = len([body for body in await model.bodies() if "suggested_replies" in body])
    await model.fail(answers={"chat": "lk in the park."})
    whole = await chat.continue_answer(await context_of(ann), said.answer.id)
    assert (whole.answer.content, whole.answer.suggested_replies) == ("I went for a walk in the park.", [])
    assert len([body for body in await model.bodies() if "suggested_replies" in body]) == asked and whole.answer.prompt_version == PROMPT_VERSION


@pytest.mark.usefixtures("switched_on")
@pytest.mark.parametrize("act", ["delete", "edit"])
async def test_replies_that_may_repeat_deleted_text_are_removed_with_it(model: Model, act: str) -> None:
    ann = await seeds.person()
    earlier = await say(ann, "I had cake.")
    secret = await say(ann, "My sister is Quillimar.")
    await model.fail(answers={"chat": "Fine.\n<suggested_replies>[\"Call Quillimar?\"]</suggested_replies>"})
    later = await say(ann, "What now?")
    assert later.answer.suggested_replies == ["Call Quillimar?"]
    context = await context_of(ann)
    await (chat.delete(context, secret.question.id) if act == "delete" else chat.edit(context, secret.question.id, "I have a sister."))
    replies = {row.id: row.suggested_replies for row in await rows(Message, Message.role == MessageRole.ASSISTANT)}
    assert replies[later.answer.id] == [] and replies[earlier.answer.id] == earlier.answer.suggested_replies


@pytest.mark.usefixtures("switched_on")
async def test_replies_are_told_to_no_later_prompt(model: Model) -> None:
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(answers={"chat": "Fine.\n<suggested_replies>[\"Tell me about zeppelins\"]</suggested_replies>"})
    said = await say(ann, "I had tea today.")
    assert said.answer.suggested_replies == ["Tell me about zeppelins"]
    await model.reset()
    await say(ann, "And zebras?", said.conversation.id)
    await move_messages_back(ann, 1)
    await night()
    bodies = await model.bodies()
    assert len(bodies) >= 2 and not [body for body in bodies if "zeppelin" in body]
