"""Forgetting is what delete means: no row anywhere holds the words, and all is as if they had never been said."""
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


async def asleep() -> None:
    """Nights until nothing is due."""
    while (await night()).run_id is not None:
        pass


async def a_life(person: Person, texts: Sequence[str]) -> list[Any]:
    """Some days of talk; each text is said on a day of its own, among other things. Gives the ids of the texts."""
    said = []
    for number, text in enumerate(texts):
        day = EARLIER + (LATER - EARLIER) * number
        said += await say(person, day, text)
        await say(person, day, TALK[number], TALK[2], hour=12)
    await asleep()
    return said


async def life_of(person: Person) -> dict[str, Any]:
    """What diaries and profile say of a person and by which words, whatever the ids."""
    words = {message.id: message.content for message in await rows(Message, Message.user_id == person.id)}
    present = {(diary.id, diary.version): diary.day for diary in await rows(Diary, Diary.user_id == person.id)}
    lines = [(present[line.diary_id, line.version], line.position, line.kind.value, line.text)
             for line in await rows(DiaryLine, DiaryLine.user_id == person.id) if (line.diary_id, line.version) in present]
    signals = [(signal.slot, signal.value, signal.polarity.value, signal.confidence, signal.stated, signal.week)
               for signal in await rows(Signal, Signal.user_id == person.id) if signal.week or (signal.diary_id, signal.version) in present]
    values = [(value.slot, value.value, value.status.value, value.confidence, value.locked, value.origin.value, [words[id] for id in value.evidence])
              for value in await rows(ProfileValue, ProfileValue.user_id == person.id)]
    versions = [(present[version.diary_id, version.version], version.origin.value, version.summary, version.mood, version.message_count)
                for version in await rows(DiaryVersion, DiaryVersion.user_id == person.id) if (version.diary_id, version.version) in present]
    return {"lines": sorted(lines), "signals": sorted(signals, key=str), "values": sorted(values), "versions": sorted(versions)}


async def holding(*words: str) -> dict[str, int]:
    """How many rows of which table hold one of the words, in whatever spelling a key or title might give them."""
    found = {table: sum(any(word in "\0".join(row).casefold() for word in words) for row in kept) for table, kept in (await everything()).items()}
    return {table: count for table, count in found.items() if count}


@pytest.mark.parametrize(("stays", "goes", "place", "trade"), [ENGLISH, CHINESE], ids=["en", "zh"])
async def test_after_a_message_is_deleted_no_row_holds_its_words_and_all_is_as_if_it_had_never_been_said(
    model: Model, stays: str, goes: str, place: str, trade: str
):
    ann, fresh = await add_person(), await add_person()
    [kept, secret] = await a_life(ann, [stays, goes])
    context = await context_of(ann)
    await touched_everywhere(ann, secret, context)
    before = await holding(place, trade)
    assert before.keys() >= {
        "messages", "conversations", "diary_versions", "diary_lines", "line_evidence", "signals", "signal_evidence", "profile_values", "profile_changes",
        "verdicts"}  # fmt: skip
    deleted = await chat.delete(context, secret)
    assert await holding(place, trade) == {}
    receipt = deleted.receipt
    assert receipt.messages_removed == 2 and receipt.copies_removed == 1 and receipt.lines_removed > 0 and receipt.signals_removed > 0
    assert receipt.values_removed > 0 and receipt.values_restored == 1
    await asleep()
    assert await holding(place, trade) == {}
    await say(fresh, EARLIER, stays)
    for number, day in enumerate((EARLIER, LATER)):
        await say(fresh, day, TALK[number], TALK[2], hour=12)
    await asleep()
    assert await life_of(ann) == await life_of(fresh)


async def touched_everywhere(person: Person, secret: Any, context: Any) -> None:
    """Leave the words wherever they can be: a fork, a title, a running summary, a second version, a hidden line, a rejected value."""
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
    learnt = await rows(ProfileValue, ProfileValue.user_id == person.id, ProfileValue.slot != "identity.home")
    other = next(value for value in learnt if secret in value.evidence)
    await verdicts.reject(context, other.id, None)
    async with database.transaction() as session:
        await session.execute(update(Diary).where(Diary.id == diary.id).values(tags=[]))


async def hidden_lines(person: Person) -> list[Any]:
    present = {(diary.id, diary.version) for diary in await rows(Diary, Diary.user_id == person.id)}
    return [line.id for line in await rows(DiaryLine, DiaryLine.user_id == person.id, DiaryLine.hidden) if (line.diary_id, line.version) in present]


async def test_a_deleted_conversation_takes_its_words_along_everywhere(model: Model):
    ann, fresh = await add_person(), await add_person()
    other = await new_conversation(ann)
    await say(ann, EARLIER, ENGLISH[0])
    await say(ann, LATER, ENGLISH[1], conversation_id=other, hour=10)
    await asleep()
    context = await context_of(ann)
    receipt = await chat.delete_conversation(context, other)
    assert (receipt.messages_removed, receipt.diaries_removed, receipt.values_restored) == (2, 1, 1) and receipt.values_removed >= 2
    assert await holding(*ENGLISH[2:]) == {}
    await asleep()
    await say(fresh, EARLIER, ENGLISH[0])
    await asleep()
    assert await holding(*ENGLISH[2:]) == {} and await life_of(ann) == await life_of(fresh)


async def test_a_deleted_diary_takes_what_was_learnt_from_its_day_and_the_messages_stay(model: Model):
    ann, fresh = await add_person(), await add_person()
    await a_life(ann, ENGLISH[:2])
    deleted = await editing.delete(await context_of(ann), LATER)
    assert deleted.receipt.diaries_removed == 1 and deleted.receipt.values_restored == 1
    assert (await holding(*ENGLISH[2:])).keys() == {"messages"}
    await asleep()
    assert (await holding(*ENGLISH[2:])).keys() == {"messages"}
    await say(fresh, EARLIER, ENGLISH[0])
    await say(fresh, EARLIER, TALK[0], TALK[2], hour=12)
    await asleep()
    assert await life_of(ann) == await life_of(fresh)


async def test_a_locked_value_is_the_persons_own_word_and_stays(model: Model):
    ann = await add_person()
    [_, secret] = await a_life(ann, ENGLISH[:2])
    context = await context_of(ann)
    [home] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    await verdicts.lock(context, home.id)
    await chat.delete(context, secret)
    [locked] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    assert (locked.id, locked.locked, locked.status, list(locked.evidence)) == (home.id, True, ValueStatus.ACTIVE, [])
    assert (await holding("beekeeper")) == {} and (await holding("zanzibar")).keys() == {"profile_values", "profile_changes", "verdicts"}
    assert (await verdicts.unlock(context, home.id)).value is None and await holding("zanzibar") == {}


async def test_what_also_stands_on_other_words_is_less_sure(model: Model):
    ann = await add_person()
    [first, _] = await a_life(ann, ["I live in Zanzibar now.", "I live in Zanzibar now."])
    [before] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    deleted = await chat.delete(await context_of(ann), first)
    [after] = await rows(ProfileValue, ProfileValue.value == "Zanzibar")
    assert after.confidence < before.confidence and (deleted.receipt.values_lowered, deleted.receipt.values_removed) == (1, 0)
    assert await rows(ProfileChange, ProfileChange.value_key == "zanzibar")


async def test_deleting_the_words_of_a_merged_value_leaves_neither_name_of_it(model: Model):
    ann = await add_person()
    [_, secret] = await a_life(ann, ["I like playing chess.", "I like to play chess with zebras."])
    from persistence.models import ProfileAlias

    keys = {value.value_key: value for value in await rows(ProfileValue, ProfileValue.slot == "preferences.activities")}
    going = next(key for key in keys if "zebra" in key)
    staying = next(key for key, value in keys.items() if secret not in value.evidence)
    async with database.transaction() as session:
        session.add(ProfileAlias(user_id=ann.id, slot="preferences.activities", from_key=going, into_key=staying))
    await verdicts.set_value(await context_of(ann), "identity.home", "Bern")
    deleted = await chat.delete(await context_of(ann), secret)
    assert deleted.receipt.signals_removed > 0 and await holding("zebra") == {} and await rows(Verdict)


async def new_conversation(person: Person) -> Any:
    from persistence.ids import uuid7

    id = uuid7()
    async with database.transaction() as session:
        session.add(Conversation(user_id=person.id, id=id))
    return id
