"""Exchanges beside each other, beside edits and beside deletions, over several connections."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from jobs.deadline import Deadline
from llm.messages import Completion
from llm.usage import Usage
from persistence import database
from persistence.models import ActiveDay, Conversation, Message, User
from persistence.models import Usage as StoredUsage
from persistence.models.account import Purpose
from persistence.models.chat import MessageRole, MessageStatus
from persistence.pool import ConnectionPool
from persistence.queries.chat_writes import lock_conversation
from persistence.queries.token_quota import reserve_tokens
from persistence.queries.usage import record_usage
from resolvers import chat
from resolvers.answer_sources import Sources
from resolvers.chat import Exchange, NewMessage
from resolvers.chat.exchange_storage import store_answer
from resolvers.chat.questions import StoredQuestion, store_question
from resolvers.erasure import Receipt
from resolvers.errors import Conflict, InvalidInput, NotFound
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, abandoned, context_of, everything, rows, say, set_to, stored_message
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.fixture
async def eight_connections(database: str) -> AsyncIterator[None]:
    """Give the process eight connections, so that eight statements run at once."""
    from persistence import database as access

    with set_to(DATABASE_POOL_SIZE="8"):
        await access.dispose()
        yield
        await access.dispose()


async def _store(user: User, content: str, conversation_id: UUID | None = None, **sending: str) -> StoredQuestion:
    stored = await store_question(user, NewMessage(content, conversation_id, **sending), Deadline(30))
    assert isinstance(stored, StoredQuestion)
    return stored


async def _answer(asked: StoredQuestion) -> Exchange:
    completion = Completion("Yes.", "a-model", "stop", Usage(100, 10), latency_ms=1)
    return await store_answer(asked, completion, [], {}, Sources())


@pytest.mark.usefixtures("eight_connections")
@pytest.mark.parametrize("is_new", [True, False], ids=["new conversation", "conversation"])
async def test_send_same_key_eight_times_at_once_stores_one_exchange(model: Model, is_new: bool):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    conversation_id = None if is_new else (await say(ann, "Before")).conversation.id
    contexts, before = [await context_of(ann) for _ in range(8)], len(await rows(Message))
    sending = NewMessage("Only once", conversation_id, "k")
    ends = await asyncio.gather(*(chat.send(context, sending) for context in contexts), return_exceptions=True)
    answered = [end for end in ends if isinstance(end, Exchange)]
    assert answered and len({end.answer.id for end in answered}) == 1
    refused = [end for end in ends if not isinstance(end, Exchange)]
    assert all(isinstance(end, Conflict) and end.retry_after and "idempotencyKey" in end.message for end in refused)
    assert len(await rows(Message)) == before + 2 and len(await rows(Conversation)) == 1
    [active] = await rows(ActiveDay)
    assert active.revision == (1 if is_new else 2) and (await model.calls())["chat"] == (1 if is_new else 2)


async def _gather_behind(lock: Callable[[AsyncSession], Awaitable[object]], *work: Awaitable[Any]) -> list[Any]:
    """Start all of the work behind a lock, so that every statement has its snapshot before any of them goes on, and return what each ends with."""
    async with database.transaction() as session:
        await lock(session)
        ends = asyncio.gather(*work, return_exceptions=True)
        while await session.scalar(text("select count(distinct pid) from pg_locks where not granted")) < len(work):
            await asyncio.sleep(0.02)
    return await ends


@pytest.mark.usefixtures("eight_connections")
async def test_questions_of_one_conversation_at_once_are_answered_one_at_a_time():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    first = await _answer(await _store(ann, "Before"))
    stores = (_store(ann, f"Number {number}", first.conversation.id) for number in range(7))
    ends = await _gather_behind(lambda session: lock_conversation(session, ann.id, first.conversation.id), *stores)
    [stored] = [end for end in ends if isinstance(end, StoredQuestion)]
    refused = [end for end in ends if not isinstance(end, StoredQuestion)]
    assert all(isinstance(end, Conflict) and end.retry_after and 0 < end.retry_after <= 5 for end in refused), refused
    pending = await rows(Message, Message.status == MessageStatus.PENDING)
    assert [message.id for message in pending] == [stored.question.id]
    [active] = await rows(ActiveDay)
    assert active.revision == 2


async def test_question_while_another_one_is_answered_is_refused_and_changes_nothing(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello")
    pending = await _store(ann, "What is a river?", said.conversation.id)
    context, before = await context_of(ann), await everything()
    calls = await model.calls()
    for refused in (
        chat.send(context, NewMessage("And a lake?", said.conversation.id)),
        chat.send(context, NewMessage("And a lake?", said.conversation.id, "a-key")),
        anext(chat.stream(context, NewMessage("And a lake?", said.conversation.id))),
        chat.regenerate(context, said.question.id),
        chat.regenerate(context, pending.question.id),
    ):
        with pytest.raises(Conflict, match="still being answered") as conflict:
            await refused
        assert conflict.value.retry_after and 0 < conflict.value.retry_after <= 5
    assert await everything() == before and await model.calls() == calls
    assert (await chat.send(context, NewMessage("Elsewhere"))).answer
    await _answer(pending)
    assert (await chat.send(context, NewMessage("And a lake?", said.conversation.id, "a-key"))).answer


async def test_question_while_an_earlier_answer_is_regenerated_is_refused(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello")
    await say(ann, "And more", said.conversation.id)
    await model.fail(match="task: chat/", kind="silent")
    regenerating = asyncio.ensure_future(chat.regenerate(await context_of(ann), said.question.id))
    await model.is_being_asked()
    before = await everything()
    with pytest.raises(Conflict, match="still being answered"):
        await say(ann, "And now?", said.conversation.id)
    assert {name: found for name, found in (await everything()).items() if name != "sign_ins"} == {
        name: found for name, found in before.items() if name != "sign_ins"}
    regenerating.cancel()
    await asyncio.wait([regenerating])
    await model.reset()
    assert (await say(ann, "And now?", said.conversation.id)).answer


async def test_question_after_an_expired_lease_is_answered(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello")
    lost = await _store(ann, "Lost", said.conversation.id)
    await abandoned(await stored_message(lost.question.id), since=timedelta(seconds=1))
    assert (await say(ann, "And now?", said.conversation.id)).answer
    again = await chat.regenerate(await context_of(ann), lost.question.id)
    assert again.question.status is MessageStatus.COMPLETE


async def test_question_after_the_pending_one_was_deleted_is_answered(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello")
    pending = await _store(ann, "Never mind", said.conversation.id)
    await chat.delete(await context_of(ann), pending.question.id)
    assert (await say(ann, "And now?", said.conversation.id)).answer


@pytest.mark.usefixtures("eight_connections")
async def test_exchanges_beside_edits_and_deletions_of_one_conversation_are_all_stored():
    """Store 100 exchanges, one at a time as the conversation allows, while 60 edits and 20 deletions change its earlier messages."""
    ann = await seeds.person(time_zone=seeds.noon_zone())
    old = await seeds.said(ann, DAY, *(f"Number {number}" for number in range(40)))
    conversation_id, context = old[0].conversation_id, await context_of(ann)

    async def converse(worker: int) -> None:
        for number in range(20):
            while True:
                try:
                    asked = await _store(ann, f"Question {worker} {number}", conversation_id)
                except Conflict:
                    await asyncio.sleep(0.01)
                    continue
                await _answer(asked)
                break

    async def edit(worker: int) -> None:
        for number in range(20):
            await chat.edit(context, old[(worker * 7 + number) % 20].id, f"Edited {worker} {number}")

    async def delete() -> None:
        for message in old[20:]:
            await chat.delete(context, message.id)

    await asyncio.gather(*(converse(worker) for worker in range(5)), *(edit(worker) for worker in range(3)), delete())
    stored = await rows(Message)
    questions = [message for message in stored if message.role is MessageRole.USER]
    assert len(questions) == 100 + 20 and len(stored) - len(questions) == 100
    assert all(message.answer_lease_until is None for message in stored)
    [used] = await rows(StoredUsage, StoredUsage.purpose == Purpose.CHAT)
    [day] = [row for row in await rows(ActiveDay) if row.day != DAY]
    assert (used.calls, used.input_tokens, day.revision) == (100, 10_000, 100)


@pytest.mark.usefixtures("eight_connections")
async def test_answers_beside_deletions_of_their_conversations_leave_no_message_behind():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    asked = [await _store(ann, f"Question {number}") for number in range(24)]
    ends = await asyncio.gather(
        *(_answer(one) for one in asked), *(chat.delete_conversation(context, one.conversation.id) for one in asked), return_exceptions=True)
    assert [end for end in ends if not isinstance(end, (Exchange, Conflict, Receipt))] == []
    assert await rows(Message) == [] and await rows(Conversation) == []
    [used] = await rows(StoredUsage)
    assert used.calls == 24


async def test_reservations_of_two_instances_never_exceed_the_limit(migrated_database: str):
    """Reserve 160 times 700 tokens of 50,000 while other purposes count their first calls of the day."""
    ann = await seeds.person(time_zone=seeds.noon_zone())

    async def reserve(pool: ConnectionPool) -> int:
        holder = await pool.acquire()
        try:
            return await reserve_tokens(holder, ann.id, DAY, wanted=700, minimum=700, limit=50_000)
        finally:
            pool.release(holder)

    async def count(purpose: Purpose) -> None:
        async with database.transaction() as session:
            await record_usage(session, ann.id, DAY, purpose, Usage(900, 100))

    async with AsyncExitStack() as stack:
        pools = [ConnectionPool(migrated_database, 4) for _ in range(2)]
        for pool in pools:
            stack.push_async_callback(pool.close)
        counts = (count(purpose) for purpose in (Purpose.TITLE, Purpose.SUMMARY, Purpose.DIARY))
        granted = await asyncio.gather(*(reserve(pools[number % 2]) for number in range(160)), *counts)
    reserved = sum(tokens or 0 for tokens in granted)
    stored = await rows(StoredUsage)
    assert sum(row.reserved_tokens for row in stored) == reserved and {row.purpose for row in stored} == set(Purpose) - {Purpose.WEEK}
    assert (50_000 - 3_000) // 700 * 700 <= reserved <= 50_000 // 700 * 700
    assert await _reserve(ann, 3_000, limit=50_000) == 0


@pytest.mark.usefixtures("eight_connections")
async def test_reservations_at_the_same_moment_see_each_other():
    ann = await seeds.person()
    assert await _reserve(ann, 100, limit=1_000) == 100

    async def lock(session: AsyncSession) -> None:
        await session.execute(text("select 1 from usage where purpose = 'CHAT' for update"))

    granted = await _gather_behind(lock, *(_reserve(ann, 300, limit=1_000) for _ in range(7)))
    assert sorted(granted) == [0, 0, 0, 0, 300, 300, 300]


async def _reserve(user: User, tokens: int, *, limit: int) -> int:
    async with database.connection() as connection:
        return await reserve_tokens(connection, user.id, DAY, wanted=tokens, minimum=tokens, limit=limit)


async def test_reservation_takes_the_minimum_where_the_rest_does_not_fit():
    ann = await seeds.person()
    async with database.connection() as connection:
        assert await reserve_tokens(connection, ann.id, DAY, wanted=800, minimum=400, limit=1_000) == 800
        assert await reserve_tokens(connection, ann.id, DAY, wanted=400, minimum=200, limit=1_000) == 200
        assert await reserve_tokens(connection, ann.id, DAY, wanted=1, minimum=1, limit=1_000) == 0


async def test_send_of_a_wrong_kind_or_to_a_missing_conversation_stores_nothing():
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    said = await _answer(await _store(ann, "Remember this"))
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await store_question(ann, NewMessage("But not this", said.conversation.id, temporary=True), Deadline(30))
    assert refused.value.field == "temporary"
    for user, conversation_id in ((bob, said.conversation.id), (ann, uuid4())):
        with pytest.raises(NotFound):
            await store_question(user, NewMessage("Let me in", conversation_id, "a-key"), Deadline(30))
    assert await everything() == before
