"""Imports by the API: begun, sent in parts of whole conversations or with a memory text, previewed, and committed. Parts are kept for a day.

A part is at most what one request can carry. A part that is sent again replaces the one at its position, and a commit that is repeated, after an
interruption or because its answer was lost, adds nothing twice. docs/decisions/0056-import-chats-in-parts.md has the reasons.
"""
from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from jobs.deadline import Deadline
from jobs.user_slots import load_user_slots
from llm import prices
from llm.usage import Cost
from persistence import database
from persistence.models.enums import ImportKind
from persistence.queries import staged_imports as stored
from persistence.queries.profile_writes import lock_user
from persistence.queries.staged_imports import PartSize
from resolvers import storage_quota
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound, StorageExceeded, Unauthenticated
from resolvers.imports.files import FileReader
from resolvers.imports.memory import KIND, MemoryPreview, StoredSuggestion, find_new_lines, load_suggestions, preview_memory, store_memory
from resolvers.imports.memory_reading import estimate
from resolvers.imports.records import Omission, ParsedConversation, ReadReport
from resolvers.imports.storing import ImportSummary, Preview, clock_of, preview, store

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

LIFETIME: Final = timedelta(days=1)
MAX_PART_CHARACTERS: Final = 4_000_000
"""Characters of a part; a request may have 4 MiB."""
MAX_PARTS: Final = 64
MAX_IMPORT_BYTES: Final = 64_000_000
"""Bytes of all parts of an import together."""


@dataclass(frozen=True)
class StagedImport:
    """An import that is not committed yet, or was committed and is kept for a repeated commit."""

    id: UUID
    created_at: datetime
    expires_at: datetime
    parts: Sequence[PartSize] = ()


async def start(viewer: AnyUser, *, replace: bool = True) -> StagedImport:
    """Begin an import. An earlier one is deleted with its parts, so that a user never has two; without `replace`, `Conflict` is raised if it has parts."""
    async with database.transaction() as session:
        await _lock(session, viewer)
        if not replace and await stored.has_parts(session, viewer.id):
            raise Conflict("there is an import that is not committed: commit it, or send `replace: true` to delete it", reason=ConflictReason.NOT_COMMITTED)
        row = await stored.replace_import(session, viewer.id, LIFETIME)
        return StagedImport(row.id, row.created_at, row.expires_at)


async def add_part(
    viewer: AnyUser, import_id: UUID, position: int, content: str, kind: ImportKind = ImportKind.CHATS
) -> tuple[StagedImport, ImportSummary]:
    """Store a part and return what it would add; of a memory text, which the model has still to read, only what is left out and the tokens of its reading.

    Raises `InvalidInput` for a part of which nothing can be read, and for a second memory text; `NotFound`; `Conflict`.
    """
    if not 0 <= position < MAX_PARTS:
        raise InvalidInput(
            "position", f"position is {position}; an import has at most {MAX_PARTS} parts, with the positions 0 to {MAX_PARTS - 1}",
            rule=InputRule.OUT_OF_RANGE, bounds=(0, MAX_PARTS - 1),
        )
    if len(content) > MAX_PART_CHARACTERS:
        raise InvalidInput(
            "content", f"content has {len(content):,} characters; the limit of a part is {MAX_PART_CHARACTERS:,}: send fewer conversations",
            rule=InputRule.TOO_LONG, bounds=(1, MAX_PART_CHARACTERS),
        )
    content = content.replace("\x00", "").encode("utf-8", "replace").decode()
    is_memory = kind is ImportKind.MEMORY
    conversations, report = ([], ReadReport()) if is_memory else await asyncio.to_thread(_read, content, position)
    memory = await _foresee_memory(viewer, content) if is_memory else None
    async with database.transaction() as session:
        await _lock(session, viewer)
        row = await stored.lock_import(session, viewer.id, import_id)
        if row is None:
            raise NotFound("import")
        if row.result is not None:
            raise Conflict("this import was committed already: begin another one with `importStart`", reason=ConflictReason.ALREADY_DONE)
        others = [part for part in await stored.list_part_sizes(session, viewer.id, import_id) if part.position != position]
        if sum(part.size for part in others) + len(content.encode()) > MAX_IMPORT_BYTES:
            raise Conflict(
                f"an import may have {MAX_IMPORT_BYTES / 1e6:.0f} MB: commit this one, and send the rest as another", reason=ConflictReason.TOO_LARGE
            )
        if is_memory and any(part.kind is ImportKind.MEMORY for part in others):
            raise InvalidInput(
                "position", "an import has one memory text: send it at the position of the first one to replace that, or as another import",
                rule=InputRule.NOT_ALLOWED_HERE,
            )
        await stored.save_part(session, viewer.id, import_id, position, content, kind)
        staged = StagedImport(row.id, row.created_at, row.expires_at, await stored.list_part_sizes(session, viewer.id, import_id))
    summary = memory or await preview(viewer, conversations, clock_of(viewer))
    summary.report.add(report)
    return staged, summary


async def commit(viewer: AnyUser, import_id: UUID, deadline: Deadline, *, write_diaries: bool = True, dry_run: bool = False) -> ImportSummary:
    """Store the conversations and suggestions of all parts and delete the parts; a dry run only returns what that would do.

    A memory text is read by the model once, at the first dry run or commit, before anything is stored; `MemoryUnread` is raised if that fails.

    With `write_diaries` the days of new messages of the user become due for the nightly jobs. Raises `NotFound`, `Conflict` for an import without
    parts, and `StorageExceeded`, before anything is stored; and `Conflict` for a part that was received meanwhile, which stays for another commit.
    """
    async with database.transaction() as session:
        row = await stored.lock_import(session, viewer.id, import_id)
        parts = await stored.list_part_sizes(session, viewer.id, import_id)
    if row is None:
        raise NotFound("import")
    if row.result is not None:
        return await _load(viewer, row.result)
    if not parts:
        raise Conflict("this import has no parts: send them with `importPart`", reason=ConflictReason.NOTHING_TO_DO)
    try:
        return await _carry_out(viewer, import_id, parts, deadline, write_diaries=write_diaries, dry_run=dry_run)
    except NotFound:  # the parts are gone: perhaps because the same commit, sent twice, has ended meanwhile
        async with database.transaction() as session:
            row = await stored.lock_import(session, viewer.id, import_id)
        if row is None or row.result is None:
            raise
        return await _load(viewer, row.result)


async def _carry_out(
    viewer: AnyUser, import_id: UUID, parts: Sequence[PartSize], deadline: Deadline, *, write_diaries: bool, dry_run: bool
) -> ImportSummary:
    positions = [part.position for part in parts if part.kind is ImportKind.CHATS]
    memory = await _read_memory(viewer, import_id, parts, deadline)
    foreseen = await _preview(viewer, import_id, positions)
    if memory is not None:
        _add_memory(foreseen, memory)
        foreseen.suggestions = memory.suggestions
    if dry_run:
        return foreseen
    if foreseen.size and not await storage_quota.has_room(viewer.id, foreseen.size):
        raise StorageExceeded(storage_quota.limit() or 0)
    done = await _store(viewer, import_id, positions, due=write_diaries)
    done.tokens, done.cost = (foreseen.tokens, foreseen.cost) if write_diaries else (0, None)
    kept: list[StoredSuggestion] = []
    if memory is not None:
        kept = await store_memory(viewer, memory)
        _add_memory(done, memory)
        done.suggestions = await load_suggestions(viewer.id, kept)
    async with database.transaction() as session:
        await _lock(session, viewer)
        if set(await stored.list_part_sizes(session, viewer.id, import_id)) - set(parts):
            raise Conflict(
                "a part was received while the import was committed: send the commit again, which adds only that part", reason=ConflictReason.CHANGED_MEANWHILE
            )
        await stored.close_import(session, viewer.id, import_id, _dump(done, kept))
    return done


async def _foresee_memory(viewer: AnyUser, content: str) -> ImportSummary:
    """Return the report about a memory text before the model reads it. Raises `InvalidInput` for one without a statement."""
    found = await find_new_lines(viewer, content)
    if not found.lines and not found.already_there and not found.skipped:
        raise InvalidInput(
            "content", "content has no line of text: paste what the other assistant printed, a statement a line or in sentences", rule=InputRule.EMPTY
        )
    summary = ImportSummary(size=found.size)
    _add_memory(summary, found)
    if found.lines:
        async with database.session() as session:
            slots = (await load_user_slots(session, [viewer]))[viewer.id]
        prompts, answers = await asyncio.to_thread(estimate, viewer, [line.text for line in found.lines], slots)
        summary.tokens, summary.cost = prompts + answers, prices.estimate(prompts, answers)
    return summary


async def _read_memory(viewer: AnyUser, import_id: UUID, parts: Sequence[PartSize], deadline: Deadline) -> MemoryPreview | None:
    """Return the report of what the memory text of the import would add; None without a memory text. Its reading is kept with the part, so that a commit adds
    what a dry run said."""
    position = next((part.position for part in parts if part.kind is ImportKind.MEMORY), None)
    if position is None:
        return None
    async with database.session() as session:
        part = await stored.load_memory_part(session, viewer.id, import_id, position)
    if part is None:
        raise NotFound("import")
    found, reading = await preview_memory(viewer, part.content, deadline, reading=part.reading)
    if reading is not None and reading != part.reading:
        async with database.transaction() as session:
            await _lock(session, viewer)
            await stored.save_reading(session, viewer.id, import_id, position, part.content, reading)
    return found


def _add_memory(summary: ImportSummary, memory: MemoryPreview) -> None:
    summary.already_there += memory.already_there
    summary.report.kinds[KIND] += 1
    summary.report.skipped += memory.skipped
    summary.size += memory.size


async def _preview(viewer: AnyUser, import_id: UUID, positions: Sequence[int]) -> ImportSummary:
    found, report = Preview(viewer, clock_of(viewer)), ReadReport()
    for position in positions:
        read, part = await _load_part(viewer, import_id, position)
        await found.add(read)
        report.add(part)
    summary = await asyncio.to_thread(found.finish)
    summary.report.add(report)
    return summary


async def _store(viewer: AnyUser, import_id: UUID, positions: Sequence[int], *, due: bool) -> ImportSummary:
    done = ImportSummary()
    for position in positions:
        read, report = await _load_part(viewer, import_id, position)
        added = await store(viewer, read, due=due, counted=True)
        done.conversations += added.conversations
        done.messages += added.messages
        done.already_there += added.already_there
        done.days |= added.days
        done.report.add(added.report)
        done.report.add(report)
    return done


async def _load_part(viewer: AnyUser, import_id: UUID, position: int) -> tuple[list[ParsedConversation], ReadReport]:
    async with database.session() as session:
        content = await stored.load_part(session, viewer.id, import_id, position)
    if content is None:  # expired, or the import was begun anew
        raise NotFound("import")
    return await asyncio.to_thread(_read, content, position)


def _read(content: str, position: int) -> tuple[list[ParsedConversation], ReadReport]:
    reader = FileReader()
    found: Iterator[ParsedConversation] = reader.read_text(content, f"part {position}")
    return list(found), reader.report


async def _lock(session: database.Session, viewer: AnyUser) -> None:
    if await lock_user(session, viewer.id) is None:
        raise Unauthenticated


def _dump(done: ImportSummary, suggestions: Sequence[StoredSuggestion]) -> str:
    """Return the result without any text of the user: places in the parts, reasons, numbers and ids."""
    report = done.report
    return json.dumps({
        "conversations": done.conversations, "messages": done.messages, "already_there": done.already_there,
        "days": sorted(day.isoformat() for day in done.days), "tokens": done.tokens, "cost": [done.cost.nano, done.cost.currency] if done.cost else None,
        "skipped": report.skipped, "omitted": report.omitted, "kinds": report.kinds,
        "suggestions": suggestions,
        "omissions": [[omission.place, omission.reason] for omission in report.omissions],
    })


async def _load(viewer: AnyUser, result: str) -> ImportSummary:
    kept: dict[str, Any] = json.loads(result)
    report = ReadReport(Counter(kept["skipped"]), [Omission(*pair) for pair in kept["omissions"]], kept["omitted"], Counter(kept["kinds"]))
    return ImportSummary(
        kept["conversations"], kept["messages"], kept["already_there"], {date.fromisoformat(day) for day in kept["days"]}, report,
        suggestions=await load_suggestions(viewer.id, map(tuple, kept.get("suggestions", ()))),
        tokens=kept["tokens"], cost=Cost(*kept["cost"]) if kept["cost"] else None)
