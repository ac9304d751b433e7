"""Rows for tests that read: users, their messages, the diaries and profiles made of them, and functions that query them."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

from graphql import parse
from sqlalchemy import delete, event, update

from jobs.rules.slots import value_key
from persistence import database
from persistence.connection_holder import ConnectionHolder
from persistence.database import engine
from persistence.ids import uuid7
from persistence.models import Conversation, Diary, Message, ProfileChange, ProfileValue, SignalEvidence, SignIn, User
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.diary import LineKind, Origin, Polarity
from persistence.models.profile import ValueOrigin, ValueStatus
from persistence.queries.diary_writes import NewEntry, StoredLine, StoredQuote, StoredSignal, save_entry, save_signals
from resolvers import tokens

DAY = date(2026, 5, 20)
"""A Wednesday."""


def noon_zone() -> str:
    """Return a time zone where it is about noon now, so that no day of the user ends during the test."""
    return f"Etc/GMT{datetime.now(timezone.utc).hour - 12:+d}"


async def person(name: str = "ann", *, time_zone: str = "Asia/Shanghai", day_ends_at: int = 0) -> User:
    user = User(
        id=uuid7(), email=f"{name}@example.org", password_hash="no password opens this", nickname=name,
        time_zone=time_zone, locale="en", day_ends_at=day_ends_at,
    )  # fmt: skip
    return await _add(user)


async def bearer(user: User) -> str:
    """Return an access token of a new session."""
    until = datetime.now(timezone.utc) + timedelta(days=1)
    signed_in = await _add(SignIn(user_id=user.id, id=uuid7(), expires_at=until))
    return tokens.issue_access_token(user.id, signed_in.id)[0]


async def said(user: User, day: date, *texts: str) -> list[Message]:
    """Store questions of one conversation, from noon of the user's day on, a minute apart."""
    noon = datetime.combine(day, time(12), ZoneInfo(user.time_zone)).astimezone(timezone.utc)
    conversation = Conversation(user_id=user.id, id=uuid7(noon), title="A talk", last_message_at=noon)
    messages = [
        Message(
            user_id=user.id, id=uuid7(noon + timedelta(minutes=minute)), conversation_id=conversation.id,
            role=MessageRole.USER, content=text, status=MessageStatus.COMPLETE, day=day, time_zone=user.time_zone,
            created_at=noon + timedelta(minutes=minute),
        )
        for minute, text in enumerate(texts)
    ]  # fmt: skip
    async with database.transaction() as session:
        session.add(conversation)
        await session.flush()
        session.add_all(messages)
    return messages


def quote(message: Message, words: str | None = None) -> StoredQuote:
    """Return a quote of `words` of the message, or of all of it."""
    words = message.content if words is None else words
    return StoredQuote(message.id, words, message.content.index(words), message.day, message.created_at)


def line(kind: LineKind, text: str, *quotes: StoredQuote, hidden: bool = False, by_person: bool = False) -> StoredLine:
    return StoredLine(kind, text, quotes, by_person, hidden)


def signal(
    slot: str, value: str, *quotes: StoredQuote, polarity: Polarity = Polarity.POSITIVE, stated: bool = True
) -> StoredSignal:
    return StoredSignal(slot, value, value_key(value), polarity, 0.9, stated, quotes)


async def diary(
    user: User,
    day: date,
    lines: Sequence[StoredLine] = (),
    signals: Sequence[StoredSignal] = (),
    *,
    summary: str = "A day.",
    mood: int | None = 4,
    messages: int = 3,
    origin: Origin = Origin.MODEL,
    tags: Sequence[str] = (),
) -> UUID:
    """Store an entry as the day's next version, as the daily diary job does."""
    entry = NewEntry(origin, summary, mood, lines, signals, 1, messages, 2, model="a-model", prompt_version="diary/1")
    async with database.transaction() as session:
        diary_id = await save_entry(session, user.id, day, entry)
        stored = await session.get_one(Diary, (user.id, diary_id))
        stored.tags = list(tags)
    return diary_id


async def whole_day(user: User, day: date) -> UUID:
    """Store a day with three messages, each quoted by lines and signals."""
    ran, tired, home = await said(user, day, "I ran 5 km before work", "今天很累，但是很开心", "I live in Hangzhou now")
    return await diary(
        user, day,
        [line(LineKind.SUMMARY, "Ran in the morning.", quote(ran, "ran 5 km")),
         line(LineKind.HIGHLIGHT, "Five kilometres!", quote(ran), quote(tired, "很开心")),
         line(LineKind.ACTIVITY, "Running", quote(ran, "ran")),
         line(LineKind.EMOTION, "开心", quote(tired, "开心"))],
        [signal("identity.home", "Hangzhou", quote(home)), signal("preferences.activities", "running", quote(ran, "ran 5 km"))],
        summary="Ran in the morning. 很累，但是很开心。",
    )  # fmt: skip


async def week_review(user: User, monday: date, *signals: StoredSignal) -> None:
    async with database.transaction() as session:
        await save_signals(session, user.id, signals, week=monday)


async def value(user: User, slot: str, text: str, *messages: Message, **columns: Any) -> ProfileValue:
    """Store a profile value that is supported by messages."""
    at = messages[0].created_at if messages else datetime(2026, 5, 1, tzinfo=timezone.utc)
    given = {"status": ValueStatus.ACTIVE, "confidence": 0.8, "locked": False, "origin": ValueOrigin.STATED, **columns}
    return await _add(ProfileValue(
        user_id=user.id, id=uuid7(), slot=slot, value=text, value_key=value_key(text), first_seen_at=at,
        last_seen_at=messages[-1].created_at if messages else at, evidence=[message.id for message in messages], **given,
    ))  # fmt: skip


async def change(user: User, slot: str, text: str, **columns: Any) -> ProfileChange:
    """Store a profile change; by default the addition of a value."""
    given = {"before": None, "after": text, "status_after": ValueStatus.ACTIVE, "confidence_after": 0.6, "reason": "NIGHT: ADDED"}
    return await _add(ProfileChange(user_id=user.id, id=uuid7(), slot=slot, value_key=value_key(text), **{**given, **columns}))


async def delete_message(message: Message) -> None:
    async with database.transaction() as session:
        await session.execute(delete(Message).where(Message.user_id == message.user_id, Message.id == message.id))


async def withdraw_quotes(message: Message) -> None:
    """Mark what signals quote of the message as withdrawn."""
    async with database.transaction() as session:
        theirs = (SignalEvidence.user_id == message.user_id, SignalEvidence.message_id == message.id)
        await session.execute(update(SignalEvidence).where(*theirs).values(withdrawn=True))


async def ask(document: str, variables: dict[str, Any] | None = None, *, token: str | None = None, operation: str | None = None) -> dict[str, Any]:
    """Return the answer of the whole application to one GraphQL request; `operation` selects one of several in the document."""
    from httpx2 import ASGITransport, AsyncClient

    from graph.asgi import app

    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with AsyncClient(transport=ASGITransport(app()), base_url="http://unilife.test", headers=headers) as client:
        request = client.post("/graphql", json={"query": document, "variables": variables or {}, "operationName": operation})
        response = await asyncio.create_task(request)  # with a context of its own, as a server has it, so that what the test does next is not part of it
    answer: dict[str, Any] = response.json()
    if "errors" not in answer and None in (answer.get("data") or {}).values():
        _check_nulls(document, answer["data"])
    return answer


def _check_nulls(document: str, data: dict[str, Any]) -> None:
    """Check that a root field which is null without an error is one for which null is a value, as the schema says of the others (`@semanticNonNull`)."""
    from graph.permissions import NULL_WITHOUT_ERROR
    from graph.schema_parts import list_root_fields

    names = {name for _, name in list_root_fields(parse(document))}
    assert names & NULL_WITHOUT_ERROR, f"{[name for name, value in data.items() if value is None]} is null without an error"


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield a list of the SQL statements that run during the context, through SQLAlchemy or the connection pool."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    async def fetch(link: ConnectionHolder, statement: str, *given: Any) -> Any:
        seen.append(statement)
        return await straight(link, statement, *given)

    straight, listening = ConnectionHolder.fetch, engine().sync_engine
    event.listen(listening, "before_cursor_execute", note)
    try:
        with patch.object(ConnectionHolder, "fetch", fetch):
            yield seen
    finally:
        event.remove(listening, "before_cursor_execute", note)


async def _add(row: Any) -> Any:
    async with database.transaction() as session:
        session.add(row)
    return row
