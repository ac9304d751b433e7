"""Deletion through all tables: no row keeps the deleted text, and the data is as if it had never been sent."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import Conversation, Diary, DiaryLine, DiaryVersion, Message, ProfileChange, ProfileValue, Signal, Verdict
from persistence.models.diary import LineKind
from persistence.models.profile import ValueStatus
from resolvers import chat
from resolvers import diary_editing as editing
from resolvers import profile_verdicts as verdicts
from resolvers.diary_editing import DiaryChanges, LineChanges
from tests.jobs.job_setup import Person, add_person, everything, night, rows, say
from tests.resolvers.chat.chat_setup import Model, context_of, model

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

MONDAY = date(2026, 5, 18)
EARLIER, LATER = MONDAY, MONDAY + timedelta(days=2)

ENGLISH = ("I live in Rotterdam now, near the old harbour.", "I live in Zanzibar now. I work as a beekeeper.", "zanzibar", "beekeeper")
CHINESE = ("我住在鹿特丹，每天都去老港口散步。", "我现在住在泉州，我喜欢养蜂。", "泉州", "养蜂")
TALK = ("I like chess a lot.", "Yesterday I ran five kilometres in the rain and felt happy.", "我今天很开心，因为妹妹来看我。")


async def run_all_jobs() -> None:
    """Run the nightly jobs until nothing is due."""
    while (await night()).run_id is not None:
        pass


async def store_days(person: Person, texts: Sequence[str]) -> list[Any]:
    """Store some days of messages, with each text on a separate day among others, run the jobs and return the ids of the texts."""
    said = []
    for number, text in enumerate(texts):
        day = EARLIER + (LATER - EARLIER) * number
        said += await say(person, day, text)
        await say(person, day, TALK[number], TALK[2], hour=12)
    await run_all_jobs()
    return said


async def load_data(person: Person) -> dict[str, Any]:
    """Return the diaries and profile of a user with their evidence, without ids."""
    words = {message.id: message.content for message in await rows(Message, Message.user_id == person.id)}
    current = {(diary.id, diary.version): diary.day for diary in await rows(Diary, Diary.user_id == person.id)}
    lines = [(current[line.diary_id, line.version], line.position, line.kind.value, line.text)
             for line in await rows(DiaryLine, DiaryLine.user_id == person.id) if (line.diary_id, line.version) in current]
    signals = [(signal.slot, signal.value, signal.polarity.value, signal.confidence, signal.stated, signal.week)
               for signal in await rows(Signal, Signal.user_id == person.id) if signal.week or (signal.diary_id, signal.version) in current]
    values = [(value.slot, value.value, value.status.value, value.confidence, value.locked, value.origin.value, [words[id] for id in value.evidence])
              for value in await rows(ProfileValue, ProfileValue.user_id == person.id)]
    versions = [(current[version.diary_id, version.version], version.origin.value, version.summary, version.mood, version.message_count)
                for version in await rows(DiaryVersion, DiaryVersion.user_id == person.id) if (version.diary_id, version.version) in current]
    return {"lines": sorted(lines), "signals": sorted(signals, key=str), "values": sorted(values), "versions": sorted(versions)}


async def count_rows_with(*words: str) -> dict[str, int]:
    """Return the number of rows by table that contain one of the words, in any case."""
    found = {table: sum(any(word in "\0".join(row).casefold() for word in words) for row in kept) for table, kept in (await everything()).items()}
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize(("stays", "goes", "place", "trade"), [ENGLISH, CHINESE], ids=["en", "zh"])
async def test_message_delete_removes_its_text_from_every_table_as_if_it_had_never_been_sent(
    model: Model, stays: str, goes: str, place: str, trade: str
):
    ann, fresh = await add_person(), await add_person()
    [kept, secret] = await store_days(ann, [stays, goes])
    context = await context_of(ann)
    await copy_text_everywhere(ann, secret, context)
    before = await count_rows_with(place, trade)
    assert before.keys() >= {
        "messages", "conversations", "diary_versions", "diary_lines", "line_evidence", "signals", "signal_evidence", "profile_values", "profile_changes",
        "verdicts"}  # fmt: skip
    deleted = await chat.delete(context, secret)
    assert await count_rows_with(place, trade) == {}
    receipt = deleted.receipt
    assert receipt.messages_removed == 2 and receipt.copies_removed == 1 and receipt.lines_removed > 0 and receipt.signals_removed > 0
    assert receipt.values_removed > 0 and receipt.values_restored == 1
    await run_all_jobs()
    assert await count_rows_with(place, trade) == {}
    await say(fresh, EARLIER, stays)
    for number, day in enumerate((EARLIER, LATER)):
        await say(fresh, day, TALK[number], TALK[2], hour=12)
    await run_all_jobs()
    assert await load_data(ann) == await load_data(fresh)


async def copy_text_everywhere(person: Person, secret: Any, context: Any) -> None:
    """Copy the text of `secret` into every place: a fork, a title, a running summary, a second version, a hidden line, a rejected value."""
    fork = await chat.fork_conversation(context, secret)
    [message] = await rows(Message, Message.id == secret)
    async with database.transaction() as session:
        for id in (person.conversation_id, fork.id):
            made = update(Conversation).where(Conversation.id == id)
            last = max(await rows(Message, Message.conversation_id == id), key=lambda row: row.id)
            await session.execute(made.values(title=f"About {message.content}", summary=f"They said: {message.content}", summary_through_message_id=last.id))
    await editing.update(context, LATER, DiaryChanges(tags=["a tag"]))
    [diary] = await rows(Diary, Diary.user_id == person.id, Diary.day == LATER)
    lines = await rows(DiaryLine, DiaryLine.diary_id == diary.id, DiaryLine.version == diary.version)
    telling = next(line for line in lines if line.kind is not LineKind.SUMMARY)
    await editing.update(context, LATER, DiaryChanges(lines=[(telling.id, LineChanges(hidden=True))]))
    await editing.update(context, LATER, DiaryChanges(lines=[(id, LineChanges(hidden=False)) for id in await hidden_lines(person)]))
    learned = await rows(ProfileValue, ProfileValue.user_id == person.id, ProfileValue.slot != "identity.home")
    other = next(value for value in learned if secret in value.evidence)
    await verdicts.reject(context, other.id, None)
    async with database.transaction() as session:
        await session.execute(update(Diary).where(Diary.id == diary.id).values(tags=[]))


async def hidden_lines(person: Person) -> list[Any]:
    current = {(diary.id, diary.version) for diary in await rows(Diary, Diary.user_id == person.id)}
    return [line.id for line in await rows(DiaryLine, DiaryLine.user_id == person.id, DiaryLine.hidden) if (line.diary_id, line.version) in current]


async def test_conversation_delete_removes_its_text_from_every_table(model: Model):
    ann, fresh = await add_person(), await add_person()
    other = await new_conversation(ann)
    await say(ann, EARLIER, ENGLISH[0])
    await say(ann, LATER, ENGLISH[1], conversation_id=other, hour=10)
    await run_all_jobs()
    context = await context_of(ann)
    receipt = await chat.delete_conversation(context, other)
    assert (receipt.messages_removed, receipt.diaries_removed, receipt.values_restored) == (2, 1, 1) and receipt.values_removed >= 2
    assert await count_rows_with(*ENGLISH[2:]) == {}
    await run_all_jobs()
    await say(fresh, EARLIER, ENGLISH[0])
    await run_all_jobs()
    assert await count_rows_with(*ENGLISH[2:]) == {} and await load_data(ann) == await load_data(fresh)


async def test_diary_delete_removes_what_was_learned_from_its_day_and_keeps_the_messages(model: Model):
    ann, fresh = await add_person(), await add_person()
    await store_days(ann, ENGLISH[:2])
    deleted = await editing.delete(await context_of(ann), LATER)
    assert deleted.receipt.diaries_removed == 1 and deleted.receipt.values_restored == 1
    assert (await count_rows_with(*ENGLISH[2:])).keys() == {"messages"}
    await run_all_jobs()
    assert (await count_rows_with(*ENGLISH[2:])).keys() == {"messages"}
    await say(fresh, EARLIER, ENGLISH[0])
    await say(fresh, EARLIER, TALK[0], TALK[2], hour=12)
    await run_all_jobs()
    assert await load_data(ann) == await load_data(fresh)


async def test_message_delete_keeps_a_locked_value_until_it_is_unlocked(model: Model):
    ann = await add_person()
    [_, secret] = await store_days(ann, ENGLISH[:2])
    context = await context_of(ann)
    [home] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    await verdicts.lock(context, home.id)
    await chat.delete(context, secret)
    [locked] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    assert (locked.id, locked.locked, locked.status, list(locked.evidence)) == (home.id, True, ValueStatus.ACTIVE, [])
    assert (await count_rows_with("beekeeper")) == {} and (await count_rows_with("zanzibar")).keys() == {"profile_values", "profile_changes", "verdicts"}
    assert (await verdicts.unlock(context, home.id)).value is None and await count_rows_with("zanzibar") == {}


async def test_message_delete_lowers_the_confidence_of_a_value_with_other_evidence(model: Model):
    ann = await add_person()
    [first, _] = await store_days(ann, ["I live in Zanzibar now.", "I live in Zanzibar now."])
    [before] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    deleted = await chat.delete(await context_of(ann), first)
    [after] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    assert after.confidence < before.confidence and (deleted.receipt.values_lowered, deleted.receipt.values_removed) == (1, 0)
    assert await rows(ProfileChange, ProfileChange.value_key == "zanzibar")


async def test_message_delete_of_a_merged_values_evidence_removes_its_names(model: Model):
    ann = await add_person()
    [_, secret] = await store_days(ann, ["I like playing chess.", "I like to play chess with zebras."])
    from persistence.models import ProfileAlias

    keys = {value.value_key: value for value in await rows(ProfileValue, ProfileValue.slot == "preferences.activities")}
    going = next(key for key in keys if "zebra" in key)
    staying = next(key for key, value in keys.items() if secret not in value.evidence)
    async with database.transaction() as session:
        session.add(ProfileAlias(user_id=ann.id, slot="preferences.activities", from_key=going, into_key=staying))
    await verdicts.set_value(await context_of(ann), "identity.home", "Bern")
    deleted = await chat.delete(await context_of(ann), secret)
    assert deleted.receipt.signals_removed > 0 and await count_rows_with("zebra") == {} and await rows(Verdict)


async def new_conversation(person: Person) -> Any:
    from persistence.ids import uuid7

    id = uuid7()
    async with database.transaction() as session:
        session.add(Conversation(user_id=person.id, id=id))
    return id
