"""A person corrects a day's diary, has it written again, or deletes it. The profile follows in the same transaction.

Every edit is a new version beside the old ones. A deletion reaches into the old ones, too.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict
from uuid import UUID

from jobs import daily_diary
from jobs.daily_diary import Day
from jobs.daily_profile import bring_up_to_date
from jobs.rewriting import alike, join_sentences, places_of, standing_only_on, with_lines
from jobs.rules.evidence import LINE_LENGTH
from llm.errors import ModelError, ModelTimeout
from llm.usage import Usage
from persistence.database import Session, session, transaction
from persistence.models import Diary, User
from persistence.models.account import Purpose
from persistence.models.diary import Origin
from persistence.queries import diary_editing as editing
from persistence.queries import diary_reading as reading
from persistence.queries import forgetting
from persistence.queries.diary_editing import LineRow
from persistence.queries.diary_reading import Entry as ReadEntry
from persistence.queries.diary_writing import Entry, StoredLine, mark_written, save_entry
from persistence.queries.forgetting import Forgotten
from persistence.queries.usage import record_usage
from resolvers.chat import texts
from resolvers.chat.allowance import require_switched_on
from resolvers.chat.asking import model_seconds
from resolvers.chat.exchange import reason_of
from resolvers.context import Context
from resolvers.diary import today
from resolvers.errors import Conflict, InvalidInput, NotFound, Refusal
from resolvers.forgetting import Receipt, settle

EDITED = "DIARY_EDITED"
REWRITTEN = "DIARY_REWRITTEN"
DELETED = "DIARY_DELETED"
"""Reasons in the log of the profile's changes."""

SUMMARY_LENGTH = 5_000
MOST_LINES = 100
"""Lines that one edit changes."""
LEAST_SECONDS = 3.0
"""With less time than this no model is asked: it would be paid for and not be heard."""


class LineChanges(TypedDict, total=False):
    """What to change of a line; what is absent stays. `deleted` is for good."""

    text: str | None
    hidden: bool | None
    deleted: bool | None


class DiaryChanges(TypedDict, total=False):
    """What to change of a diary; what is absent stays.

    A summary of None is given back to be made of the lines; a mood of None means that the day shows none; tags of None are none.
    """

    summary: str | None
    mood: int | None
    tags: Sequence[str] | None
    lines: Sequence[tuple[UUID, LineChanges]] | None


@dataclass(frozen=True)
class Edited:
    """The diary as it is now, and what the edit took back."""

    entry: ReadEntry
    receipt: Receipt


@dataclass(frozen=True)
class Deleted:
    diary_id: UUID
    day: date
    receipt: Receipt


class RewriteFailed(Refusal):
    """The model gave no diary; the one that is there stands. `code` is one of the MODEL_… codes, `retry_after` in seconds."""

    def __init__(self, error: ModelError, why: str | None = None) -> None:
        super().__init__(f"{why or error.summary.partition(':')[0]}; the diary is as it was: try again later")
        self.code = error.code
        self.retry_after = error.retry_after


async def update(context: Context, diary: UUID | date, changes: DiaryChanges) -> Edited:
    """Change a diary by hand. Raises `NotFound`, `InvalidInput`, and `Conflict` for lines of an earlier version."""
    viewer = await context.require_viewer()
    wanted = _checked(changes)
    async with transaction() as storing:
        held = await _hold(storing, viewer.id, diary)
        present = await editing.list_lines(storing, held)
        before = await _entry(storing, held, present)
        lines, deleted = await _changed_lines(storing, held, present, wanted.get("lines") or ())
        if "tags" in wanted:
            await editing.save_tags(storing, held, wanted["tags"] or ())
        after = with_lines(_by_hand(before, wanted), lines)
        receipt = Receipt()
        if after != before:
            receipt = await _store(storing, viewer, held, replace(after, origin=Origin.EDITED, run_id=None), deleted)
        entry = await _read(storing, viewer.id, held.id)
    return Edited(entry, receipt)


async def delete(context: Context, diary: UUID | date) -> Deleted:
    """Delete a diary with its versions. What is in it by now is learnt from no more; later messages make a diary again. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with transaction() as storing:
        held = await _hold(storing, viewer.id, diary)
        forgotten = await forgetting.forget_diary(storing, held, len(await editing.list_lines(storing, held)))
        receipt = await settle(storing, viewer, forgotten, DELETED)
    return Deleted(held.id, held.day, receipt)


async def rewrite(context: Context, diary: UUID | date) -> ReadEntry:
    """Have the model write the day again from its messages, as a night does, and keep what the person did by hand.

    So a deleted diary comes back, and a day that is not over gets one. Raises `NotFound` for a day on which the person did not write,
    `RewriteFailed`, and `Conflict` when the day changed meanwhile.
    """
    viewer = await context.require_viewer()
    period = diary if isinstance(diary, date) else await _day_of(viewer.id, diary)
    day = await daily_diary.read(viewer.id, period, despite_deletion=True)
    if day is None or not day.written:
        raise NotFound("diary")
    await _require_switched_on()
    seconds = model_seconds(context.deadline)
    try:
        if seconds < LEAST_SECONDS:
            raise ModelTimeout
        written = await daily_diary.write(period, day, run_id=None, timeout=seconds)
    except ModelError as error:
        await _count(viewer, error.usage)
        raise RewriteFailed(error) from error
    async with transaction() as storing:
        await record_usage(storing, viewer.id, today(viewer), Purpose.DIARY, written.usage)
        entry = await _store_rewritten(storing, viewer, period, day, written.entry)
    if entry is None:
        raise Conflict("the day changed while it was being written; the diary is as it was: try again")
    return entry


async def _require_switched_on() -> None:
    """Raises `RewriteFailed` while all use of the model is stopped: nothing was asked, so nothing is counted."""
    try:
        await require_switched_on()
    except ModelError as error:
        raise RewriteFailed(error, reason_of(error.code)) from error


async def _store_rewritten(storing: Session, viewer: User, period: date, day: Day, entry: Entry) -> ReadEntry | None:
    """None when the day changed since it was read: then nothing is stored."""
    if not await daily_diary.still_as_read(storing, viewer.id, period, day):
        return None
    await editing.lift_deletion(storing, viewer.id, period)
    if await daily_diary.save(storing, viewer.id, period, day, entry):
        await bring_up_to_date(storing, viewer.id, reason=REWRITTEN)
        await daily_diary.make_week_due(storing, day.user, period)
    await mark_written(storing, [(viewer.id, period, day.revision)])
    held = await editing.hold_day(storing, viewer.id, period)
    assert held.diary is not None, "it was just stored"
    return await _read(storing, viewer.id, held.diary.id)


async def _count(viewer: User, usage: Usage) -> None:
    async with transaction() as storing:
        await record_usage(storing, viewer.id, today(viewer), Purpose.DIARY, usage, failed=True)


async def _day_of(user_id: UUID, diary_id: UUID) -> date:
    async with session() as finding:
        day = await editing.find_day(finding, user_id, diary_id)
    if day is None:
        raise NotFound("diary")
    return day


async def _hold(storing: Session, user_id: UUID, diary: UUID | date) -> Diary:
    day = diary if isinstance(diary, date) else await editing.find_day(storing, user_id, diary)
    held = None if day is None else (await editing.hold_day(storing, user_id, day)).diary
    if held is None:
        raise NotFound("diary")
    return held


async def _read(storing: Session, user_id: UUID, diary_id: UUID) -> ReadEntry:
    return (await reading.load_entries(storing, user_id, [diary_id]))[diary_id]


async def _entry(storing: Session, diary: Diary, lines: Sequence[LineRow]) -> Entry:
    """The present version as it would be stored again."""
    version = await editing.get_version(storing, diary)
    kept = (
        "origin", "summary", "mood", "conversation_count", "message_count", "tool_call_count", "dropped_count", "model", "prompt_version", "run_id",
        "summary_by_person", "mood_by_person",
    )
    columns = {name: getattr(version, name) for name in kept}
    return Entry(**columns, lines=[row.line for row in lines], signals=await editing.list_signals(storing, diary))


def _by_hand(entry: Entry, changes: DiaryChanges) -> Entry:
    if "summary" in changes:
        summary = changes["summary"]
        entry = replace(entry, summary=summary or "", summary_by_person=summary is not None)
    if "mood" in changes:
        entry = replace(entry, mood=changes["mood"], mood_by_person=True)
    return entry


async def _changed_lines(
    storing: Session, diary: Diary, present: Sequence[LineRow], changes: Sequence[tuple[UUID, LineChanges]]
) -> tuple[list[StoredLine], list[StoredLine]]:
    """The lines that stay, as they are now, and those that go."""
    wanted = dict(changes)
    for line_id in wanted.keys() - {row.id for row in present}:
        if await editing.is_earlier_line(storing, diary, line_id):
            raise Conflict("the diary has a newer version by now, with new lines: read it again")
        raise NotFound("line")
    deleted = [row for row in present if wanted.get(row.id, {}).get("deleted")]
    stay = [_changed(row.line, wanted.get(row.id, {})) for row in present if row not in deleted]
    return stay, [row.line for row in deleted]


def _changed(line: StoredLine, changes: LineChanges) -> StoredLine:
    """A line with the person's text, or with the model's again if that is what they wrote."""
    text, hidden = changes.get("text"), changes.get("hidden")
    if text is not None and text != line.text:
        made = line.replaced_text if line.by_person else line.text
        line = replace(line, text=text, by_person=text != made, replaced_text=made if text != made else None)
    return line if hidden is None else replace(line, hidden=hidden)


async def _store(storing: Session, viewer: User, diary: Diary, entry: Entry, deleted: Sequence[StoredLine]) -> Receipt:
    await save_entry(storing, viewer.id, diary.day, entry)
    held = await _hold(storing, viewer.id, diary.day)
    forgotten = await _forget_lines(storing, held, deleted) if deleted else Forgotten(days=frozenset([diary.day]))
    return await settle(storing, viewer, forgotten, EDITED)


async def _forget_lines(storing: Session, diary: Diary, deleted: Sequence[StoredLine]) -> Forgotten:
    """Take lines out of every version, and what stands on their words alone out of every version and week."""
    places = places_of(deleted)
    await editing.save_places(storing, diary, places)
    gone = []
    for version in await editing.list_version_numbers(storing, diary):
        rows = await editing.list_lines(storing, diary, version)
        gone += [row.id for row in rows if any(alike(line, row.line) or alike(row.line, line) for line in deleted)]
    await forgetting.forget_lines(storing, diary, gone, join_sentences)
    left = [row.line for row in await editing.list_lines(storing, diary)]
    quotes = await editing.list_quotes(storing, diary.user_id, [diary.day], every_version=True)
    forgotten = await forgetting.forget_quotes(storing, diary.user_id, diary.day, standing_only_on(places, left, quotes))
    return replace(forgotten, lines=len(deleted))


def _checked(changes: DiaryChanges) -> DiaryChanges:
    """The changes as they are stored. Raises `InvalidInput`."""
    checked = changes.copy()
    summary, mood = changes.get("summary"), changes.get("mood")
    if summary is not None:
        checked["summary"] = texts.checked("summary", summary, SUMMARY_LENGTH).strip()
    if mood is not None and not 1 <= mood <= 5:
        raise InvalidInput("mood", f"mood is {mood}; give 1 (low) to 5 (high), or null when the day shows none")
    if "tags" in changes:
        checked["tags"] = texts.checked_tags(changes["tags"] or ())
    lines = changes.get("lines") or ()
    if len(lines) > MOST_LINES or len({line_id for line_id, _ in lines}) < len(lines):
        raise InvalidInput("lines", f"lines names a line twice or has more than {MOST_LINES}: name each line once")
    checked["lines"] = [(line_id, _checked_line(line)) for line_id, line in lines]
    return checked


def _checked_line(changes: LineChanges) -> LineChanges:
    for name in ("text", "hidden", "deleted"):
        if changes.get(name, name) is None:
            raise InvalidInput(name, f"{name} of a line is null; leave it out to keep it as it is")
    text = changes.get("text")
    return changes if text is None else {**changes, "text": texts.checked_line("text", text, LINE_LENGTH)}
