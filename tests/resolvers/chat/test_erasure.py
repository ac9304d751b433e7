"""Erasure of deleted and edited text: quotes, and the lines, signals and profile values that nothing else supports."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from jobs import profile_update
from persistence import database
from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryLine,
    DiaryVersion,
    LineEvidence,
    Message,
    ProfileChange,
    ProfileValue,
    Signal,
    SignalEvidence,
    User,
    Verdict,
)
from persistence.models.diary import LineKind, Polarity, StatementRelation
from resolvers import chat, profile_verdicts
from resolvers.erasure import Receipt
from resolvers.errors import InvalidInput
from tests import seeds
from tests.resolvers.chat.chat_setup import Model, active, context_of, everything, rows, say, stored_message
from tests.seeds import DAY, line, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

RAN, HOME = "I ran 5 km before work. ", "I live in Hangzhou now."


async def store_written_day(ann: User, day: date = DAY, *, by_hand: bool = True) -> tuple[Message, Message]:
    """Store two messages, a diary supported by both, and the profile learned from it; return the messages."""
    ran, home = await seeds.said(ann, day, RAN, HOME)
    await active(ann, day, revision=2)
    await seeds.diary(
        ann, day,
        [line(LineKind.SUMMARY, "Ran before work.", quote(ran, "ran 5 km")),
         line(LineKind.SUMMARY, "Lives in Hangzhou.", quote(home, "Hangzhou")),
         line(LineKind.HIGHLIGHT, "A run from a new home.", quote(ran), quote(home)),
         *([line(LineKind.SUMMARY, "My own words.", by_person=True)] if by_hand else [])],
        [signal("identity.home", "Hangzhou", quote(home, "I live in Hangzhou")), signal("preferences.activities", "running", quote(ran))],
        summary="Ran before work. Lives in Hangzhou. My own words.")  # fmt: skip
    await compute(ann)
    return ran, home


async def compute(user: User) -> None:
    async with database.transaction() as session:
        await profile_update.update_profile(session, user.id, reason="TEST")


async def profile() -> set[str]:
    return {value.value for value in await rows(ProfileValue)}


async def texts() -> list[str]:
    return [found.text for found in sorted(await rows(DiaryLine), key=lambda found: found.position)]


async def test_message_delete_with_evidence_removes_what_only_it_supported():
    ann = await seeds.person()
    ran, home = await store_written_day(ann)
    assert await profile() == {"Hangzhou", "running"}
    deleted = await chat.delete(await context_of(ann), home.id)
    assert list(deleted.message_ids) == [home.id] and deleted.conversation.id == home.conversation_id
    assert await texts() == ["Ran before work.", "A run from a new home.", "My own words."]
    assert {item.message_id for item in (*await rows(LineEvidence), *await rows(SignalEvidence))} == {ran.id}
    assert [found.value for found in await rows(Signal)] == ["running"] and await profile() == {"running"}
    [version], [day] = await rows(DiaryVersion), await rows(ActiveDay)
    assert version.summary == "Ran before work. My own words." and (day.revision, day.diary_revision) == (3, 2)
    assert {change.after for change in await rows(ProfileChange)} == {"running"}
    receipt = deleted.receipt
    assert (receipt.messages_removed, receipt.lines_removed, receipt.signals_removed, receipt.values_removed) == (1, 1, 1, 1)


async def test_message_delete_evidence_of_a_negated_value_removes_every_reference_to_it():
    ann = await seeds.person()
    pork, tea = await seeds.said(ann, DAY, "I don't eat pork.", "I love tea.")
    await active(ann, DAY)
    denied = signal("preferences.food", "pork", replace(quote(pork), relation=StatementRelation.IS_NOT), polarity=Polarity.NEGATIVE)
    await seeds.diary(ann, DAY, signals=[denied, signal("preferences.food", "tea", quote(tea))])
    await compute(ann)
    [value] = await rows(ProfileValue, ProfileValue.value_key == "!pork")
    await profile_verdicts.reject(await context_of(ann), value.id, "not so")
    receipt = (await chat.delete(await context_of(ann), pork.id)).receipt
    assert (receipt.signals_removed, receipt.values_removed) == (1, 1)
    assert [found.value_key for found in await rows(ProfileValue)] == ["tea"]
    assert await rows(Verdict) == [] and {change.value_key for change in await rows(ProfileChange)} == {"tea"}


async def test_message_delete_with_evidence_removes_it_from_all_diary_versions():
    ann = await seeds.person()
    ran, home = await store_written_day(ann)
    await seeds.diary(ann, DAY, [line(LineKind.SUMMARY, "Now of Hangzhou.", quote(home, "Hangzhou"))], summary="Now of Hangzhou.")
    await chat.delete(await context_of(ann), home.id)
    assert {found.version: found.summary for found in await rows(DiaryVersion)} == {1: "Ran before work. My own words.", 2: ""}


async def test_message_delete_last_of_a_day_removes_the_day_and_its_diary():
    ann = await seeds.person()
    messages = await store_written_day(ann, by_hand=False)
    other = await store_written_day(ann, DAY + timedelta(days=1))
    for message in messages:
        await chat.delete(await context_of(ann), message.id)
    assert [day.day for day in await rows(ActiveDay)] == [DAY + timedelta(days=1)]
    assert [diary.day for diary in await rows(Diary)] == [DAY + timedelta(days=1)]
    assert {item.message_id for item in await rows(SignalEvidence)} == {message.id for message in other}
    assert await profile() == {"Hangzhou", "running"}


async def test_message_delete_last_of_a_day_keeps_lines_written_by_the_user():
    ann = await seeds.person()
    for message in await store_written_day(ann):
        await chat.delete(await context_of(ann), message.id)
    assert await texts() == ["My own words."] and [version.summary for version in await rows(DiaryVersion)] == ["My own words."]
    assert await rows(ActiveDay) == [] and await rows(Signal) == [] and await profile() == set() and await rows(ProfileChange) == []


async def test_conversation_delete_with_evidence_removes_what_only_it_supported():
    ann = await seeds.person()
    here, there = await store_written_day(ann), await seeds.said(ann, DAY, "Elsewhere it rained.")
    reviewed = signal("habits.exercise", "runs", quote(here[0])), signal("preferences.media", "rain", quote(there[0]))
    await seeds.week_review(ann, DAY - timedelta(days=2), *reviewed)
    await chat.delete_conversation(await context_of(ann), here[0].conversation_id)
    assert [found.id for found in await rows(Conversation)] == [there[0].conversation_id]
    assert [found.id for found in await rows(Message)] == [there[0].id]
    assert await texts() == ["My own words."] and [found.value for found in await rows(Signal)] == ["rain"]
    assert (await rows(ActiveDay))[0].revision == 3 and "Hangzhou" not in await profile()


@pytest.mark.parametrize(("reviewed", "stays"), [
    ({"stated": False}, False), ({"stated": True}, True), ({"stated": False, "polarity": Polarity.NEGATIVE}, True),
], ids=["a pattern", "said in general", "spoken against"])  # fmt: skip
async def test_erasure_weekly_pattern_with_one_day_left_is_removed(reviewed: dict[str, Any], stays: bool):
    """Expect what a new review would find: a pattern needs two days, a statement only one."""
    ann = await seeds.person()
    [first, second, third] = [(await seeds.said(ann, DAY + timedelta(days=number), f"I ran, the {number}th time"))[0] for number in range(3)]
    await seeds.week_review(ann, DAY - timedelta(days=2), signal("habits.exercise", "runs", *map(quote, (first, second, third)), **reviewed))
    context = await context_of(ann)
    await chat.delete(context, first.id)
    assert len(await rows(Signal)) == 1 and len(await rows(SignalEvidence)) == 2
    await chat.edit(context, second.id, "I rested")
    assert bool(await rows(Signal)) is bool(await rows(SignalEvidence)) is stays
    await chat.delete(context, third.id)
    assert await rows(Signal) == []


async def test_conversation_delete_temporary_one_leaves_active_days_unchanged(model: Model):
    ann = await seeds.person()
    said, secret = await say(ann, "For the diary"), await say(ann, "Not for the diary", temporary=True)
    before = await rows(ActiveDay)
    await chat.delete(await context_of(ann), secret.question.id)
    await chat.delete_conversation(await context_of(ann), secret.conversation.id)
    [day] = await rows(ActiveDay)
    assert (day.revision, day.day) == (before[0].revision, said.question.day)


async def test_message_delete_question_removes_its_answers_but_not_the_reverse(model: Model):
    ann = await seeds.person()
    context = await context_of(ann)
    one = await say(ann, "First")
    two = await say(ann, "Second", one.conversation.id)
    alone = await chat.delete(context, one.answer.id)
    assert list(alone.message_ids) == [one.answer.id]
    assert {found.id for found in await rows(Message)} == {one.question.id, two.question.id, two.answer.id}
    both = await chat.delete(context, two.question.id)
    assert set(both.message_ids) == {two.question.id, two.answer.id}
    assert [found.id for found in await rows(Message)] == [one.question.id]
    assert (await rows(ActiveDay))[0].revision == 4
    again = await chat.regenerate(context, one.question.id)
    assert again.answer.reply_to == one.question.id


async def test_message_delete_source_of_a_generated_title_clears_the_title(model: Model):
    ann = await seeds.person()
    context = await context_of(ann)
    one = await say(ann, "My secret garden")
    two = await say(ann, "Second", one.conversation.id)
    kept = (await chat.delete(context, two.question.id)).conversation.title
    assert kept and (await chat.delete(context, one.question.id)).conversation.title is None
    named = await say(ann, "Another garden")
    await chat.update_conversation(context, named.conversation.id, {"title": "Gardens"})
    assert (await chat.delete(context, named.question.id)).conversation.title == "Gardens"


async def test_message_edit_quotes_that_still_occur_are_kept_and_moved():
    ann = await seeds.person()
    ran, home = await store_written_day(ann)
    edited = (await chat.edit(await context_of(ann), home.id, "These days I live in HANGZHOU.")).message
    assert edited.content == "These days I live in HANGZHOU." and edited.edited_at is not None
    quotes = [*await rows(LineEvidence, LineEvidence.message_id == home.id), *await rows(SignalEvidence, SignalEvidence.message_id == home.id)]
    assert {item.quote for item in quotes} == {"HANGZHOU", "I live in HANGZHOU"}
    for item in quotes:
        assert edited.content[item.start :].startswith(item.quote)
    assert "A run from a new home." in await texts() and await profile() == {"Hangzhou", "running"}
    assert (await rows(ActiveDay))[0].revision == 3 and ran.content == RAN


async def test_message_edit_removed_quotes_remove_what_only_they_supported():
    ann = await seeds.person()
    _, home = await store_written_day(ann)
    receipt = (await chat.edit(await context_of(ann), home.id, "I live in Suzhou now.")).receipt
    assert (receipt.messages_removed, receipt.lines_removed, receipt.signals_removed, receipt.values_removed) == (0, 1, 1, 1)
    assert await texts() == ["Ran before work.", "A run from a new home.", "My own words."]
    assert await rows(LineEvidence, LineEvidence.message_id == home.id) == [] and await profile() == {"running"}
    assert (await rows(DiaryVersion))[0].summary == "Ran before work. My own words."
    assert {change.after for change in await rows(ProfileChange)} == {"running"}


async def test_message_edit_same_content_changes_nothing():
    ann = await seeds.person()
    ran, _ = await store_written_day(ann)
    context = await context_of(ann)
    before = await everything()
    edited = await chat.edit(context, ran.id, RAN)
    assert edited.message.id == ran.id and edited.receipt == Receipt()
    assert await everything() == before


async def test_regenerate_edited_question_uses_the_new_content(model: Model):
    ann = await seeds.person()
    said = await say(ann, "I adore Hamburg in winter", idempotency_key="k")
    await chat.edit(await context_of(ann), said.question.id, "I adore Lisbon in winter")
    kept = await stored_message(said.answer.id)
    assert kept.redacted and "Hamburg" in said.answer.content and "Hamburg" not in kept.content
    again = await chat.regenerate(await context_of(ann), said.question.id)
    assert again.answer.id != said.answer.id and "Lisbon" in again.answer.content and not again.answer.redacted
    assert not any("Hamburg" in value for lines in (await everything()).values() for line in lines for value in line)
    assert (await say(ann, "I adore Hamburg in winter", idempotency_key="k")).question.content == "I adore Lisbon in winter"


@pytest.mark.parametrize("content", ["", " ", "x" * 20_001, "a\x00b"])
async def test_message_edit_invalid_content_is_refused_and_changes_nothing(content: str):
    ann = await seeds.person()
    ran, _ = await store_written_day(ann)
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await chat.edit(context, ran.id, content)
    assert refused.value.field == "content" and await everything() == before


async def test_message_edit_answer_is_refused_and_changes_nothing(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Hello")
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput, match="messageRegenerate"):
        await chat.edit(context, said.answer.id, "What I wanted to hear")
    assert await everything() == before


async def test_message_delete_original_removes_its_copies():
    ann = await seeds.person()
    ran, home = await store_written_day(ann, by_hand=False)
    context = await context_of(ann)
    fork = await chat.fork_conversation(context, home.id)
    assert {found.conversation_id for found in await rows(Message)} == {ran.conversation_id, fork.id}
    first = await chat.delete(context, ran.id)
    await chat.delete(context, home.id)
    assert (first.receipt.messages_removed, first.receipt.copies_removed) == (1, 1)
    assert await rows(ActiveDay) == [] and await rows(Diary) == [] and await profile() == set() and await rows(Message) == []


async def test_message_edit_or_delete_of_a_copy_leaves_days_unchanged():
    ann = await seeds.person()
    _, home = await store_written_day(ann)
    context = await context_of(ann)
    fork = await chat.fork_conversation(context, home.id)
    copies = await rows(Message, Message.conversation_id == fork.id)
    days, quotes = [(day.day, day.revision) for day in await rows(ActiveDay)], len(await rows(LineEvidence))
    await chat.edit(context, copies[0].id, "Other words")
    await chat.delete(context, copies[1].id)
    receipt = await chat.delete_conversation(context, fork.id)
    assert (receipt.messages_removed, receipt.copies_removed) == (0, 1), "the original stays"
    assert [(day.day, day.revision) for day in await rows(ActiveDay)] == days and len(await rows(LineEvidence)) == quotes


async def test_conversation_delete_of_one_user_keeps_rows_of_others():
    ann, bob = await seeds.person(), await seeds.person("bob")
    _, home = await store_written_day(ann, by_hand=False)
    await store_written_day(bob)
    await chat.delete_conversation(await context_of(ann), home.conversation_id)
    assert {found.user_id for table in (Message, LineEvidence, Signal, ActiveDay, Diary, ProfileValue) for found in await rows(table)} == {bob.id}


async def test_message_delete_rebuilt_summary_omits_hidden_lines():
    ann = await seeds.person()
    _, home = await store_written_day(ann)
    async with database.transaction() as session:
        await session.execute(update(DiaryLine).where(DiaryLine.by_person).values(hidden=True))
    await chat.delete(await context_of(ann), home.id)
    assert (await rows(DiaryVersion))[0].summary == "Ran before work."
