"""Diaries edited, rewritten and deleted by the user; the profile follows in the same transaction."""
from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from jobs import profile_update
from persistence import database
from persistence.ids import uuid7
from persistence.models import ActiveDay, Diary, DiaryLine, DiaryVersion, JobItem, Message, ProfileChange, ProfileValue, Signal, SignalEvidence, Usage, User
from persistence.models.account import Purpose
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import ItemStatus, Job
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


async def store_day(ann: User) -> tuple[UUID, Message, Message]:
    """Store a diary whose lines and signals quote two messages; return its id and the messages."""
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
        await profile_update.update_profile(session, user.id, reason="TEST")


async def profile() -> dict[str, ValueStatus]:
    return {value.value: value.status for value in await rows(ProfileValue)}


async def current_lines(diary_id: UUID) -> list[DiaryLine]:
    [diary] = await rows(Diary, Diary.id == diary_id)
    found: list[DiaryLine] = await rows(DiaryLine, DiaryLine.diary_id == diary_id, DiaryLine.version == diary.version)
    return sorted(found, key=lambda row: row.position)


async def current_version(diary_id: UUID) -> DiaryVersion:
    return max(await rows(DiaryVersion, DiaryVersion.diary_id == diary_id), key=lambda row: row.version)


async def change_lines(context: Context, diary_id: UUID, changes: dict[str, LineChanges]) -> editing.EditedDiary:
    """Change the lines that have these texts."""
    ids = {row.text: row.id for row in await current_lines(diary_id)}
    return await editing.update(context, diary_id, DiaryChanges(lines=[(ids[text], change) for text, change in changes.items()]))


def texts(lines: Sequence[DiaryLine]) -> list[str]:
    return [row.text for row in lines]


async def test_diary_update_given_fields_changes_only_them_in_a_new_version():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    edited = await editing.update(await context_of(ann), DAY, DiaryChanges(mood=2, tags=["move", "run", "move"]))
    entry = edited.entry
    assert (entry.id, entry.version, entry.origin, entry.mood, list(entry.tags)) == (diary_id, 2, Origin.EDITED, 2, ["move", "run"])
    assert entry.summary == "Ran before work. Lives in Hangzhou." and len(await current_lines(diary_id)) == 4
    earlier, later = sorted(await rows(DiaryVersion), key=lambda row: row.version)
    assert (earlier.mood, earlier.origin, later.mood_by_person, later.summary_by_person) == (4, Origin.MODEL, True, False)
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}


async def test_diary_update_summary_text_or_null_stores_it_or_restores_the_lines():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    await editing.update(context, diary_id, DiaryChanges(summary="A day\nof my own. "))
    assert (await current_version(diary_id)).summary == "A day\nof my own."
    assert texts(await current_lines(diary_id))[0] == "Ran before work."
    await editing.update(context, diary_id, DiaryChanges(summary=None))
    version = await current_version(diary_id)
    assert (version.version, version.summary, version.summary_by_person) == (3, "Ran before work. Lives in Hangzhou.", False)


async def test_diary_update_null_mood_and_tags_clears_them():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    await editing.update(context, diary_id, DiaryChanges(tags=["a"]))
    edited = await editing.update(context, diary_id, DiaryChanges(mood=None, tags=None))
    assert edited.entry.mood is None and list(edited.entry.tags) == [] and (await current_version(diary_id)).mood_by_person


async def test_diary_update_without_changes_stores_no_version():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    before = await everything()
    await editing.update(context, diary_id, DiaryChanges())
    await change_lines(context, diary_id, {"Running": LineChanges(text="Running", hidden=False)})
    assert await everything() == before


async def test_diary_update_hidden_lines_withdraws_their_values_until_shown_again():
    ann = await seeds.person()
    diary_id, _, home = await store_day(ann)
    context = await context_of(ann)
    first = await change_lines(context, diary_id, {"Lives in Hangzhou.": LineChanges(hidden=True)})
    assert first.entry.summary == "Ran before work." and await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    second = await change_lines(context, diary_id, {"A new home: Hangzhou!": LineChanges(hidden=True)})
    assert await profile() == {"running": ValueStatus.ACTIVE}
    assert (second.receipt.signals_removed, second.receipt.values_removed, second.receipt.lines_removed) == (1, 1, 0)
    shown = await change_lines(context, diary_id, {"Lives in Hangzhou.": LineChanges(hidden=False)})
    assert shown.entry.version == 1 and shown.entry.summary == "Ran before work. Lives in Hangzhou."
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    withdrawn = await rows(SignalEvidence, SignalEvidence.withdrawn)
    present = await rows(Signal, Signal.version == 1)
    assert {item.signal_id for item in withdrawn}.isdisjoint(found.id for found in present)


async def test_diary_update_hidden_lines_also_withdraws_values_of_the_weekly_review():
    ann = await seeds.person()
    diary_id, _, home = await store_day(ann)
    context = await context_of(ann)
    await seeds.week_review(ann, DAY - timedelta(days=DAY.weekday()), signal("identity.home", "Hangzhou", quote(home, "Hangzhou")))
    hidden = LineChanges(hidden=True)
    await change_lines(context, diary_id, {"Lives in Hangzhou.": hidden, "A new home: Hangzhou!": hidden})
    assert await profile() == {"running": ValueStatus.ACTIVE}


async def test_diary_update_line_text_without_a_value_withdraws_the_value():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    await change_lines(context, diary_id, {"Running": LineChanges(text="Running, and stretching")})
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    moved = {"Lives in Hangzhou.": LineChanges(text="Lives in Suzhou."), "A new home: Hangzhou!": LineChanges(text="A new home!")}
    edited = await change_lines(context, diary_id, moved)
    assert await profile() == {"running": ValueStatus.ACTIVE} and edited.entry.summary == "Ran before work. Lives in Suzhou."
    rewritten = [row for row in await current_lines(diary_id) if row.by_person]
    assert {row.text: row.replaced_text for row in rewritten} == {
        "Lives in Suzhou.": "Lives in Hangzhou.", "A new home!": "A new home: Hangzhou!", "Running, and stretching": "Running"}
    await change_lines(context, diary_id, {"Lives in Suzhou.": LineChanges(text="Lives in Hangzhou.")})
    assert await profile() == {"Hangzhou": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}
    assert [row.by_person for row in await current_lines(diary_id)] == [False, False, True, True]


async def test_diary_update_deleted_line_is_removed_from_all_versions_with_its_evidence():
    ann = await seeds.person()
    diary_id, _, home = await store_day(ann)
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
async def test_diary_update_invalid_field_is_refused_and_changes_nothing(changes: DiaryChanges, field: str):
    ann = await seeds.person()
    await store_day(ann)
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await editing.update(context, DAY, DiaryChanges(**{"mood": 3, **changes}))
    assert refused.value.field == field and await everything() == before


@pytest.mark.parametrize(("change", "field"), [
    ({"text": None}, "text"), ({"hidden": None}, "hidden"), ({"deleted": None}, "deleted"), ({"text": " "}, "text"), ({"text": "x" * 601}, "text"),
])
async def test_diary_update_invalid_line_change_is_refused_and_changes_nothing(change: Any, field: str):
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await change_lines(context, diary_id, {"Running": change})
    assert refused.value.field == field and await everything() == before


async def test_diary_update_repeated_outdated_or_unknown_line_is_refused():
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    [first, *_, last] = await current_lines(diary_id)
    await change_lines(context, diary_id, {first.text: LineChanges(text="Ran.")})
    [*_, present] = await current_lines(diary_id)
    before = await everything()
    with pytest.raises(InvalidInput, match="earlier id"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(last.id, {"hidden": True}), (present.id, {"hidden": False})]))
    with pytest.raises(InvalidInput, match="once"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(first.id, {}), (first.id, {})]))
    with pytest.raises(Conflict, match="query the diary again"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(first.id, LineChanges(hidden=True))]))
    with pytest.raises(NotFound, match="no such line"):
        await editing.update(context, diary_id, DiaryChanges(lines=[(uuid7(), LineChanges(hidden=True))]))
    assert await everything() == before


async def test_diary_operations_on_another_users_diary_return_not_found():
    ann, bob = await seeds.person(), await seeds.person("bob")
    diary_id, _, _ = await store_day(ann)
    bobs, _, _ = await store_day(bob)
    [theirs, *_] = await current_lines(diary_id)
    context = await context_of(bob)
    before = await everything()
    for diary in (diary_id, uuid7(), DAY + timedelta(days=1)):
        for work in (editing.update(context, diary, DiaryChanges(mood=1)), editing.delete(context, diary), rewriting.rewrite(context, diary)):
            with pytest.raises(NotFound, match="no such diary"):
                await work
    with pytest.raises(NotFound, match="no such line"):
        await editing.update(context, bobs, DiaryChanges(lines=[(theirs.id, LineChanges(deleted=True))]))
    assert await everything() == before


async def test_diary_delete_existing_diary_is_removed_and_no_job_run_recreates_it(model: Model):
    ann = await seeds.person()
    diary_id, _, home = await store_day(ann)
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


async def test_diary_delete_later_messages_get_a_diary_without_the_earlier_ones(model: Model):
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
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


async def test_diary_rewrite_edited_diary_keeps_the_user_edits(model: Model):
    ann = await seeds.person()
    await seeds.said(ann, DAY, "I ran 5 km before work.", "I live in Hangzhou now.", "I like chess a lot.")
    await active(ann, DAY)
    context = await context_of(ann)
    made = await rewriting.rewrite(context, DAY)
    assert made.version == 1 and made.origin is Origin.MODEL and await model.calls() == {"diary": 1}
    first, second, *rest = [row for row in await current_lines(made.id) if row.kind is LineKind.SUMMARY]
    await editing.update(context, made.id, DiaryChanges(mood=1, summary="By hand.", lines=[
        (first.id, LineChanges(text="In my words.")), (second.id, LineChanges(hidden=True)), (rest[0].id, LineChanges(deleted=True))]))
    edited = [(row.kind, row.text, row.hidden, row.by_person) for row in await current_lines(made.id)]
    again = await rewriting.rewrite(context, made.id)
    assert (again.version, again.summary, again.mood) == (2, "By hand.", 1)
    assert [(row.kind, row.text, row.hidden, row.by_person) for row in await current_lines(made.id)] == edited
    await seeds.said(ann, DAY, "I also bought a bicycle today.")
    third = await rewriting.rewrite(context, made.id)
    assert (third.version, third.summary, third.mood, third.origin) == (3, "By hand.", 1, Origin.MODEL)
    lines = await current_lines(made.id)
    assert any("bicycle" in row.text for row in lines) and not any(row.text == rest[0].text and row.kind is rest[0].kind for row in lines)
    assert [row.text for row in lines if row.by_person] == ["In my words."] and [row.text for row in lines if row.hidden] == [second.text]


async def test_diary_rewrite_deleted_diary_creates_it_again(model: Model):
    ann = await seeds.person()
    diary_id, _, _ = await store_day(ann)
    context = await context_of(ann)
    await editing.delete(context, diary_id)
    made = await rewriting.rewrite(context, DAY)
    assert made.id != diary_id and "Hangzhou" in await profile()


@pytest.mark.parametrize(("fault", "code"), [("500", "MODEL_UNAVAILABLE"), ("402", "MODEL_QUOTA_EXCEEDED"), ("garbage", "MODEL_MALFORMED"),
                                             ("invented", "MODEL_UNSUPPORTED")])  # fmt: skip
async def test_diary_rewrite_model_failure_keeps_the_diary_and_counts_the_call(model: Model, fault: str, code: str):
    ann = await seeds.person()
    await store_day(ann)
    context = await context_of(ann)
    written = {"usage", "usage_costs", *(["model_pauses"] if fault == "402" else [])}  # an exhausted provider account pauses the model for all users
    before = {table: found for table, found in (await everything()).items() if table not in written}
    await model.fail(always=fault)
    with pytest.raises(RewriteFailed) as failed:
        await rewriting.rewrite(context, DAY)
    assert failed.value.code == code
    after = await everything()
    assert {table: found for table, found in after.items() if table not in written} == before and len(after["usage"]) == 1


@pytest.mark.parametrize("answer", ["SAYS", "DOES_NOT_SAY", None])
async def test_diary_rewrite_reads_undecided_claims_again_and_stores_the_rest_while_that_fails(model: Model, answer: str | None):
    ann = await seeds.person()
    await seeds.said(ann, DAY, RAN, "Talked with Leo about the dishes.")
    await active(ann, DAY)
    lines = [{"kind": "SUMMARY", "text": RAN, "evidence": [{"message": 1, "quote": RAN}]},
             {"kind": "ACTIVITY", "text": "Sorted out the dishes with Leo.", "evidence": [{"message": 2, "quote": "about the dishes"}]}]
    said = {"diary": json.dumps({"lines": lines, "signals": [], "mood": None})}
    if answer is None:
        await model.fail(answers=said, match="task: check/", kind="500")
    else:
        await model.fail(answers={**said, "check": json.dumps({"answers": {"1": answer}})})
    made = await rewriting.rewrite(await context_of(ann), DAY)
    texts = [row.text for row in await current_lines(made.id)]
    assert RAN in texts and ("Sorted out the dishes with Leo." in texts) is (answer == "SAYS")
    [usage] = await rows(Usage, Usage.purpose == Purpose.DIARY)
    assert (usage.calls, usage.failed_calls) == (1, 0) and await model.calls() == {"diary": 1, "check": 1}
    due = [item.status for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)]
    assert due == ([ItemStatus.PENDING] if answer is None else [])
    if answer is None:
        await model.fail(answers={**said, "check": json.dumps({"answers": {"1": "SAYS"}})})
        await night(Job.DAILY_DIARY)
        [diary] = await rows(Diary)
        assert "Sorted out the dishes with Leo." in [row.text for row in await current_lines(diary.id)]


async def test_diary_rewrite_without_time_left_makes_no_model_call(model: Model):
    ann = await seeds.person()
    await store_day(ann)
    with pytest.raises(RewriteFailed) as failed:
        await rewriting.rewrite(await context_of(ann, seconds=3.0), DAY)
    assert failed.value.code == "MODEL_TIMEOUT" and await model.calls() == {}


async def test_diary_rewrite_over_the_daily_chat_quota_is_refused(model: Model):
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
