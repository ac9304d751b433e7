"""Import of conversations from other products: with their times, days and order, and repeatable."""
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from jobs.rules.day import day_bounds
from persistence import database
from persistence.models import ActiveDay, Conversation, Message, User
from persistence.models.chat import MessageRole
from persistence.queries.chat_reads import ImportCounts, ImportedMessage, import_messages
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, everything, rows, say
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

NOON = datetime(2026, 5, 20, 4, tzinfo=timezone.utc)


def make_message(key: str, role: MessageRole = MessageRole.USER, *, conversation: str = "a", days: int = 0, seconds: int = 0) -> ImportedMessage:
    return ImportedMessage(
        key=key, conversation=conversation, role=role, content=f"text of {key}", sent_at=NOON + timedelta(days=days, seconds=seconds),
        day=DAY + timedelta(days=days), time_zone="Asia/Shanghai", title=f"Talk {conversation}")


async def import_all(user: User, messages: Sequence[ImportedMessage]) -> ImportCounts:
    async with database.transaction() as session:
        return await import_messages(session, user.id, messages, day_bounds=lambda day: day_bounds(day, user.time_zone, user.day_ends_at))


async def in_order() -> list[Message]:
    return sorted(await rows(Message), key=lambda found: found.id)


EXPORT = [
    make_message("1"), make_message("2", MessageRole.ASSISTANT), make_message("3", seconds=5), make_message("4", MessageRole.ASSISTANT, seconds=5),
    make_message("5", days=1), make_message("6", MessageRole.ASSISTANT, days=1), make_message("7", conversation="b", days=1),
]  # fmt: skip


async def test_import_messages_export_keeps_times_days_and_order():
    ann = await seeds.person()
    assert await import_all(ann, EXPORT) == ImportCounts(added=7, already_there=0)
    stored = await in_order()
    assert sorted(row.content for row in stored) == [f"text of {number}" for number in range(1, 8)]
    talk = [row for row in stored if row.content != "text of 7"]
    assert [row.content for row in talk] == [f"text of {number}" for number in range(1, 7)]
    assert [row.reply_to for row in talk] == [None, talk[0].id, None, talk[2].id, None, talk[4].id]
    assert [(row.created_at, row.day, row.time_zone) for row in talk] == [(item.sent_at, item.day, "Asia/Shanghai") for item in EXPORT[:6]]
    conversations = {row.title: row.last_message_at for row in await rows(Conversation)}
    assert conversations == {"Talk a": NOON + timedelta(days=1), "Talk b": NOON + timedelta(days=1)}
    assert {row.day: row.revision for row in await rows(ActiveDay)} == {DAY: 1, DAY + timedelta(days=1): 1}


async def test_import_messages_repeated_changes_nothing():
    ann = await seeds.person()
    await import_all(ann, EXPORT)
    before = await everything()
    assert await import_all(ann, EXPORT) == ImportCounts(added=0, already_there=7)
    assert await everything() == before


async def test_import_messages_later_export_continues_the_conversation():
    ann = await seeds.person()
    await import_all(ann, EXPORT[:5])
    assert await import_all(ann, [*EXPORT[:5], EXPORT[5], make_message("8", days=2)]) == ImportCounts(added=2, already_there=5)
    assert len(await rows(Conversation)) == 1
    stored = await in_order()
    assert [row.content for row in stored] == [f"text of {key}" for key in (1, 2, 3, 4, 5, 6, 8)]
    assert stored[5].reply_to == stored[4].id
    assert {row.day: row.revision for row in await rows(ActiveDay)} == {DAY + timedelta(days=days): 1 for days in range(3)}


async def test_import_messages_branched_conversation_continues_the_first_one():
    ann = await seeds.person()
    shared = [replace(message, conversation="branch") for message in EXPORT[:2]]
    assert await import_all(ann, [*EXPORT[:2], *shared]) == ImportCounts(added=2, already_there=2)
    assert len(await rows(Conversation)) == 1
    later = make_message("9", MessageRole.ASSISTANT, conversation="branch", seconds=9)
    assert await import_all(ann, [*shared, later]) == ImportCounts(added=1, already_there=2)
    assert len(await rows(Conversation)) == 1 and (await in_order())[-1].reply_to == (await in_order())[0].id


async def test_import_messages_conversation_that_meets_another_one_is_stored_in_both():
    ann = await seeds.person()
    meeting = [make_message("8", conversation="c"), replace(EXPORT[0], conversation="c"), make_message("9", conversation="c", seconds=9)]
    counts = await import_all(ann, [*EXPORT, *meeting])
    assert (counts.added, counts.already_there, counts.conversations) == (9, 1, 3)
    titles = {row.id: row.title for row in await rows(Conversation)}
    assert {row.content: titles[row.conversation_id] for row in await rows(Message) if row.idempotency_key in ("8", "9")} == {
        "text of 8": "Talk c", "text of 9": "Talk a"}


async def test_import_messages_repeated_key_is_added_once():
    ann = await seeds.person()
    assert await import_all(ann, [EXPORT[0], EXPORT[0]]) == ImportCounts(added=1, already_there=1)


async def test_import_messages_two_at_once_add_each_message_once():
    ann = await seeds.person()
    counts = await asyncio.gather(import_all(ann, EXPORT), import_all(ann, EXPORT))
    assert sorted(item.added for item in counts) == [0, 7] and len(await rows(Message)) == 7


async def test_import_messages_same_file_for_two_users_is_kept_apart(model: Model):
    ann, bob = await seeds.person(), await seeds.person("bob")
    export = [replace(EXPORT[0], content="My sister Mei is a violinist in Vienna."), *EXPORT[1:]]
    await import_all(ann, export)
    assert (await import_all(bob, export)).added == 7
    [conversation] = [row for row in await rows(Conversation) if row.user_id == bob.id and row.title == "Talk a"]
    assert "Mei is a violinist" in (await say(bob, "What do you remember about me?", conversation.id)).answer.content
