"""Temporary conversations that are kept: their words count from then on, and there is no way back."""
from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from jobs.rules.memory import DIARY, PROFILE
from jobs.search_terms import make_terms_of
from persistence import database
from persistence.models import ActiveDay, Conversation, Diary, DiaryDeletion, LineEvidence, Message, Signal
from persistence.models.chat import MessageStatus
from persistence.models.enums import Learning
from resolvers import chat
from resolvers.errors import InvalidInput
from resolvers.memory_settings import ConversationSwitches
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, context_of, everything, move_messages_back, rows, say
from tests.search_results import find_messages
from tests.seeds import DAY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def make_temporary(messages: list[Message]) -> None:
    async with database.transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == messages[0].conversation_id).values(temporary=True))


async def test_keep_temporary_conversation_makes_its_days_due_and_the_night_reads_them(model: Model) -> None:
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "I moved to Hangzhou today.", temporary=True)
    assert not await rows(ActiveDay)
    kept = await chat.update_conversation(await context_of(ann), said.conversation.id, {"temporary": False, "title": "Moving"})
    assert (kept.temporary, kept.title) == (False, "Moving")
    [day] = await rows(ActiveDay)
    assert (day.day, day.revision, day.diary_revision) == (said.question.day, 1, 0)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.update_conversation(await context_of(ann), said.conversation.id, {"temporary": True, "title": "Another"})
    after = await everything()
    assert refused.value.field == "temporary" and {name for name in before if before[name] != after[name]} <= {"sign_ins"}
    await move_messages_back(ann, 1)
    await night()
    assert await rows(Diary) and {row.message_id for row in await rows(LineEvidence)} == {said.question.id}


async def test_keep_conversation_that_is_what_was_asked_changes_nothing_of_its_days() -> None:
    ann = await seeds.person()
    kept, temporary = await seeds.said(ann, DAY, "tea"), await seeds.said(ann, DAY, "cake")
    await make_temporary(temporary)
    context = await context_of(ann)
    assert not (await chat.update_conversation(context, kept[0].conversation_id, {"temporary": False})).temporary
    assert (await chat.update_conversation(context, temporary[0].conversation_id, {"temporary": True})).temporary
    assert not await rows(ActiveDay)
    with pytest.raises(InvalidInput) as refused:
        await chat.update_conversation(context, temporary[0].conversation_id, {"temporary": None})
    assert refused.value.field == "temporary"


async def test_keep_conversation_leaves_days_that_the_jobs_may_not_read() -> None:
    ann = await seeds.person()
    before_deletion, refused = await seeds.said(ann, DAY, "tea"), await seeds.said(ann, DAY.replace(day=21), "cake")
    for messages in (before_deletion, refused):
        await make_temporary(messages)
    async with database.transaction() as session:
        session.add(DiaryDeletion(user_id=ann.id, day=DAY, through_message_id=before_deletion[0].id))
        failed = {"status": MessageStatus.FAILED, "error_code": "QUOTA_EXCEEDED"}
        await session.execute(update(Message).where(Message.id == refused[0].id).values(**failed))
    for messages in (before_deletion, refused):
        assert not (await chat.update_conversation(await context_of(ann), messages[0].conversation_id, {"temporary": False})).temporary
    assert not await rows(ActiveDay)


async def test_keep_conversation_lets_its_messages_be_recalled() -> None:
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "I saw a heron by the river.", "It was fishing.")
    await make_temporary(said)
    await make_terms_of(ann.id)

    async def recalled() -> list[str]:
        return await find_messages(ann.id, "heron", recallable_only=True)

    assert await recalled() == []
    await chat.update_conversation(await context_of(ann), said[0].conversation_id, {"temporary": False})
    assert await recalled() == [said[0].content]


async def test_keep_conversation_while_a_message_is_sent_counts_that_message(model: Model) -> None:
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "One.", temporary=True)
    context = await context_of(ann)
    sent, kept = await asyncio.gather(
        say(ann, "Two.", said.conversation.id), chat.update_conversation(context, said.conversation.id, {"temporary": False}))
    [day] = await rows(ActiveDay)
    assert not kept.temporary and sent.question.day == day.day and day.revision in (1, 2) and day.diary_revision == 0


@pytest.mark.parametrize(("switch", "learning"), [(DIARY, Learning.NONE), (PROFILE, Learning.DIARY)])
async def test_keep_conversation_whose_switch_was_put_off_holds_earlier_messages_to_it(model: Model, switch: str, learning: Learning) -> None:
    ann = await seeds.person(time_zone=seeds.noon_zone())
    said = await say(ann, "I moved to Hangzhou today.", temporary=True)
    context = await context_of(ann)
    await chat.update_conversation(context, said.conversation.id, {"memory": ConversationSwitches({switch: False})})
    assert not await rows(ActiveDay)
    await chat.update_conversation(context, said.conversation.id, {"temporary": False})
    assert {row.learning for row in await rows(Message)} == {learning}
    assert len(await rows(ActiveDay)) == (0 if learning is Learning.NONE else 1)
    await move_messages_back(ann, 1)
    await night()
    assert bool(await rows(Diary)) is (learning is Learning.DIARY) and not await rows(Signal)


async def test_keep_conversation_that_becomes_play_is_not_recalled() -> None:
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "I saw a heron by the river.", "It was fishing.")
    await make_temporary(said)
    await make_terms_of(ann.id)
    kept = await chat.update_conversation(await context_of(ann), said[0].conversation_id, {"temporary": False, "play": True})
    assert (kept.temporary, kept.play) == (False, True)
    for _ in range(2):
        assert not await find_messages(ann.id, "heron", recallable_only=True)
        await make_terms_of(ann.id)
