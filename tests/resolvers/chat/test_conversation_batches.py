"""Several conversations at once: one receipt, what is not there is named and holds up no other."""
from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from persistence.models import Conversation, Diary, Message, ProfileValue
from resolvers import chat
from resolvers.chat import make_filter
from resolvers.errors import InvalidInput
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, everything, move_messages_back, rows, say
from tests.resolvers.chat.test_conversations import make_conversations

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def test_delete_conversations_gives_one_receipt_and_names_the_missing(model: Model) -> None:
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    first, second = await say(ann, "I like green tea."), await say(ann, "I work as a nurse and I like green tea.")
    copy = await chat.fork_conversation(await context_of(ann), first.answer.id)
    kept = await say(ann, "I live in Oslo.")
    [others] = await make_conversations(bob, "green tea")
    await move_messages_back(ann, 1)
    while (await night()).run_id is not None:
        pass
    values = {row.value for row in await rows(ProfileValue)}
    assert any("green tea" in value for value in values) and await rows(Diary)
    missing = [others.id, uuid4()]
    deleted = await chat.delete_conversations(
        await context_of(ann), [first.conversation.id, missing[0], second.conversation.id, missing[1], first.conversation.id])
    assert (deleted.deleted, deleted.missing) == ([first.conversation.id, second.conversation.id], missing)
    left = {row.value for row in await rows(ProfileValue)}
    assert (deleted.receipt.messages_removed, deleted.receipt.copies_removed, deleted.receipt.values_removed) == (4, 2, len(values - left))
    assert not any("tea" in value or "nurse" in value for value in left) and any("Oslo" in value for value in left)
    assert {row.id for row in await rows(Conversation)} == {copy.id, kept.conversation.id, others.id}
    assert {row.conversation_id for row in await rows(Message)} == {kept.conversation.id, others.id}


@pytest.mark.parametrize("number", [0, 101])
async def test_delete_and_archive_conversations_none_or_too_many_are_refused(number: int) -> None:
    ann = await seeds.person()
    [made] = await make_conversations(ann, "tea")
    context = await context_of(ann)
    ids = [made.id, *(uuid4() for _ in range(100))][:number]
    before = await everything()
    for attempt in (chat.delete_conversations(context, ids), chat.archive_conversations(context, ids, True)):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert refused.value.field == "conversationIds"
    assert await everything() == before


async def test_archive_conversations_changes_those_that_are_not_so_and_names_the_missing() -> None:
    ann, bob = await seeds.person(), await seeds.person("bob")
    one, two, three = await make_conversations(ann, "one", "two", "three")
    [others] = await make_conversations(bob, "others")
    context = await context_of(ann)
    before = await chat.update_conversation(context, two.id, {"archived": True})
    archived = await chat.archive_conversations(context, [two.id, others.id, one.id], True)
    assert [(row.id, row.archived) for row in archived.conversations] == [(two.id, True), (one.id, True)] and archived.missing == [others.id]
    assert archived.conversations[0].updated_at == before.updated_at
    assert [row.id for row in (await chat.list_conversations(context, make_filter(), limit=9)).rows] == [three.id]
    assert not (await rows(Conversation, Conversation.id == others.id))[0].archived
    back = await chat.archive_conversations(context, [one.id, two.id], False)
    assert not any(row.archived for row in back.conversations) and await chat.count_conversations(context, make_filter()) == 3


async def test_archive_and_delete_conversations_concurrently_in_any_order_all_end() -> None:
    ann = await seeds.person()
    ids: list[UUID] = [row.id for row in await make_conversations(ann, *map(str, range(12)))]
    contexts = [await context_of(ann) for _ in range(4)]
    results = await asyncio.gather(
        chat.archive_conversations(contexts[0], ids, True), chat.archive_conversations(contexts[1], ids[::-1], False),
        chat.delete_conversations(contexts[2], ids[6:]), chat.delete_conversations(contexts[3], ids[:5:-1]))
    assert len(results[2].deleted) + len(results[3].deleted) == 6
    assert {row.id for row in await rows(Conversation)} == set(ids[:6])
