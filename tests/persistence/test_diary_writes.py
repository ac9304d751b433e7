# ruff: noqa: E501 - rows of a user's data read by their lines
"""Writes of a diary: only the day that is written changes, though its user has other days and other users have the same day."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import ActiveDay, Diary, DiaryLine, LineEvidence, Message, User
from persistence.models.diary import LineKind, Origin, Polarity
from persistence.queries import diary_writes, job_inputs
from persistence.queries.diary_writes import NewEntry, StoredLine, StoredSignal
from tests.jobs.job_setup import everything, rows
from tests.persistence.same_ids import copy_rows
from tests.seeds import line, person, quote, said, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = date(2026, 5, 20)
DAYS = (DAY + timedelta(days=2), DAY - timedelta(days=2), DAY, DAY + timedelta(days=1), DAY - timedelta(days=1))
"""The middle day is stored between others, so that it is neither the first row nor the one with the least or the greatest key or id."""
TABLES = ("diaries", "diary_versions", "diary_lines", "line_evidence", "signals", "signal_evidence")


def entry(messages: Sequence[Message], text: str = "Ran in the park.") -> NewEntry:
    lines = [line(LineKind.SUMMARY, text, quote(messages[0]), quote(messages[1])), line(LineKind.EMOTION, "Tired", quote(messages[1]), hidden=True), line(LineKind.ACTIVITY, "Rest")]
    signals = [signal("preferences.activities", "running", quote(messages[0])), signal("identity.home", "Hangzhou", quote(messages[1]), stated=False)]
    return NewEntry(Origin.MODEL, text, 4, lines, signals, 2, 5, 3)


async def three_users() -> tuple[User, dict[tuple[UUID, date], list[Message]]]:
    """Store two versions of five days of three users; return the middle user, and the messages of each day."""
    people = [await person(name) for name in ("ann", "bob", "cem")]
    messages = {}
    for user in (people[2], people[0], people[1]):
        for day in DAYS:
            messages[user.id, day] = await said(user, day, "I ran in the park", "I am tired, I live in Hangzhou")
            for text in ("First.", "Second."):
                await save(user.id, day, entry(messages[user.id, day], text))
    return people[1], messages


async def save(user_id: UUID, day: date, new: NewEntry) -> UUID:
    async with database.transaction() as session:
        return await diary_writes.save_entry(session, user_id, day, new)


async def current(user_id: UUID, day: date = DAY) -> Any:
    async with database.session() as session:
        return await diary_writes.find_current_entry(session, user_id, day)


def others(stored: Any, changed: set[str]) -> dict[str, list[Any]]:
    """Return the rows of the diaries that contain none of the changed ids."""
    return {name: [row for row in stored[name] if not changed & set(row)] for name in TABLES}


async def test_save_entry_makes_the_next_version_of_its_day_and_leaves_all_others() -> None:
    bob, messages = await three_users()
    before = await everything()
    diary_id = await save(bob.id, DAY, entry(messages[bob.id, DAY], "Third."))
    after = await everything()
    [stored] = await rows(Diary, Diary.id == diary_id)
    assert (stored.user_id, stored.day, stored.version) == (bob.id, DAY, 3)
    assert others(after, {str(diary_id)})["diaries"] == others(before, {str(diary_id)})["diaries"]
    for name in TABLES[1:]:
        assert set(before[name]) <= set(after[name]), "no version that is stored changes"
    assert len(after["diary_versions"]) == len(before["diary_versions"]) + 1
    assert [(found.position, found.text) for found in await rows(DiaryLine, DiaryLine.diary_id == diary_id, DiaryLine.version == 3)] == [
        (0, "Third."), (1, "Tired"), (2, "Rest"),
    ]


async def test_save_entries_of_several_days_returns_their_ids_in_order() -> None:
    bob, messages = await three_users()
    new = DAY + timedelta(days=9)
    async with database.transaction() as session:
        ids = await diary_writes.save_entries(session, [(bob.id, day, entry(messages[bob.id, DAY], "More.")) for day in (DAYS[0], new, DAY)])
    stored = {row.id: (row.day, row.version) for row in await rows(Diary, Diary.user_id == bob.id)}
    assert [stored[found] for found in ids] == [(DAYS[0], 3), (new, 1), (DAY, 3)]


async def test_find_current_entry_is_the_newest_version_of_the_user_s_day() -> None:
    bob, messages = await three_users()
    found = await current(bob.id)
    [stored] = await rows(Diary, Diary.user_id == bob.id, Diary.day == DAY)
    assert (found.diary_id, found.version, found.summary) == (stored.id, 2, "Second.")
    assert [row[1] for row in found.lines] == ["Second.", "Tired", "Rest"]
    assert found.signals == (
        ("preferences.activities", "running", Polarity.POSITIVE, True, None), ("identity.home", "hangzhou", Polarity.POSITIVE, False, None)
    )  # fmt: skip
    assert await current(bob.id, DAY + timedelta(days=3)) is None


async def test_find_current_entry_reads_the_rows_of_its_user_though_others_have_the_same_ids() -> None:
    ann, bob, cem = [await person(name) for name in ("ann", "bob", "cem")]
    messages = await said(bob, DAY, "I ran in the park", "I am tired, I live in Hangzhou")
    await save(bob.id, DAY, entry(messages))
    alone = await current(bob.id)
    await copy_rows(bob, ann, cem)
    async with database.transaction() as session:
        await session.execute(update(LineEvidence).where(LineEvidence.user_id != bob.id).values(quote="I swam"))
    assert await current(bob.id) == alone
    assert (len(alone.lines), len(alone.signals)) == (3, 2)
    before = await everything()
    await save(bob.id, DAY, entry(messages, "Second."))
    after = await everything()
    for name in TABLES:
        assert [row for row in after[name] if str(bob.id) not in row] == [row for row in before[name] if str(bob.id) not in row]


CHANGES: dict[str, Any] = {
    "a later summary": {"summary": "Z"}, "an earlier summary": {"summary": "A"}, "no mood": {"mood": None}, "a better mood": {"mood": 5}, "a worse mood": {"mood": 3},
    "more conversations": {"conversation_count": 3}, "fewer conversations": {"conversation_count": 1}, "more messages": {"message_count": 6}, "fewer messages": {"message_count": 4},
    "the fallback's origin": {"origin": Origin.FALLBACK}, "no lines": {"lines": []}, "no signals": {"signals": []},
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_is_same_entry_with_any_difference_is_false(change: dict[str, Any]) -> None:
    bob, messages = await three_users()
    found, same = await current(bob.id), entry(messages[bob.id, DAY], "Second.")
    assert diary_writes.is_same_entry(found, same)
    assert diary_writes.is_same_entry(replace(found, origin=Origin.EDITED), same), "the user's edits do not make it another entry"
    assert not diary_writes.is_same_entry(found, replace(same, **change))


async def test_is_same_entry_with_other_lines_or_signals_is_false() -> None:
    bob, messages = await three_users()
    found, same, spoken = await current(bob.id), entry(messages[bob.id, DAY], "Second."), messages[bob.id, DAY]
    first, *rest = same.lines
    for line_ in (replace(first, text="A"), replace(first, text="Z"), replace(first, hidden=True), replace(first, by_person=True), replace(first, kind=LineKind.DECISION),
                  replace(first, evidence=(quote(spoken[0]),)), replace(first, evidence=(quote(spoken[0]), quote(spoken[1], "tired")))):  # fmt: skip
        assert not diary_writes.is_same_entry(found, replace(same, lines=[line_, *rest]))
    assert not diary_writes.is_same_entry(found, replace(same, lines=[*rest, first])), "their order counts"
    told, *more = same.signals
    for signal_ in (replace(told, value_key="a"), replace(told, value_key="z"), replace(told, slot="preferences.media"), replace(told, stated=False),
                    replace(told, polarity=Polarity.NEGATIVE)):  # fmt: skip
        assert not diary_writes.is_same_entry(found, replace(same, signals=[signal_, *more]))


async def test_list_lines_between_returns_the_visible_lines_of_the_current_versions_by_day() -> None:
    bob, messages = await three_users()
    await save(bob.id, DAY - timedelta(days=5), entry(messages[bob.id, DAY], "Too early."))
    await save(bob.id, DAY + timedelta(days=5), entry(messages[bob.id, DAY], "Too late."))
    async with database.session() as session:
        found = await job_inputs.list_lines_between(session, bob.id, DAY - timedelta(days=2), DAY + timedelta(days=2))
    assert found == {day: ["Second.", "Rest"] for day in sorted(DAYS)}
    assert list(found) == sorted(DAYS)


async def test_mark_days_written_of_one_day_leaves_the_others_due_and_never_goes_back() -> None:
    people = [await person(name) for name in ("ann", "bob", "cem")]
    async with database.transaction() as session:
        for user in people:
            noon = (await said(user, DAY, "Hello"))[0].created_at
            session.add_all([ActiveDay(user_id=user.id, day=day, starts_at=noon, ends_at=noon, revision=7) for day in DAYS])
    for revision, expected in ((5, 5), (3, 5), (6, 6)):
        async with database.transaction() as session:
            await diary_writes.mark_days_written(session, [(people[1].id, DAY, revision)])
        written = {(row.user_id, row.day): row.diary_revision for row in await rows(ActiveDay) if row.diary_revision}
        assert written == {(people[1].id, DAY): expected}


async def test_cited_span_without_a_citation_is_the_whole_quote() -> None:
    [message] = await said(await person(), DAY, "Well, I ran 5 km")
    whole = quote(message, "I ran 5 km")
    assert whole.cited == (6, 16)
    assert replace(whole, cited_start=8, cited_end=11).cited == (8, 11)
    assert replace(whole, cited_start=8).cited == replace(whole, cited_end=11).cited == (6, 16)


def test_stored_line_and_quote_are_visible_generated_and_not_withdrawn_by_default() -> None:
    stored = StoredLine(LineKind.SUMMARY, "Ran.")
    assert (stored.by_person, stored.hidden, stored.evidence) == (False, False, ())
    new = NewEntry(Origin.MODEL, "Ran.", None, [stored], list[StoredSignal](), 1, 1, 0)
    assert (new.dropped_count, new.summary_by_person, new.mood_by_person) == (0, False, False)


