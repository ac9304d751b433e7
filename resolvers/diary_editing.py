"""Use cases that change a day's diary: edit and delete it. The profile is recomputed in the same transaction.

Every edit is stored as a new version beside the old ones. A deletion of lines also removes them from the old versions.
"""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from jobs.prompt_slots import open_signals
from jobs.rules.diary.kept_claims import MAX_LINE_LENGTH
from jobs.user_edits import is_same_line, join_sentences, quote_spans, quotes_of_deleted_lines, with_lines
from persistence import database
from persistence.database import Session
from persistence.models import Diary
from persistence.models.diary import Origin
from persistence.queries import diary_edits as editing
from persistence.queries import diary_reads as reading
from persistence.queries import erasure
from persistence.queries.day_locks import lock_diary
from persistence.queries.diary_edits import LineRow
from persistence.queries.diary_reads import EntryRow as ReadEntry
from persistence.queries.diary_writes import NewEntry, StoredLine, save_entry
from persistence.queries.erasure import ErasedData
from resolvers import storage_quota, text_validation
from resolvers.context import Context
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import Conflict, ConflictReason, Faults, InputRule, InvalidInput, NotFound

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

EDITED = "DIARY_EDITED"
DELETED = "DIARY_DELETED"
"""Reasons in the log of profile changes."""

MAX_SUMMARY_LENGTH = 5_000
MAX_LINES = 100
"""Lines that one edit may change."""


class LineChanges(TypedDict, total=False):
    """Changes of a line; absent keys keep their value. `deleted` is permanent."""

    text: str | None
    hidden: bool | None
    deleted: bool | None


class DiaryChanges(TypedDict, total=False):
    """Changes of a diary; absent keys keep their value.

    A summary of None is generated from the lines again; a mood of None means that the day shows none; tags of None remove all tags.
    """

    summary: str | None
    mood: int | None
    tags: Sequence[str] | None
    lines: Sequence[tuple[UUID, LineChanges]] | None


@dataclass(frozen=True)
class EditedDiary:
    """The diary after the edit, and the receipt of what the edit removed."""

    entry: ReadEntry
    receipt: Receipt


@dataclass(frozen=True)
class DeletedDiary:
    diary_id: UUID
    day: date
    receipt: Receipt


async def update(context: Context, diary: UUID | date, changes: DiaryChanges, *, dry_run: bool = False) -> EditedDiary:
    """Apply a user's edit to a diary. With `dry_run` nothing changes, and the diary is returned as it is.

    Raises `NotFound`, `InvalidInput`, `StorageExceeded`, and `Conflict` for lines of an earlier version that the current one does not have unchanged.
    """
    viewer = await context.require_viewer()
    wanted = _validate_changes(changes)
    async with database.transaction(dry_run=dry_run) as session:
        if "tags" in wanted or any(change.get("deleted") for _, change in wanted.get("lines") or ()):
            await erasure.lock_erasures(session, viewer.id)
        locked = await _lock_diary(session, viewer.id, diary)
        receipt = await _apply(session, viewer, locked, await editing.list_lines(session, locked), wanted)
        entry = await _read(session, viewer.id, locked.id)
    if dry_run:
        async with database.session() as session:
            entry = await _read(session, viewer.id, entry.id)
    return EditedDiary(entry, receipt)


async def _apply(session: Session, viewer: AnyUser, locked: Diary, present: Sequence[LineRow], wanted: DiaryChanges) -> Receipt:
    """Apply checked changes to a locked diary with the lines `present`."""
    before = await _entry(session, locked, present)
    lines, deleted = await _apply_line_changes(session, locked, present, wanted.get("lines") or ())
    untagged: Sequence[str] = ()
    if "tags" in wanted:
        untagged = [tag for tag in locked.tags if tag not in (wanted["tags"] or ())]
        await editing.save_tags(session, locked, wanted["tags"] or ())
    after = with_lines(_by_hand(before, wanted), lines)
    forgotten = ErasedData(days=frozenset([locked.day]), texts=untagged, since=erasure.ANY_ANSWER if untagged else None)
    if after == before:
        return await recompute_after_erasure(session, viewer, forgotten, EDITED) if untagged else Receipt()
    if _says_the_same(before, after):
        changed = {row.id: line.hidden for row, line in zip(present, after.lines) if line.hidden is not row.line.hidden}
        await editing.update_hidden_lines(session, locked, changed, after.summary)
        return await recompute_after_erasure(session, viewer, forgotten, EDITED)
    receipt = await _store(session, viewer, locked, replace(after, origin=Origin.EDITED, run_id=None), deleted, forgotten)
    await storage_quota.add(session, viewer.id, _size(after))
    return receipt


async def hide_lines(session: Session, viewer: AnyUser, day: date, line_ids: Collection[UUID] | None) -> list[UUID]:
    """Hide lines of a day's diary in the caller's transaction, all of them without `line_ids`; return the ids of those that were not hidden before.

    Raises `NotFound`, and `Conflict` for lines of an earlier version that the current one does not have unchanged.
    """
    locked = await _lock_diary(session, viewer.id, day)
    present = await editing.list_lines(session, locked)
    wanted = [row.id for row in present if not row.line.hidden] if line_ids is None else list((await _current_ids(session, locked, present, line_ids)).values())
    await _apply(session, viewer, locked, present, {"lines": [(id, {"hidden": True}) for id in wanted]})
    return [row.id for row in present if row.id in wanted and not row.line.hidden]


async def show_lines(session: Session, viewer: AnyUser, day: date, line_ids: Collection[UUID]) -> None:
    """Show lines again that `hide_lines` hid, in the caller's transaction; they may have other ids in a newer version. Deleted lines stay deleted."""
    locked = await lock_diary(session, viewer.id, day)
    if locked is None:
        return
    present, gone = await editing.list_lines(session, locked), [row.line for row in await editing.list_lines_by_id(session, locked, line_ids)]
    again = [row.id for row in present if row.line.hidden and any(is_same_line(line, row.line) or is_same_line(row.line, line) for line in gone)]
    await _apply(session, viewer, locked, present, {"lines": [(id, {"hidden": False}) for id in again]})


def _says_the_same(before: NewEntry, after: NewEntry) -> bool:
    """Return whether only lines were hidden or shown: then the version stays, and its lines keep their ids."""

    def shown(entry: NewEntry) -> NewEntry:
        summary = entry.summary if entry.summary_by_person else ""
        return replace(entry, summary=summary, lines=[replace(line, hidden=False) for line in entry.lines])

    return shown(before) == shown(after)


def _size(entry: NewEntry) -> int:
    """Return the bytes of a new version: every edit stores the whole diary again."""
    lines = sum(storage_quota.size(line.text, line.replaced_text, *(item.quote for item in line.evidence)) for line in entry.lines)
    return storage_quota.size(entry.summary) + lines + sum(storage_quota.size(signal.value) for signal in entry.signals)


async def delete(context: Context, diary: UUID | date, *, dry_run: bool = False) -> DeletedDiary:
    """Delete a diary with its versions; with `dry_run` nothing changes.

    The nightly jobs learn no more from its messages so far; later messages of the day make a diary again. Raises `NotFound`.
    """
    viewer = await context.require_viewer()
    async with database.transaction(dry_run=dry_run) as session:
        await erasure.lock_erasures(session, viewer.id)
        locked = await _lock_diary(session, viewer.id, diary)
        forgotten = await erasure.erase_diary(session, locked, len(await editing.list_lines(session, locked)))
        receipt = await recompute_after_erasure(session, viewer, forgotten, DELETED)
    return DeletedDiary(locked.id, locked.day, receipt)


async def _lock_diary(session: Session, user_id: UUID, diary: UUID | date) -> Diary:
    day = diary if isinstance(diary, date) else await editing.find_day(session, user_id, diary)
    locked = None if day is None else await lock_diary(session, user_id, day)
    if locked is None:
        raise NotFound("diary")
    return locked


async def _read(session: Session, user_id: UUID, diary_id: UUID) -> ReadEntry:
    return (await reading.load_entries(session, user_id, [diary_id]))[diary_id]


async def _entry(session: Session, diary: Diary, lines: Sequence[LineRow]) -> NewEntry:
    """Return the current version in the form in which it is stored."""
    version = await editing.get_version(session, diary)
    kept = (
        "origin", "summary", "mood", "conversation_count", "message_count", "tool_call_count", "dropped_count", "model", "prompt_version", "run_id",
        "summary_by_person", "mood_by_person",
    )
    columns = {name: getattr(version, name) for name in kept}
    return NewEntry(**columns, lines=[row.line for row in lines], signals=await editing.list_signals(session, diary))


def _by_hand(entry: NewEntry, changes: DiaryChanges) -> NewEntry:
    if "summary" in changes:
        summary = changes["summary"]
        entry = replace(entry, summary=summary or "", summary_by_person=summary is not None)
    if "mood" in changes:
        entry = replace(entry, mood=changes["mood"], mood_by_person=True)
    return entry


async def _apply_line_changes(
    session: Session, diary: Diary, present: Sequence[LineRow], changes: Sequence[tuple[UUID, LineChanges]]
) -> tuple[list[StoredLine], list[StoredLine]]:
    """Return the remaining lines with their changes, and the deleted lines."""
    ids = await _current_ids(session, diary, present, [line_id for line_id, _ in changes])
    if len(set(ids.values())) < len(changes):
        message = "lines contains a line by its present and by an earlier id: send each line once"
        raise InvalidInput("lines", message, rule=InputRule.DUPLICATE, bounds=(0, MAX_LINES))
    wanted = {ids[line_id]: change for line_id, change in changes}
    deleted = [row for row in present if wanted.get(row.id, {}).get("deleted")]
    stay = [_with_user_text(row.line, wanted.get(row.id, {})) for row in present if row not in deleted]
    return stay, [row.line for row in deleted]


async def _current_ids(session: Session, diary: Diary, present: Sequence[LineRow], line_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the current id of each line that is given by its id in any version.

    Raises `NotFound`, and `Conflict` for a line that the current version does not have with the same text and quotes, or has twice.
    """
    found = {row.id: row.id for row in present}
    unknown = set(line_ids) - found.keys()
    earlier = {row.id: row.line for row in await editing.list_lines_by_id(session, diary, unknown)} if unknown else {}
    for line_id in unknown:
        if line_id not in earlier:
            raise NotFound("line")
        same = [row.id for row in present if replace(row.line, hidden=False) == replace(earlier[line_id], hidden=False)]
        if len(same) != 1:
            raise Conflict("the line belongs to an earlier version of the diary: query the diary again", reason=ConflictReason.NEWER_VERSION)
        found[line_id] = same[0]
    return {line_id: found[line_id] for line_id in line_ids}


def _with_user_text(line: StoredLine, changes: LineChanges) -> StoredLine:
    """Return the line with the user's text; a text that equals the model's makes it the model's line again."""
    text, hidden = changes.get("text"), changes.get("hidden")
    if text is not None and text != line.text:
        made = line.replaced_text if line.by_person else line.text
        line = replace(line, text=text, by_person=text != made, replaced_text=made if text != made else None)
    return line if hidden is None else replace(line, hidden=hidden)


async def _store(session: Session, viewer: AnyUser, diary: Diary, entry: NewEntry, deleted: Sequence[StoredLine], forgotten: ErasedData) -> Receipt:
    await save_entry(session, viewer.id, diary.day, replace(entry, signals=await open_signals(session, viewer.id, entry.signals)))
    locked = await _lock_diary(session, viewer.id, diary.day)
    if deleted:
        lines = await _forget_lines(session, locked, deleted)
        texts = [*forgotten.texts, *lines.texts]
        forgotten = replace(lines, texts=texts, since=erasure.ANY_ANSWER if texts else None)
    return await recompute_after_erasure(session, viewer, forgotten, EDITED)


async def _forget_lines(session: Session, diary: Diary, deleted: Sequence[StoredLine]) -> ErasedData:
    """Delete lines from every version of the diary, and the signals that only these lines support from every version and week.

    The texts that the user wrote in them by hand are returned as deleted ones.
    """
    spans = quote_spans(deleted)
    await editing.save_deleted_spans(session, diary, spans)
    found: list[LineRow] = []
    for version in await editing.list_version_numbers(session, diary):
        rows = await editing.list_lines(session, diary, version)
        found += [row for row in rows if any(is_same_line(line, row.line) or is_same_line(row.line, line) for line in deleted)]
    gone = [row.id for row in found]
    await erasure.erase_lines(session, diary, gone, join_sentences)
    left = [row.line for row in await editing.list_lines(session, diary)]
    quotes = await editing.list_quotes(session, diary.user_id, [diary.day], every_version=True)
    forgotten = await erasure.erase_quotes(session, diary.user_id, diary.day, quotes_of_deleted_lines(spans, left, quotes))
    texts = sorted({row.line.text for row in found if row.line.by_person})
    return replace(forgotten, lines=len(deleted), gone=erasure.name_deleted("DiaryLine", gone), texts=texts)


def _validate_changes(changes: DiaryChanges) -> DiaryChanges:
    """Return the changes as they are stored. Raises `InvalidInput` with all fields that break a rule."""
    checked, faults = changes.copy(), Faults()
    summary = changes.get("summary")
    if summary is not None:
        with faults.collect():
            checked["summary"] = text_validation.validate_text("summary", summary, MAX_SUMMARY_LENGTH).strip()
    with faults.collect():
        _check_mood(changes.get("mood"))
    if "tags" in changes:
        with faults.collect():
            checked["tags"] = text_validation.validate_tags(changes["tags"] or ())
    with faults.collect():
        checked["lines"] = _validate_lines(changes.get("lines") or ())
    faults.raise_first()
    return checked


def _check_mood(mood: int | None) -> None:
    if mood is not None and not 1 <= mood <= 5:
        raise InvalidInput("mood", f"mood is {mood}; send 1 (low) to 5 (high), or null for no mood", rule=InputRule.OUT_OF_RANGE, bounds=(1, 5))


def _validate_lines(lines: Sequence[tuple[UUID, LineChanges]]) -> Sequence[tuple[UUID, LineChanges]]:
    if len(lines) > MAX_LINES or len({line_id for line_id, _ in lines}) < len(lines):
        rule = InputRule.TOO_MANY if len(lines) > MAX_LINES else InputRule.DUPLICATE
        message = f"lines has more than {MAX_LINES} entries or contains an id twice: send each line once"
        raise InvalidInput("lines", message, rule=rule, bounds=(0, MAX_LINES))
    return [(line_id, _validate_line(line)) for line_id, line in lines]


def _validate_line(changes: LineChanges) -> LineChanges:
    for name in ("text", "hidden", "deleted"):
        if changes.get(name, name) is None:
            raise InvalidInput(name, f"{name} of a line is null: omit it to keep the current value", rule=InputRule.REQUIRED)
    text = changes.get("text")
    return changes if text is None else {**changes, "text": text_validation.validate_line("text", text, MAX_LINE_LENGTH)}
