"""Branches of conversations: the current path, what the model sees of it, and that nothing of the others is lost."""
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

import llm.client
from bench.prompt_relay import Relay, relay
from persistence import database
from persistence.models import Conversation, ConversationBranch, Message
from persistence.models.enums import Rating
from persistence.queries.branches import load_siblings
from persistence.queries.job_inputs import list_learnable
from resolvers import chat, portability
from resolvers.chat import Exchange, ModelFailed
from resolvers.errors import Conflict, InvalidInput, NotFound
from tests import seeds
from tests.portable import portable
from tests.resolvers.chat.chat_setup import Model, context_of, everything, rows, say, set_to, stored_message

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.fixture
async def endpoint(anyio_backend: str) -> AsyncIterator[Relay]:
    """Start an offline model that records its requests."""
    async with relay() as (found, base_url):
        with set_to(DEEPSEEK_BASE_URL=base_url):
            yield found
            await llm.client.close()


async def path(user: seeds.User, conversation_id: UUID) -> list[str]:
    """Return the texts of the user on the current path."""
    page = await chat.list_messages(await context_of(user), conversation_id, limit=100)
    assert await chat.count_messages(await context_of(user), conversation_id) == len(page.rows)
    return [message.content for message in page.rows if message.role.value == "USER"]


async def siblings(user: seeds.User, message_id: UUID) -> list[UUID]:
    async with database.connection() as connection:
        return list((await load_siblings(connection, user.id, [message_id]))[message_id])


async def ask(user: seeds.User, exchange: Exchange, content: str, key: str | None = None) -> Exchange:
    return await chat.branch(await context_of(user), exchange.question.id, content, key)


async def stored() -> dict[str, Any]:
    """Return every row, without the sessions that each request of a test begins."""
    return {name: found for name, found in (await everything()).items() if name not in ("sign_ins", "users")}


def told(endpoint: Relay) -> list[str]:
    """Return the messages of the last prompt of a chat, without the standing text."""
    body = [body for body in endpoint.bodies if body["messages"][0]["content"].startswith("task: chat/")][-1]
    return [json.dumps(message["content"], ensure_ascii=False) for message in body["messages"][1:]]


@pytest.mark.parametrize("words", [("I moved to Oslo", "Any trams there?", "I moved to Bergen", "Does it rain?"),
                                   ("我搬到了杭州", "那里有地铁吗", "我搬到了苏州", "那里常下雨吗")])
async def test_branch_prompt_contains_exactly_the_current_path(endpoint: Relay, words: tuple[str, str, str, str]):
    ann = await seeds.person()
    opening = await say(ann, "Hello there 你好")
    first = await say(ann, words[0], opening.conversation.id)
    then = await say(ann, words[1], opening.conversation.id)
    other = await ask(ann, first, words[2])
    asked = await say(ann, words[3], opening.conversation.id)
    shown = "".join(told(endpoint))
    assert words[2] in shown and words[3] in shown and "Hello there" in shown and words[0] not in shown and words[1] not in shown
    assert await path(ann, opening.conversation.id) == ["Hello there 你好", words[2], words[3]]
    assert await siblings(ann, first.question.id) == await siblings(ann, other.question.id) == [first.question.id, other.question.id]
    assert await siblings(ann, asked.question.id) == [asked.question.id]
    selected = await chat.select(await context_of(ann), then.answer.id)
    assert selected.id == opening.conversation.id and selected.current_branch_id is None
    await say(ann, "Thanks 谢谢", opening.conversation.id)
    shown = "".join(told(endpoint))
    assert words[0] in shown and words[1] in shown and words[2] not in shown and words[3] not in shown
    assert other.answer.content not in [message.content for message in await rows(Message) if not message.off_path]
    await chat.select(await context_of(ann), other.question.id)
    assert await path(ann, opening.conversation.id) == ["Hello there 你好", words[2], words[3]], "the newest path through the message"


async def test_branch_of_a_branch_and_of_the_first_question_keep_their_places(model: Model):
    ann = await seeds.person()
    one = await say(ann, "one")
    two = await say(ann, "two", one.conversation.id)
    two_b = await ask(ann, two, "two b")
    three_b = await say(ann, "three b", one.conversation.id)
    two_c = await ask(ann, two_b, "two c")
    one_b = await ask(ann, one, "one b")
    assert await path(ann, one.conversation.id) == ["one b"]
    assert await siblings(ann, two.question.id) == [two.question.id, two_b.question.id, two_c.question.id]
    await chat.select(await context_of(ann), three_b.question.id)
    assert await path(ann, one.conversation.id) == ["one", "two b", "three b"]
    three_c = await ask(ann, three_b, "three c")
    assert await path(ann, one.conversation.id) == ["one", "two b", "three c"]
    await chat.select(await context_of(ann), one.answer.id)
    assert await path(ann, one.conversation.id) == ["one", "two b", "three c"], "a message of the path changes nothing"
    assert await siblings(ann, one_b.question.id) == [one.question.id, one_b.question.id]
    assert await siblings(ann, three_c.question.id) == [three_b.question.id, three_c.question.id]
    fork = await chat.fork_conversation(await context_of(ann), three_c.answer.id)
    assert await path(ann, fork.id) == ["one", "two b", "three c"] and await path(ann, one.conversation.id) == ["one", "two b", "three c"]
    with pytest.raises(InvalidInput, match="messageSelect"):
        await chat.fork_conversation(await context_of(ann), two_c.answer.id)
    async with database.session() as session:
        learned = await list_learnable(session, ann.id, one.question.day, one.question.day)
    texts = [message.content for message in learned if message.role.value == "USER"]
    assert texts == ["one", "two", "two b", "three b", "two c", "one b", "three c"], "each of the user's words once, those of left branches too"
    assert len({message.thread_id for message in learned}) == 5, "words of different branches do not follow each other"


async def test_select_answer_shows_it_to_the_model_and_clears_a_summary_of_the_other(endpoint: Relay):
    ann = await seeds.person()
    said = await say(ann, "Name a river")
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert await siblings(ann, said.answer.id) == [said.answer.id, again.answer.id]
    await say(ann, "Another one", said.conversation.id)
    async with database.transaction() as session:
        conversation = await session.get(Conversation, (ann.id, said.conversation.id))
        assert conversation is not None
        conversation.summary, conversation.summary_through_message_id = "of the second answer", again.answer.id
    selected = await chat.select(await context_of(ann), said.answer.id)
    assert (selected.summary, selected.summary_through_message_id) == (None, None)
    assert [(await stored_message(id)).off_path for id in (said.answer.id, again.answer.id)] == [False, True]
    assert await path(ann, said.conversation.id) == ["Name a river", "Another one"]
    with pytest.raises(InvalidInput, match="messageSelect"):
        await chat.continue_answer(await context_of(ann), again.answer.id)
    deleted = await chat.delete(await context_of(ann), said.answer.id)
    assert deleted.receipt.messages_removed == 1 and not (await stored_message(again.answer.id)).off_path, "the newest other answer is chosen"
    deleted = await chat.delete(await context_of(ann), said.question.id)
    assert list(deleted.message_ids) == [said.question.id, again.answer.id]


async def test_delete_branch_point_keeps_its_branches_reachable(model: Model):
    ann = await seeds.person()
    one = await say(ann, "one")
    two = await say(ann, "two", one.conversation.id)
    two_b = await ask(ann, two, "two b")
    two_c = await ask(ann, two_b, "two c")
    await chat.select(await context_of(ann), two.question.id)
    await chat.delete(await context_of(ann), two.question.id)
    assert await path(ann, one.conversation.id) == ["one", "two c"], "the newest branch that begins there goes on"
    assert await siblings(ann, two_c.question.id) == [two_b.question.id, two_c.question.id]
    await chat.delete(await context_of(ann), two_c.question.id)
    assert await path(ann, one.conversation.id) == ["one", "two b"]
    three = await say(ann, "three", one.conversation.id)
    await chat.delete(await context_of(ann), two_b.question.id)
    assert await path(ann, one.conversation.id) == ["one", "three"]
    assert three.answer.content in [message.content for message in await rows(Message)]
    assert await siblings(ann, three.question.id) == [three.question.id], "what followed a deleted question does not take its place"
    await chat.delete_conversation(await context_of(ann), one.conversation.id)
    assert await rows(Message) == await rows(ConversationBranch) == []


@pytest.mark.parametrize("words", [("one", "two", "three", "one b", "two b", "two c"), ("一", "二", "三", "另一", "另二", "又二")])
async def test_delete_first_question_keeps_the_shape_of_the_tree(model: Model, words: Sequence[str]):
    ann = await seeds.person()
    one = await say(ann, words[0])
    id = one.conversation.id
    two, three = await say(ann, words[1], id), await say(ann, words[2], id)
    one_b = await ask(ann, one, words[3])
    two_b = await say(ann, words[4], id)
    for gone in (one, one_b):
        await chat.delete(await context_of(ann), gone.question.id)
    assert await path(ann, id) == [words[4]]
    for left in (two, three, two_b):
        assert await siblings(ann, left.question.id) == [left.question.id]
    two_c = await ask(ann, two_b, words[5])
    assert await siblings(ann, two_b.question.id) == await siblings(ann, two_c.question.id) == [two_b.question.id, two_c.question.id]
    assert await path(ann, id) == [words[5]], "it follows what the other one followed"
    await chat.select(await context_of(ann), three.answer.id)
    assert await path(ann, id) == [words[1], words[2]] and await siblings(ann, two.question.id) == [two.question.id]
    await chat.delete(await context_of(ann), two.question.id)
    await chat.delete(await context_of(ann), three.question.id)
    assert await path(ann, id) == [words[4]], "the branch that begins there goes on where the path would end"


@pytest.mark.parametrize("words", [("I love chess.", "I love tea.", "I love jazz.", "Hello"), ("我喜欢下棋。", "我喜欢喝茶。", "我喜欢爵士乐。", "你好")])
async def test_rate_edit_and_delete_off_the_path_change_neither_path_nor_place(model: Model, words: Sequence[str]):
    ann, bob = await seeds.person(), await seeds.person("bob")
    one = await say(ann, words[3])
    id = one.conversation.id
    left = await say(ann, words[0], id)
    left_later = await say(ann, words[1], id)
    other = await ask(ann, left, words[2])
    context = await context_of(ann)
    shown, places = await path(ann, id), await siblings(ann, other.question.id)
    before = await stored()
    foreign = await context_of(bob)
    for call in (chat.rate(foreign, left.answer.id, Rating.UP), chat.edit(foreign, left.question.id, "x"), chat.delete(foreign, left.question.id)):
        with pytest.raises(NotFound):
            await call
    assert await stored() == before
    assert (await chat.rate(context, left.answer.id, Rating.DOWN)).rating is Rating.DOWN
    edited = (await chat.edit(context, left.question.id, words[3])).message
    assert edited.off_path and edited.content == words[3] and (await stored_message(left.answer.id)).off_path
    assert await path(ann, id) == shown and await siblings(ann, other.question.id) == places
    deleted = await chat.delete(context, left_later.question.id)
    assert deleted.message_ids == [left_later.question.id, left_later.answer.id] and await path(ann, id) == shown
    await chat.delete(context, left.answer.id)
    assert (await stored_message(left.question.id)).off_path and await siblings(ann, other.question.id) == places
    await chat.delete(context, left.question.id)
    assert await path(ann, id) == shown and await siblings(ann, other.question.id) == [other.question.id]
    assert [message.content for message in await rows(Message) if message.off_path] == []


async def test_branch_repeated_key_and_failures_change_no_path_twice(model: Model):
    ann = await seeds.person()
    one = await say(ann, "one")
    two = await say(ann, "two", one.conversation.id)
    asked = await ask(ann, two, "two b", "key")
    before = await stored()
    assert (await ask(ann, two, "two b", "key")).answer.id == asked.answer.id
    with pytest.raises(InvalidInput, match="another message"):
        await ask(ann, two, "two c", "key")
    assert await stored() == before and (await model.calls())["chat"] == 3
    await model.fail(match="task: chat/7", kind="402")
    with pytest.raises(ModelFailed):
        await ask(ann, one, "one b")
    await model.reset()
    assert await path(ann, one.conversation.id) == ["one b"]
    failed = next(message for message in await rows(Message) if message.content == "one b")
    assert failed.status.value == "FAILED"
    assert (await chat.regenerate(await context_of(ann), failed.id)).answer.branch_id == failed.branch_id


REFUSALS: dict[str, tuple[Any, str]] = {
    "an answer": (lambda one, off: (one.answer.id, "again"), "only a question"),
    "off the path": (lambda one, off: (off.question.id, "again"), "messageSelect"),
    "blank": (lambda one, off: (one.question.id, " \n"), "content"),
}


async def test_branch_refusals_change_nothing(model: Model, monkeypatch: pytest.MonkeyPatch):
    ann, bob = await seeds.person(), await seeds.person("bob")
    one = await say(ann, "one")
    off = await say(ann, "two", one.conversation.id)
    other = await ask(ann, off, "two b")
    before = await stored()
    for make, match in REFUSALS.values():
        with pytest.raises(InvalidInput, match=match):
            await chat.branch(await context_of(ann), *make(one, off))
    with pytest.raises(InvalidInput, match="messageSelect"):
        await chat.regenerate(await context_of(ann), off.question.id)
    for call in (chat.branch(await context_of(bob), one.question.id, "mine"), chat.select(await context_of(bob), off.question.id)):
        with pytest.raises(NotFound):
            await call
    monkeypatch.setattr("resolvers.chat.branches.MAX_SIBLINGS", 2)
    with pytest.raises(InvalidInput, match="questions in this place"):
        await ask(ann, other, "two c")
    monkeypatch.setattr("persistence.queries.branches.MAX_BRANCHES", 1)
    with pytest.raises(InvalidInput, match="at most 1 branches"):
        await ask(ann, one, "one b")
    assert await stored() == before


async def test_tree_while_a_question_is_being_answered_stays(model: Model):
    ann = await seeds.person()
    one = await say(ann, "one")
    off = await say(ann, "two", one.conversation.id)
    other = await ask(ann, off, "two b")
    async with database.transaction() as session:
        leased = datetime.now(timezone.utc) + timedelta(minutes=1)
        await session.execute(update(Message).where(Message.id == other.question.id).values(answer_lease_until=leased))
    before = await stored()
    for call in (lambda context: chat.select(context, off.question.id), lambda context: chat.branch(context, one.question.id, "one b"),
                 lambda context: chat.regenerate(context, one.question.id)):
        with pytest.raises(Conflict, match="still being answered"):
            await call(await context_of(ann))
    assert await stored() == before


async def test_branch_same_key_at_the_same_time_asks_once(model: Model):
    ann = await seeds.person()
    one = await say(ann, "one")
    outcomes = await asyncio.gather(*(ask(ann, one, "one b", "key") for _ in range(3)), return_exceptions=True)
    assert all(isinstance(outcome, (Exchange, Conflict)) for outcome in outcomes) and any(isinstance(outcome, Exchange) for outcome in outcomes)
    assert len(await rows(ConversationBranch)) == 1 and (await model.calls())["chat"] == 2


async def test_export_and_import_keep_the_tree(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    one = await say(ann, "one")
    two = await say(ann, "two", one.conversation.id)
    await ask(ann, two, "two b")
    again = await chat.regenerate(await context_of(ann), one.question.id)
    file = await portability.export_json(ann)
    await portability.import_json(bob, file)
    there, here = portable(await portability.export_json(bob)), portable(file)
    assert {**there, "account": None} == {**here, "account": None} and here["conversation_branches"]
    assert await path(bob, one.conversation.id) == ["one", "two b"] and await siblings(bob, one.answer.id) == [one.answer.id, again.answer.id]
    await chat.select(await context_of(bob), two.question.id)
    assert await path(bob, one.conversation.id) == ["one", "two"] and await path(ann, one.conversation.id) == ["one", "two b"]
    parts = json.loads(file)
    [row] = parts["conversation_branches"]
    eve = await seeds.person("eve")
    for broken in ({"conversation_branches": []}, {"conversation_branches": [{**row, "parent_id": row["id"]}]},
                   {"conversations": [{**parts["conversations"][0], "current_branch_id": one.question.id.hex}]}):
        with pytest.raises(InvalidInput, match="branch"):
            await portability.import_json(eve, json.dumps({**parts, **broken}))
    older = {**parts, "format": "unilife/7", "messages": [{name: value for name, value in message.items() if name not in ("branch_id", "chosen", "off_path")}
                                                          for message in parts["messages"]]}
    del older["conversation_branches"]
    older["conversations"] = [{name: value for name, value in found.items() if name != "current_branch_id"} for found in parts["conversations"]]
    await portability.import_json(eve, json.dumps(older))
    assert await path(eve, one.conversation.id) == ["one", "two", "two b"], "an older file is one path"
