"""Deletion follows words into what the model made of other messages, keeps what the user wrote by hand, and is not undone by retries and imports."""
from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from jobs import profile_update
from jobs.rules.own_slots import own_key
from jobs.rules.search.dates.days import Calendar
from llm import tools
from llm.tools import NOTHING_FOUND, Search
from persistence import database
from persistence.models import (
    ActiveDay,
    Conversation,
    DeletedDigest,
    DiaryLine,
    DiaryVersion,
    Message,
    ProfileChange,
    ProfileValue,
    Signal,
    User,
)
from persistence.models.diary import LineKind
from persistence.queries.account import delete_user
from resolvers import account, chat, diary_editing, portability, profile_slots, profile_verdicts
from resolvers.chat.recall import recall_for
from resolvers.errors import InvalidInput, NotFound
from resolvers.imports.records import ParsedConversation, Record
from resolvers.imports.storing import DELETED, clock_of, preview, store
from tests import seeds
from tests.jobs.job_setup import everything
from tests.resolvers.chat.chat_setup import Model, active, context_of, model, rows, say, set_to, stored_message
from tests.resolvers.dump import find_in_statistics, find_words
from tests.seeds import DAY, line, quote, signal

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ENGLISH = ("I moved to Zanzibar.", "I ran along the river.", "I swam in the lake.", "Zanzibar", "After the move to {}, a run by the river.", "runs in {}")
CHINESE = ("我搬到了泉州。", "我沿着河边跑步。", "我在湖里游泳。", "泉州", "搬到{}之后，沿着河边跑步。", "在{}跑步")
LANGUAGES = pytest.mark.parametrize(("moved", "ran", "swam", "place", "told", "named"), [ENGLISH, CHINESE], ids=["en", "zh"])


async def compute(user: User) -> None:
    async with database.transaction() as session:
        await profile_update.update_profile(session, user.id, reason="TEST")


@LANGUAGES
async def test_message_delete_removes_its_words_from_what_quotes_other_messages(
    moved: str, ran: str, swam: str, place: str, told: str, named: str
):
    ann, later = await seeds.person(), DAY + timedelta(days=1)
    move, run = await seeds.said(ann, DAY, moved, ran)
    [swim] = await seeds.said(ann, later, swam)
    await active(ann, DAY)
    await active(ann, later)
    for day, supporting in ((DAY, run), (later, swim)):
        lines = [line(LineKind.SUMMARY, told.format(place), quote(supporting)), line(LineKind.SUMMARY, supporting.content, quote(supporting))]
        await seeds.diary(ann, day, lines, [signal("habits.exercise", named.format(place), quote(supporting))], summary=told.format(place))
    await seeds.week_review(ann, DAY - timedelta(days=2), signal("habits.exercise", named.format(place), quote(run), quote(swim), stated=False))
    await compute(ann)
    [value] = await rows(ProfileValue)
    await profile_verdicts.reject(await context_of(ann), value.id, None)
    receipt = (await chat.delete(await context_of(ann), move.id)).receipt
    assert await find_words([place]) == {}
    assert (receipt.lines_removed, receipt.signals_removed, receipt.values_removed) == (2, 3, 1)
    assert sorted(found.text for found in await rows(DiaryLine)) == sorted([ran, swam])
    assert {found.summary for found in await rows(DiaryVersion)} == {ran, swam}
    assert {day.day for day in await rows(ActiveDay) if day.revision > day.diary_revision} == {DAY, later}


@LANGUAGES
async def test_message_delete_keeps_words_that_another_message_still_says(moved: str, ran: str, swam: str, place: str, told: str, named: str):
    ann = await seeds.person()
    first, _, run = await seeds.said(ann, DAY, moved, moved, ran)
    await active(ann, DAY)
    await seeds.diary(ann, DAY, [line(LineKind.SUMMARY, told.format(place), quote(run))], [signal("habits.exercise", named.format(place), quote(run))])
    await compute(ann)
    receipt = (await chat.delete(await context_of(ann), first.id)).receipt
    assert (receipt.lines_removed, receipt.signals_removed, receipt.values_removed) == (0, 0, 0)
    assert [found.text for found in await rows(DiaryLine)] == [told.format(place)] and len(await rows(Signal)) == 1


@LANGUAGES
async def test_message_delete_of_a_long_text_removes_its_words_alone(moved: str, ran: str, swam: str, place: str, told: str, named: str):
    ann = await seeds.person()
    words = "".join(map(chr, range(0x5000, 0x5100))) if moved == CHINESE[0] else " ".join(f"word{number}" for number in range(200))
    move, run = await seeds.said(ann, DAY, f"{moved} {words}", ran)
    await active(ann, DAY)
    lines = [line(LineKind.HIGHLIGHT, told.format(place), quote(run)), line(LineKind.SUMMARY, ran, quote(run))]
    await seeds.diary(ann, DAY, lines, [signal("habits.exercise", named.format(place), quote(run))], summary=ran)
    await compute(ann)
    receipt = (await chat.delete(await context_of(ann), move.id)).receipt
    assert (receipt.lines_removed, receipt.signals_removed, receipt.values_removed) == (1, 1, 1)
    assert await find_words([place]) == {} and [found.text for found in await rows(DiaryLine)] == [ran]


async def test_message_delete_names_what_the_user_wrote_by_hand():
    ann = await seeds.person()
    move, run = await seeds.said(ann, DAY, "I moved to Zanzibar.", "I ran.")
    await active(ann, DAY)
    diary_id = await seeds.diary(ann, DAY, [line(LineKind.SUMMARY, "My own Zanzibar.", by_person=True), line(LineKind.HIGHLIGHT, "I ran.", quote(run))])
    value = (await profile_verdicts.set_value(await context_of(ann), "identity.home", "Zanzibar")).value
    await chat.update_conversation(await context_of(ann), move.conversation_id, {"title": "Zanzibar"})
    receipt = (await chat.delete(await context_of(ann), move.id)).receipt
    assert value is not None
    assert {id for _, id in receipt.kept_in} == {diary_id, value.id, move.conversation_id}
    assert {table for table, _ in (await find_words(["Zanzibar"]))["Zanzibar"]} == {
        "diary_lines", "profile_values", "profile_changes", "verdicts", "conversations"}  # fmt: skip


async def test_value_erase_removes_what_the_user_set_and_what_answers_repeat(model: Model):
    ann = await seeds.person()
    value = (await profile_verdicts.set_value(await context_of(ann), "identity.home", "Zanzibar")).value
    assert value is not None
    told = await say(ann, "What do you know about me?")
    assert "Zanzibar" in told.answer.content
    erased = await profile_verdicts.erase(await context_of(ann), value_id=value.id)
    assert erased.value is None and list(erased.receipt.repeated_in) == [told.answer.id] and erased.receipt.values_removed == 1
    assert await find_words(["Zanzibar"]) == {}


async def test_value_erase_of_reasons_keeps_the_value_rejected():
    ann = await seeds.person()
    [ran] = await seeds.said(ann, DAY, "I love running.")
    await seeds.diary(ann, DAY, signals=[signal("preferences.activities", "running", quote(ran))])
    await compute(ann)
    [value] = await rows(ProfileValue)
    await profile_verdicts.reject(await context_of(ann), value.id, "That was Zenobia.")
    erased = await profile_verdicts.erase(await context_of(ann), value_id=value.id, only_reasons=True)
    assert erased.value is not None and erased.value.status.value == "REJECTED" and await find_words(["Zenobia"]) == {}
    after = await profile_verdicts.erase(await context_of(ann), value_id=erased.value.id)
    assert after.value is not None and after.value.status.value == "ACTIVE"


async def test_value_erase_by_a_change_removes_a_value_that_the_profile_has_no_more():
    ann = await seeds.person()
    await profile_verdicts.set_value(await context_of(ann), "identity.home", "Zanzibar")
    async with database.transaction() as session:
        await session.execute(update(ProfileChange).values(created_at=ProfileChange.created_at))
        await session.execute(text("delete from profile_values"))
    [change] = await rows(ProfileChange)
    before = await everything()
    with pytest.raises(NotFound):
        await profile_verdicts.erase(await context_of(await seeds.person("bob")), change_id=change.id)
    assert {name: kept for name, kept in (await everything()).items() if name not in ("users", "sign_ins")} == {
        name: kept for name, kept in before.items() if name not in ("users", "sign_ins")}  # fmt: skip
    await profile_verdicts.erase(await context_of(ann), change_id=change.id)
    assert await find_words(["Zanzibar"]) == {}


async def test_message_send_late_retry_of_a_deleted_message_stores_nothing(model: Model):
    ann = await seeds.person()
    said = await say(ann, "I live in Zanzibar.", idempotency_key="a-key")
    await chat.delete(await context_of(ann), said.question.id)
    before = await everything()
    for conversation_id in (None, said.conversation.id):
        with pytest.raises(NotFound):
            await say(ann, "I live in Zanzibar.", conversation_id, idempotency_key="a-key")
    after = await everything()
    assert {name for name in after if after[name] != before[name]} <= {"sign_ins"} and await find_words(["Zanzibar"]) == {}
    with set_to(JWT_SECRET_KEY=secrets.token_hex(32)):
        assert (await say(ann, "Something else.", idempotency_key="a-key")).answer.content
    assert (await say(await seeds.person("bob"), "I live in Oslo.", idempotency_key="a-key")).answer.content


IMPORTED = (
    ("I live in Zanzibar.", True), ("Zanzibar is an island.", False), ("What is for dinner?", True), ("Soup.", False), ("ok", True),
)  # fmt: skip


async def test_import_leaves_out_deleted_messages_with_their_answers():
    ann = await seeds.person()
    at = seeds.datetime(2026, 5, 1, 12, tzinfo=seeds.timezone.utc)
    records = [
        Record(key=f"k{number}", conversation="c", by_person=by_person, content=content, sent_at=at + timedelta(minutes=number))
        for number, (content, by_person) in enumerate(IMPORTED)
    ]
    first = await store(ann, [ParsedConversation(records)])
    assert first.messages == 5
    [conversation] = await rows(Conversation)
    await chat.delete_conversation(await context_of(ann), conversation.id)
    for again in (await preview(ann, [ParsedConversation(records)], clock_of(ann)), await store(ann, [ParsedConversation(records)])):
        assert (again.messages, again.report.skipped[DELETED]) == (0, 5) and await rows(Message) == []
    assert await find_words(["Zanzibar", "dinner"]) == {} and len(await rows(DeletedDigest)) == 9
    other = [Record(key=f"x{number}", conversation="d", by_person=record.by_person, content=record.content, sent_at=record.sent_at)
             for number, record in enumerate(records)]  # fmt: skip
    counts = await store(ann, [ParsedConversation(other)])
    assert (counts.messages, counts.report.skipped[DELETED]) == (1, 4) and [row.content for row in await rows(Message)] == ["ok"]


async def test_account_import_refuses_deleted_messages_until_asked():
    ann = await seeds.person()
    said = await seeds.said(ann, DAY, "I live in Zanzibar.", "What is for dinner?")
    file = await portability.export_json(ann)
    await chat.delete_conversation(await context_of(ann), said[0].conversation_id)
    before = await everything()
    for dry_run in (True, False):
        with pytest.raises(InvalidInput, match="has 2 messages that you deleted"):
            await portability.import_json(ann, file, dry_run=dry_run)
    assert await everything() == before
    await portability.import_json(ann, file, restore_deleted=True)
    assert len(await rows(Message)) == 2


async def test_message_edit_withdraws_the_old_answer_from_prompt_and_recall(model: Model):
    ann = await seeds.person()
    said = await say(ann, "Tell me of the zebra.")
    await write(said.answer.id, "A giraffe is taller.")
    await chat.edit(await context_of(ann), said.question.id, "Tell me of nothing.")
    assert (await stored_message(said.answer.id)).withdrawn
    await model.reset()
    again = await say(ann, "And now?", said.conversation.id)
    [asked] = [body for body in await model.bodies() if "And now?" in body and "Tell me of nothing." in body]
    assert "giraffe" not in asked
    await write(again.answer.id, "Nothing at all.")
    fresh = await chat.regenerate(await context_of(ann), said.question.id)
    await model.reset()
    await say(ann, "What then?", said.conversation.id)
    assert any(fresh.answer.content[:20] in body for body in await model.bodies())


async def test_message_edit_changes_the_copies_in_forks(model: Model):
    ann = await seeds.person()
    said = await say(ann, "I live in Zanzibar.")
    await chat.fork_conversation(await context_of(ann), said.answer.id)
    await chat.edit(await context_of(ann), said.question.id, "Never mind.")
    assert await find_words(["Zanzibar"]) == {}
    assert "Never mind." in [row.content for row in await rows(Message, Message.copied)]


async def test_message_delete_withdraws_paraphrases_that_were_told_by_a_value_or_in_the_conversation(model: Model):
    ann = await seeds.person()
    said = await say(ann, "I live in Zanzibar.")
    same = await say(ann, "Where is that?", said.conversation.id)
    value = await seeds.value(ann, "identity.home", "Zanzibar", await stored_message(said.question.id))
    other = await say(ann, "Do you know my home?")
    assert str(value.id) in str((await stored_message(other.answer.id)).sources)
    for answer in (same.answer, other.answer):
        await write(answer.id, "A spice island, a giraffe said.")
    await chat.delete(await context_of(ann), said.question.id)
    assert all([(await stored_message(answer.id)).withdrawn for answer in (same.answer, other.answer)])
    [question] = await seeds.said(ann, seeds.DAY + timedelta(days=900), "giraffe?")
    assert await recall_for(question, Calendar(question.day))(Search(tools.SEARCH_MESSAGES, "giraffe")) == [NOTHING_FOUND]


async def test_account_delete_leaves_no_words_in_the_statistics(model: Model):
    ann = await seeds.person("zenobia")
    [ran] = await seeds.said(ann, DAY, "I ran in Zanzibar.")
    await seeds.diary(ann, DAY, [line(LineKind.SUMMARY, "Zanzibar.", quote(ran))], [signal("identity.home", "Zanzibar", quote(ran))], tags=["Zanzibar"])
    await compute(ann)
    await profile_verdicts.set_value(await context_of(ann), "identity.home", "Zanzibar")
    async with database.session() as session:
        await session.execute(text("analyze"))
        assert await session.scalar(text("select count(*) from pg_stats where tablename = 'messages' and attname = 'role'")) == 1
    async with database.transaction() as session:
        assert await delete_user(session, ann.id, ann.password_hash)
    assert await find_words(["Zanzibar", "zenobia"]) == {} and await find_in_statistics(["Zanzibar", "zenobia"]) == set()


async def write(message_id: Any, content: str) -> None:
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == message_id).values(content=content))

HAND_WRITTEN = {
    "en": ("I ran in {}.", "It is about {}.", ("Zanzibar", "Bergen", "Porto", "Kyoto", "Lagos", "Malaga", "Cusco")),
    "zh": ("我在{}跑步。", "这里说到{}。", ("泉州", "澜沧", "邺城", "郦江", "琮璟", "骆越", "鄂榆")),
}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_deletion_of_what_was_written_by_hand_removes_what_answers_repeat_of_it(model: Model, language: str):
    said, tells, (summary, tag, reworded, slot_name, slot_value, allergy, kept) = HAND_WRITTEN[language]
    words = [summary, tag, reworded, slot_name, slot_value, allergy, kept]
    ann = await seeds.person()
    [ran] = await seeds.said(ann, DAY, said.format(kept))
    await active(ann, DAY)
    await seeds.diary(ann, DAY, [line(LineKind.HIGHLIGHT, ran.content, quote(ran)), line(LineKind.HIGHLIGHT, reworded, by_person=True)])
    await diary_editing.update(await context_of(ann), DAY, {"summary": summary, "tags": [tag, kept]})
    slot = await profile_slots.create_slot(await context_of(ann), name=slot_name, many=True, half_life_days=None, guide="")
    await profile_verdicts.set_value(await context_of(ann), own_key(slot.id), slot_value)
    user = await account.update(ann, {"sensitive_slots": ["identity.allergies"]})
    await profile_verdicts.set_value(await context_of(ann), "identity.allergies", allergy)
    answer = (await say(ann, "Hello")).answer
    async with database.transaction() as session:
        told = update(Message).where(Message.id == answer.id)
        await session.execute(told.values(content="\n".join(map(tells.format, words)), sources=None))

    async def delete_line() -> None:
        [found] = await rows(DiaryLine, DiaryLine.text == reworded, DiaryLine.version == 2)
        await diary_editing.update(await context_of(ann), DAY, {"lines": [(found.id, {"deleted": True})]})

    async def left() -> list[str]:
        content = (await stored_message(answer.id)).content
        return [word for word in words if word in content]

    deletions = [
        (diary_editing.update(await context_of(ann), DAY, {"tags": []}), {tag}),
        (delete_line(), {reworded}),
        (diary_editing.delete(await context_of(ann), DAY), {summary}),
        (profile_slots.delete_slot(await context_of(ann), slot.id), {slot_name, slot_value}),
        (account.update(user, {"sensitive_slots": []}), {allergy}),
    ]
    remaining = words
    for deletion, gone in deletions:
        assert await left() == remaining
        await deletion
        remaining = [word for word in remaining if word not in gone]
    assert await left() == remaining == [kept] and await find_words(words[:-1]) == {}
