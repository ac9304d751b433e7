"""Deletion of the account while an answer is under way: the sender gets a typed error, and nothing is stored of the deleted account."""
from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete

from persistence import database
from persistence.models import User
from resolvers import chat
from resolvers.chat import NewMessage
from resolvers.errors import Conflict
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, context_of, everything, say, set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SLOW = {"latency_ms": 1500}


async def delete_account(user: User) -> None:
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == user.id))


async def is_nothing_left_of(user: User) -> bool:
    return not any(str(user.id) in str(row) for kept in (await everything()).values() for row in kept)


async def test_send_while_the_account_is_deleted_raises_conflict(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(**SLOW)
    sending = asyncio.ensure_future(say(ann, "Hello"))
    await model.is_being_asked()
    await delete_account(ann)
    with pytest.raises(Conflict, match="account was deleted"):
        await sending
    assert await is_nothing_left_of(ann)


async def test_regenerate_with_a_limit_while_the_account_is_deleted_raises_conflict(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "Hello")
    with set_to(CHAT_TOKENS_PER_DAY="100000"):
        await model.fail(**SLOW)
        sending = asyncio.ensure_future(chat.regenerate(await context_of(ann), said.question.id))
        await model.is_being_asked()
        await delete_account(ann)
        with pytest.raises(Conflict, match="account was deleted"):
            await sending
    assert await is_nothing_left_of(ann)


async def test_send_that_fails_while_the_account_is_deleted_raises_conflict(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: chat/", kind="empty", latency_ms=1500)
    sending = asyncio.ensure_future(say(ann, "Hello"))
    await model.is_being_asked()
    await delete_account(ann)
    with pytest.raises(Conflict, match="account was deleted"):
        await sending
    assert await is_nothing_left_of(ann)


async def test_stream_while_the_account_is_deleted_raises_conflict(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(**SLOW)
    steps = chat.stream(await context_of(ann), NewMessage("Hello"))
    await steps.__anext__()
    reading = asyncio.ensure_future(steps.__anext__())
    await model.is_being_asked()
    await delete_account(ann)
    with pytest.raises(Conflict, match="account was deleted"):
        await reading
        async for _ in steps:
            pass
    assert await is_nothing_left_of(ann)
