"""Helpers of the chat's tests: a request context, settings for one test, sent messages."""
from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from sqlalchemy import select, update

import llm.client
import settings
from jobs.deadline import Deadline
from jobs.rules.day import day_bounds
from llm.chat import Background
from persistence import database
from persistence.models import ActiveDay, Message, User
from persistence.models.chat import MessageStatus
from persistence.queries.prompt_inputs import INPUTS, PromptInputs, to_inputs
from resolvers import chat
from resolvers.chat import Exchange, NewMessage
from resolvers.chat.background import read_background
from resolvers.context import Context
from tests import seeds
from tests.jobs.job_setup import ModelServer, everything, rows

__all__ = [
    "Model", "abandoned", "active", "background_of", "context_of", "everything", "model", "move_messages_back", "prompt_inputs", "rows", "say", "set_to",
    "stored_message",
]


class Model(ModelServer):
    async def calls(self) -> dict[str, int]:
        """Return the number of calls by task since the test began."""
        return {name.partition("/")[0]: count for name, count in (await self.stats())["by_task"].items()}

    async def is_being_asked(self) -> None:
        """Wait until a call is in flight that gets no answer (the fault "silent")."""
        while not (await self.stats())["in_flight"]:
            pass


@pytest.fixture
async def model(model_server: str, anyio_backend: str) -> AsyncIterator[Model]:
    """Return the offline model with faults and counts reset."""
    server = Model(model_server)
    await server.reset()
    yield server
    await server.reset()
    await llm.client.close()


async def context_of(user: User, *, seconds: float = 30.0) -> Context:
    """Return the context of a request by this user with that many seconds left."""
    return Context(request_id="a-request", deadline=Deadline(seconds), bearer=await seeds.bearer(user))


async def say(user: User, content: str, conversation_id: UUID | None = None, **sending: Any) -> Exchange:
    return await chat.send(await context_of(user), NewMessage(content, conversation_id, **sending))


@contextmanager
def set_to(**variables: str) -> Iterator[None]:
    """Override settings within a `with` block."""
    with patch.dict("os.environ", variables):
        settings.current.cache_clear()
        try:
            yield
        finally:
            settings.current.cache_clear()
    settings.current.cache_clear()


async def active(user: User, day: date, *, revision: int = 1) -> None:
    """Store an active day of the user whose diary is up to date."""
    starts_at, ends_at = day_bounds(day, user.time_zone, user.day_ends_at)
    async with database.transaction() as session:
        session.add(ActiveDay(user_id=user.id, day=day, starts_at=starts_at, ends_at=ends_at, revision=revision, diary_revision=revision))


async def prompt_inputs(user: User) -> PromptInputs:
    """Return the inputs of a prompt in a new conversation of the user."""
    async with database.connection() as connection:
        [row] = await connection.fetch(f"select null, {INPUTS}", user.id)
    return to_inputs(*row)


async def background_of(user: User, question: Message) -> Background:
    """Return the background of a stored question."""
    return await read_background(user, question, await prompt_inputs(user))


FAR = 100_000
"""Days, more than lie between any two messages of the tests."""


async def move_messages_back(user: User, days: int) -> None:
    """Move all messages of the user that many days into the past."""
    past = timedelta(days=days)
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.user_id == user.id).values(day=Message.day - days, created_at=Message.created_at - past))
        moved = {"starts_at": ActiveDay.starts_at - past, "ends_at": ActiveDay.ends_at - past}
        for shift in (days + FAR, -FAR):  # in two steps, because one row's new day may be another's old one
            await session.execute(update(ActiveDay).where(ActiveDay.user_id == user.id).values(day=ActiveDay.day - shift, **moved))
            moved = {}


async def stored_message(message_id: UUID) -> Message:
    """Return the message as it is stored now."""
    async with database.session() as session:
        return (await session.scalars(select(Message).where(Message.id == message_id))).one()


async def abandoned(message: Message, *, since: timedelta) -> None:
    """Make the message a pending question whose answer lease ended `since` ago; with a negative `since` it is still valid."""
    columns = {"status": MessageStatus.PENDING, "answer_lease_until": datetime.now(timezone.utc) - since}
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == message.id).values(**columns))
