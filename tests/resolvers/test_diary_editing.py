"""A diary corrected, written again and deleted by its person; the profile follows in the same transaction."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from jobs import daily_profile
from persistence import database
from persistence.ids import uuid7
from persistence.models import ActiveDay, Diary, DiaryLine, DiaryVersion, Message, ProfileChange, ProfileValue, Signal, SignalEvidence, Usage, User
from persistence.models.account import Purpose
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import Job
from persistence.models.profile import ValueStatus
from resolvers import diary_editing as editing
from resolvers import diary_rewriting as rewriting
from resolvers.context import Context
from resolvers.diary_editing import DiaryChanges, LineChanges
from resolvers.diary_rewriting import RewriteFailed
from resolvers.errors import Conflict, InvalidInput, NotFound
from tests import seeds
from tests.jobs.job_setup import night
from tests.resolvers.chat.chat_setup import Model, active, context_of, everything, model, rows, set_to
from tests.seeds import DAY, line, quote, signal

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

RAN, HOME = "I ran 5 km before work.", "I live in Hangzhou now."


async def a_day(ann: User) -> tuple[UUID, Message, Message]:
    """A diary with a sentence and a highlight on each of two messages; the signals stand on the same words."""
    ran, home = await seeds.said(ann, DAY, RAN, HOME)
    await active(ann, DAY)
    diary_id = await seeds.diary(
        ann, DAY,
        [line(LineKind.SUMMARY, "Ran before work.", quote(ran, "ran 5 km")),
         line(LineKind.SUMMARY, "Lives in Hangzhou.", quote(home, "live in Hangzhou")),
         line(LineKind.HIGHLIGHT, "A new home: Hangzhou!", quote(home, "Hangzhou now")),
         line(LineKind.ACTIVITY, "Running", quote(ran, "ran"))],
        [signal("identity.home", "Hangzhou", quote(home, "live in Hangzhou")), signal("preferences.activities", "running", quote(ran, "ran 5 km"))],
        summary="Ran before work. Lives in Hangzhou.")  # fmt: skip
    await compute(ann)
    return diary_id, ran, home


async def compute(user: User) -> None:
    async with database.transaction() as session:
        await daily_profile.recompute(session, user.id, reason="TEST")


async def profile() -> dict[str, ValueStatus]:
    return {value.value: value.status for value in await rows(ProfileValue)}


async def present_lines(diary_id: UUID) -> list[DiaryLine]:
    [diary] = await rows(Diary, Diary.id == diary_id)
    found: list[DiaryLine] = await rows(DiaryLine, DiaryLine.diary_id == diary_id, DiaryLine.version == diary.version)
    return sorted(found, key=lambda row: row.position)


async def present_version(diary_id: UUID) -> DiaryVersion:
    return max(await rows(DiaryVersion, DiaryVersion.diary_id == diary_id), key=lambda row: row.version)


async def change_lines(context: Context, diary_id: UUID, changes: dict[str, LineChanges]) -> editing.EditedDiary:
    """Change the lines of these texts."""
    ids = {row.text: row.id for row in await present_lines(diary_id)}
    return await editing.update(context, diary_id, DiaryChanges(lines=[(ids[text], change) for text, change in changes.items()]))


def texts(lines: Sequence[DiaryLine]) -> list[str]:
    return [row.text for row in lines]


async def test_what_is_absent_stays_and_what_is_given_changes_in_a_new_version():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    edited = await editing.update(await context_of(ann), DAY, DiaryChanges(mood=2, tags=["move", "run", "move"]))
    entry = edited.entry
    assert (entry.id, entry.version, entry.origin, entry.mood, list(entry.tags)) == (diary_id, 2, Origin.EDITED, 2, ["move", "run"])
    assert entry.summary == "Ran before work. Lives in Hangzhou." and len(await present_lines(diary_id)) == 4
    earlier, later = sorted(await rows(DiaryVersion), key=lambda row: row.version)
    assert (earlier.mood, earlier.origin, later.mood_by_person, later.summary_by_person) == (4, Origin.MODEL, True, False)
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}


async def test_a_summary_by_hand_and_back_to_its_lines():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    await editing.update(context, diary_id, DiaryChanges(summary="A day\nof my own. "))
    assert (await present_version(diary_id)).summary == "A day\nof my own."
    assert texts(await present_lines(diary_id))[0] == "Ran before work."
    await editing.update(context, diary_id, DiaryChanges(summary=None))
    version = await present_version(diary_id)
    assert (version.version, version.summary, version.summary_by_person) == (3, "Ran before work. Lives in Hangzhou.", False)


async def test_a_mood_of_null_clears_it_and_tags_of_null_are_none():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    await editing.update(context, diary_id, DiaryChanges(tags=["a"]))
    edited = await editing.update(context, diary_id, DiaryChanges(mood=None, tags=None))
    assert edited.entry.mood is None and list(edited.entry.tags) == [] and (await present_version(diary_id)).mood_by_person


async def test_an_edit_that_changes_nothing_makes_no_version():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    before = await everything()
    await editing.update(context, diary_id, DiaryChanges())
    await change_lines(context, diary_id, {"Running": LineChanges(text="Running", hidden=False)})
    assert await everything() == before


async def test_hiding_takes_back_what_stands_on_no_other_line_and_showing_brings_it_back():
    ann = await seeds.person()
    diary_id, _, home = await a_day(ann)
    context = await context_of(ann)
    first = await change_lines(context, diary_id, {"Lives in Hangzhou.": LineChanges(hidden=True)})
    assert first.entry.summary == "Ran before work." and await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    second = await change_lines(context, diary_id, {"A new home: Hangzhou!": LineChanges(hidden=True)})
    assert await profile() == {"running": ValueStatus.ACTIVE}
    assert (second.receipt.signals_removed, second.receipt.values_removed, second.receipt.lines_removed) == (1, 1, 0)
    shown = await change_lines(context, diary_id, {"Lives in Hangzhou.": LineChanges(hidden=False)})
    assert shown.entry.version == 4 and shown.entry.summary == "Ran before work. Lives in Hangzhou."
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    withdrawn = await rows(SignalEvidence, SignalEvidence.withdrawn)
    present = await rows(Signal, Signal.version == 4)
    assert {item.signal_id for item in withdrawn}.isdisjoint(found.id for found in present)


async def test_hidden_words_do_not_come_back_through_the_weeks_review():
    ann = await seeds.person()
    diary_id, _, home = await a_day(ann)
    context = await context_of(ann)
    await seeds.week_review(ann, DAY - timedelta(days=DAY.weekday()), signal("identity.home", "Hangzhou", quote(home, "Hangzhou")))
    hidden = LineChanges(hidden=True)
    await change_lines(context, diary_id, {"Lives in Hangzhou.": hidden, "A new home: Hangzhou!": hidden})
    assert await profile() == {"running": ValueStatus.ACTIVE}


async def test_a_correction_takes_back_the_value_that_it_names_no_more():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    await change_lines(context, diary_id, {"Running": LineChanges(text="Running, and stretching")})
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    moved = {"Lives in Hangzhou.": LineChanges(text="Lives in Suzhou."), "A new home: Hangzhou!": LineChanges(text="A new home!")}
    edited = await change_lines(context, diary_id, moved)
    assert await profile() == {"running": ValueStatus.ACTIVE} and edited.entry.summary == "Ran before work. Lives in Suzhou."
    rewritten = [row for row in await present_lines(diary_id) if row.by_person]
    assert {row.text: row.replaced_text for row in rewritten} == {
        "Lives in Suzhou.": "Lives in Hangzhou.", "A new home!": "A new home: Hangzhou!", "Running, and stretching": "Running"}
    await change_lines(context, diary_id, {"Lives in Suzhou.": LineChanges(text="Lives in Hangzhou.")})
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    assert [row.by_person for row in await present_lines(diary_id)] == [False, False, True, True]


async def test_a_deleted_line_goes_from_every_version_with_what_stood_on_it_alone():
    ann = await seeds.person()
    diary_id, _, home = await a_day(ann)
    context = await context_of(ann)
    await seeds.week_review(ann, DAY - timedelta(days=DAY.weekday()), signal("identity.home", "Hangzhou", quote(home, "Hangzhou")))
    await change_lines(context, diary_id, {"A new home: Hangzhou!": LineChanges(text="Moved to Hangzhou!")})
    gone = {"Lives in Hangzhou.": LineChanges(deleted=True), "Moved to Hangzhou!": LineChanges(deleted=True)}
    edited = await change_lines(context, diary_id, gone)
    assert edited.receipt == editing.Receipt(lines_removed=2, signals_removed=2, values_removed=1)
    assert {row.text for row in await rows(DiaryLine)} == {"Ran before work.", "Running"}
    assert {version.summary for version in await rows(DiaryVersion)} == {"Ran before work."}
    assert {found.value for found in await rows(Signal)} == {"running"} and await profile() == {"running": ValueStatus.ACTIVE}
    held = {table: [row for row in found if "hangzhou" in "".join(row).lower()] for table, found in (await everything()).items()}
    assert {table: len(found) for table, found in held.items() if found} == {"messages": 1}


@pytest.mark.parametrize(("changes", "field"), [
    (DiaryChanges(mood=0), "mood"), (DiaryChanges(mood=6), "mood"), (DiaryChanges(summary=" \n"), "summary"),
    (DiaryChanges(summary="x" * 5_001), "summary"), (DiaryChanges(tags=["x" * 41]), "tags"), (DiaryChanges(tags=[str(n) for n in range(21)]), "tags"),
    (DiaryChanges(summary="a\0b"), "summary"),
])  # fmt: skip
async def test_what_breaks_a_rule_is_refused_and_changes_nothing(changes: DiaryChanges, field: str):
    ann = await seeds.person()
    await a_day(ann)
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await editing.update(context, DAY, DiaryChanges(**{"mood": 3, **changes}))
    assert refused.value.field == field and await everything() == before


@pytest.mark.parametrize(("change", "field"), [
    ({"text": None}, "text"), ({"hidden": None}, "hidden"), ({"deleted": None}, "deleted"), ({"text": " "}, "text"), ({"text": "x" * 601}, "text"),
])
async def test_a_lines_change_that_breaks_a_rule_is_refused(change: Any, field: str):
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await change_lines(context, diary_id, {"Running": change})
    assert refused.value.field == field and await everything() == before


async def test_a_line_may_be_named_once_and_must_be_of_the_present_version():
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    [first, *_] = await present_lines(diary_id)
    await editing.update(context, diary_id, DiaryChanges(mood=1))
    before = await everything()
    with pytest.raises(InvalidInput, match="once"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(first.id, {}), (first.id, {})]))
    with pytest.raises(Conflict, match="read it again"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(first.id, LineChanges(hidden=True))]))
    with pytest.raises(NotFound, match="no such line"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(uuid7(), LineChanges(hidden=True))]))
    assert await everything() == before


async def test_other_peoples_diaries_and_lines_are_not_found():
    ann, bob = await seeds.person(), await seeds.person("bob")
    diary_id, _, _ = await a_day(ann)
    bobs, _, _ = await a_day(bob)
    [theirs, *_] = await present_lines(diary_id)
    context = await context_of(bob)
    before = await everything()
    for diary in (diary_id, uuid7(), DAY + timedelta(days=1)):
        for work in (editing.update(context, diary, DiaryChanges(mood=1)), editing.delete(context, diary), rewriting.rewrite(context, diary)):
            with pytest.raises(NotFound, match="no such diary"):
                await work
    with pytest.raises(NotFound, match="no such line"):
        await editing.update(context, bobs, DiaryChanges(lines=[(theirs.id, LineChanges(deleted=True))]))
    assert await everything() == before


async def test_a_deleted_diary_is_gone_with_its_versions_and_no_night_makes_it_again(model: Model):
    ann = await seeds.person()
    diary_id, _, home = await a_day(ann)
    context = await context_of(ann)
    await seeds.week_review(ann, DAY - timedelta(days=DAY.weekday()), signal("identity.home", "Hangzhou", quote(home, "Hangzhou")))
    await editing.update(context, diary_id, DiaryChanges(summary="Mine."))
    deleted = await editing.delete(context, diary_id)
    assert (deleted.day, deleted.receipt) == (DAY, editing.Receipt(diaries_removed=1, lines_removed=4, signals_removed=3, values_removed=2))
    for table in (Diary, DiaryVersion, DiaryLine, Signal, SignalEvidence, ProfileValue, ProfileChange):
        assert await rows(table) == []
    assert len(await rows(Message)) == 2
    for scope in ({}, {"user_ids": [ann.id], "force": True}):
        await night(**scope)
        await night(Job.WEEKLY_PROFILE, user_ids=[ann.id], first=DAY, last=DAY)
        assert await rows(Diary) == [] and await rows(Signal) == [] and await rows(ProfileValue) == []


async def test_later_messages_make_a_diary_again_of_themselves_alone(model: Model):
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    await editing.delete(await context_of(ann), diary_id)
    [late] = await seeds.said(ann, DAY, "I like chess with Anna in the evening.")
    async with database.transaction() as session:
        late_row = await session.get_one(Message, (ann.id, late.id))
        late_row.id = uuid7(late.created_at + timedelta(hours=3))
        (await session.get_one(ActiveDay, (ann.id, DAY))).revision += 1
    await night()
    [diary] = await rows(Diary)
    assert diary.id != diary_id and diary.version == 1
    assert await rows(DiaryLine) and all("chess" in row.text.lower() for row in await rows(DiaryLine))


async def test_a_rewrite_keeps_what_the_person_did(model: Model):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I ran 5 km before work.", "I live in Hangzhou now.", "I like chess a lot.")
    await active(ann, DAY)
    context = await context_of(ann)
    made = await rewriting.rewrite(context, DAY)
    assert made.version == 1 and made.origin is Origin.MODEL and await model.calls() == {"diary": 1}
    first, second, *rest = [row for row in await present_lines(made.id) if row.kind is LineKind.SUMMARY]
    await editing.update(context, made.id, DiaryChanges(mood=1, summary="By hand.", lines=[
        (first.id, LineChanges(text="In my words.")), (second.id, LineChanges(hidden=True)), (rest[0].id, LineChanges(deleted=True))]))
    edited = [(row.kind, row.text, row.hidden, row.by_person) for row in await present_lines(made.id)]
    again = await rewriting.rewrite(context, made.id)
    assert (again.version, again.summary, again.mood) == (2, "By hand.", 1)
    assert [(row.kind, row.text, row.hidden, row.by_person) for row in await present_lines(made.id)] == edited
    await seeds.said(ann, DAY, "I also bought a bicycle today.")
    third = await rewriting.rewrite(context, made.id)
    assert (third.version, third.summary, third.mood, third.origin) == (3, "By hand.", 1, Origin.MODEL)
    lines = await present_lines(made.id)
    assert any("bicycle" in row.text for row in lines) and not any(row.text == rest[0].text and row.kind is rest[0].kind for row in lines)
    assert [row.text for row in lines if row.by_person] == ["In my words."] and [row.text for row in lines if row.hidden] == [second.text]


async def test_a_rewrite_brings_a_deleted_diary_back(model: Model):
    ann = await seeds.person()
    diary_id, _, _ = await a_day(ann)
    context = await context_of(ann)
    await editing.delete(context, diary_id)
    made = await rewriting.rewrite(context, DAY)
    assert made.id != diary_id and "Hangzhou" in await profile()


@pytest.mark.parametrize(("fault", "code"), [("500", "MODEL_UNAVAILABLE"), ("402", "MODEL_QUOTA_EXCEEDED"), ("garbage", "MODEL_MALFORMED"),
                                             ("invented", "MODEL_UNSUPPORTED")])  # fmt: skip
async def test_when_the_model_fails_the_diary_stands_and_the_call_is_counted(model: Model, fault: str, code: str):
    ann = await seeds.person()
    await a_day(ann)
    context = await context_of(ann)
    written = {"usage", "usage_costs", *(["model_pauses"] if fault == "402" else [])}  # an empty account pauses the model for everybody
    before = {table: found for table, found in (await everything()).items() if table not in written}
    await model.fail(always=fault)
    with pytest.raises(RewriteFailed) as failed:
        await rewriting.rewrite(context, DAY)
    assert failed.value.code == code
    after = await everything()
    assert {table: found for table, found in after.items() if table not in written} == before and len(after["usage"]) == 1


async def test_without_time_left_no_model_is_asked(model: Model):
    ann = await seeds.person()
    await a_day(ann)
    with pytest.raises(RewriteFailed) as failed:
        await rewriting.rewrite(await context_of(ann, seconds=3.0), DAY)
    assert failed.value.code == "MODEL_TIMEOUT" and await model.calls() == {}


async def test_rewrites_are_bounded_by_the_persons_day_as_chats_are(model: Model):
    ann = await seeds.person()
    await seeds.said(ann, DAY, RAN, HOME)
    await active(ann, DAY)
    with set_to(CHAT_TOKENS_PER_DAY="8000"):
        context = await context_of(ann)
        made = await rewriting.rewrite(context, DAY)
        [used] = [row for row in await rows(Usage) if row.purpose is Purpose.DIARY]
        assert used.input_tokens and not any(row.reserved_tokens for row in await rows(Usage))
        before, calls = await everything(), await model.calls()
        with pytest.raises(RewriteFailed) as refused:
            await rewriting.rewrite(context, DAY)
    assert (refused.value.code, await model.calls()) == ("QUOTA_EXCEEDED", calls) and refused.value.retry_after
    after = await everything()
    assert {name: found for name, found in after.items() if found != before[name]} == {}
    assert (await rewriting.rewrite(context, DAY)).id == made.id
