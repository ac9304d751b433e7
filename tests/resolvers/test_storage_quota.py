"""Storage quota of a user: what counts, and what is refused over the quota."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import Conversation, Message, User, UserStorage
from persistence.queries import storage as counter
from resolvers import chat, diary_editing, profile_verdicts, storage_quota
from resolvers.chat.conversations import fork_conversation
from resolvers.errors import StorageExceeded
from tests import seeds
from tests.jobs.job_setup import everything, rows
from tests.resolvers.chat.chat_setup import Model, context_of, model, say, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def counted(user: User) -> int:
    return sum(row.bytes for row in await rows(UserStorage, UserStorage.user_id == user.id))


async def is_refused(work: Awaitable[Any]) -> None:
    """Check that the work is refused and changes nothing but the time of the last recount."""
    before = {name: found for name, found in (await everything()).items() if name not in ("user_storage", "sign_ins")}
    with pytest.raises(StorageExceeded, match="delete"):
        await work
    assert {name: found for name, found in (await everything()).items() if name not in ("user_storage", "sign_ins")} == before


async def test_storage_quota_message_and_answer_are_counted(model: Model) -> None:
    ann = await seeds.person()
    exchange = await say(ann, "你好" * 100)
    expected = sum(storage_quota.size(message.content) for message in (exchange.question, exchange.answer))
    assert await counted(ann) == expected > 2 * counter.ROW_BYTES


async def test_send_over_the_storage_quota_is_refused_until_messages_are_deleted(model: Model) -> None:
    ann = await seeds.person()
    first = await say(ann, "x" * 3_000)
    with set_to(STORAGE_PER_USER="8000"):
        await is_refused(say(ann, "y" * 3_500))
        await is_refused(say(ann, "y" * 3_500, idempotency_key="k"))
        await chat.delete(await context_of(ann), first.question.id)
        async with database.transaction() as session:
            await session.execute(update(UserStorage).values(recounted_at=UserStorage.recounted_at - counter.RECOUNT_AFTER - timedelta(minutes=1)))
        exchange = await say(ann, "y" * 3_500)
    assert exchange.question.content == "y" * 3_500


async def test_storage_quota_repeated_refusals_recount_rows_once(model: Model) -> None:
    ann = await seeds.person()
    await say(ann, "x" * 3_000)
    with set_to(STORAGE_PER_USER="5000"):
        for _ in range(4):
            with pytest.raises(StorageExceeded):
                await say(ann, "y" * 3_500)
        [row] = await rows(UserStorage)
        with seeds.statements() as seen, pytest.raises(StorageExceeded):
            await say(ann, "y" * 3_500)
    assert not any("octet_length" in statement for statement in seen) and row.recounted_at is not None


async def test_send_repeated_idempotency_key_is_counted_once(model: Model) -> None:
    ann = await seeds.person()
    await say(ann, "hello", idempotency_key="k")
    before = await counted(ann)
    await say(ann, "hello", idempotency_key="k")
    assert await counted(ann) == before


async def test_fork_conversation_over_the_storage_quota_is_refused(model: Model) -> None:
    ann = await seeds.person()
    exchange = await say(ann, "x" * 3_000)
    with set_to(STORAGE_PER_USER="7000"):
        await is_refused(fork_conversation(await context_of(ann), exchange.question.id))
    await fork_conversation(await context_of(ann), exchange.question.id)
    assert len(await rows(Conversation)) == 2 and await counted(ann) > 7000


async def test_message_edit_over_the_storage_quota_is_refused(model: Model) -> None:
    ann = await seeds.person()
    exchange = await say(ann, "x")
    with set_to(STORAGE_PER_USER="4000"):
        await is_refused(chat.edit(await context_of(ann), exchange.question.id, "z" * 10_000))
        await chat.edit(await context_of(ann), exchange.question.id, "zz")
    assert [row.content for row in await rows(Message, Message.id == exchange.question.id)] == ["zz"]


async def test_diary_update_and_set_value_over_the_storage_quota_are_refused() -> None:
    ann = await seeds.person()
    diary_id = await seeds.whole_day(ann, seeds.DAY)
    with set_to(STORAGE_PER_USER="1000"):
        await is_refused(diary_editing.update(await context_of(ann), diary_id, {"summary": "s" * 900}))
    with set_to(STORAGE_PER_USER="400"):
        await is_refused(profile_verdicts.set_value(await context_of(ann), "preferences.food", "tea"))
    await diary_editing.update(await context_of(ann), diary_id, {"summary": "s" * 900})
    assert await counted(ann) > 900


async def test_message_send_over_the_storage_quota_returns_storage_exceeded_error(model: Model) -> None:
    ann = await seeds.person()
    document = """mutation { messageSend(input: {content: "hello"}) { __typename ... on Error { code message } ... on StorageExceededError { limit } } }"""
    with set_to(STORAGE_PER_USER="100"):
        answer = await seeds.ask(document, token=await seeds.bearer(ann))
    assert answer["data"]["messageSend"]["code"] == "STORAGE_EXCEEDED" and answer["data"]["messageSend"]["limit"] == 100
    assert await rows(Message) == []


async def test_storage_quota_of_zero_is_unlimited(model: Model) -> None:
    with set_to(STORAGE_PER_USER="0"):
        await say(await seeds.person(), "x" * 10_000)
    assert len(await rows(Message)) == 2
