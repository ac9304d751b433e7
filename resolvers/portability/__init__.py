"""Export and import of all of a user's data: a JSON file that restores the same state in an empty account, and Markdown to read."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jobs.deleted_messages import find_deleted
from jobs.memory_policy import policy_of
from jobs.profile_inputs import load_profile_inputs, to_value
from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds, day_of
from persistence import database
from persistence.database import Session
from persistence.queries import portability as stored
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.profile_writes import list_values, lock_users_and_clock
from resolvers import storage_quota
from resolvers.account import validate_account_fields as checked_account
from resolvers.errors import Conflict, ConflictReason, InvalidInput, MemoryOff
from resolvers.portability.export_parts import ExportPart as ExportPart
from resolvers.portability.export_parts import export_part as export_part
from resolvers.portability.exports import MAX_RESPONSE_BYTES as MAX_RESPONSE_BYTES
from resolvers.portability.exports import export_json as export_json
from resolvers.portability.exports import export_markdown as export_markdown
from resolvers.portability.import_checks import import_error
from resolvers.portability.import_file import MAX_IMPORT_CHARACTERS, ParsedExport, parse_export
from resolvers.portability.imported_days import DayEstimate, active_days, estimate_days

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

IMPORTED = "PROFILE_IMPORTED"
"""The reason in the log of profile changes."""

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Import:
    """The number of imported rows by table, and an estimate of writing the diaries of the imported days without one."""

    counts: Counts
    estimate: DayEstimate


async def import_json(
    viewer: AnyUser, content: str, *, largest: int | None = MAX_IMPORT_CHARACTERS, write_diaries: bool = False, dry_run: bool = False,
    restore_deleted: bool = False
) -> Import:
    """Import the text of an export file. Raises `InvalidInput`, which says what is wrong and where, and the errors of `import_rows`."""
    imported = await asyncio.to_thread(parse_export, content, largest)
    estimate = await asyncio.to_thread(estimate_days, imported)
    due = estimate.days if write_diaries else ()
    return Import(await import_rows(viewer, imported, due=due, dry_run=dry_run, restore_deleted=restore_deleted), estimate)


async def import_rows(
    viewer: AnyUser, imported: ParsedExport, *, due: Collection[date] = (), dry_run: bool = False, restore_deleted: bool = False
) -> Counts:
    """Restore an export into an empty account and return the number of rows by table.

    Nickname, time zone, locale, day end and the switches of memory are taken from the file. Only the imported days in `due` become due: otherwise
    one file could make the nightly jobs write thousands of diaries. All rows are stored or none; a dry run is rolled back. Raises `InvalidInput`, without
    `restore_deleted` also for messages that the user deleted; `Conflict` when the account is not empty, and when its diary or profile is switched off.
    """
    try:
        account = checked_account(imported.account)
    except InvalidInput as error:
        raise import_error(f"account: {error.message}") from None
    try:
        async with database.transaction() as session:
            await lock_erasure_counts(session, [viewer.id])  # what is being deleted counts as deleted
            if not await stored.lock_empty_account(session, viewer.id):
                raise Conflict("an export can only be imported into an account without messages: register a new account", reason=ConflictReason.NOT_EMPTY)
            _refuse_switched_off(viewer, imported)
            if not restore_deleted:
                await _refuse_deleted(session, viewer.id, imported)
            rows = {**imported.rows, "active_days": list(_active_days(imported, account, due))}
            await storage_quota.add(session, viewer.id, sum(map(_size, chain.from_iterable(imported.rows.values()))))
            await stored.insert_rows(session, viewer.id, account, rows)
            await _check_profile(session, viewer.id)
            if dry_run:
                raise _Undone
    except _Undone:
        pass
    except stored.InconsistentRows as error:
        raise import_error(f"{error.table}: a row violates the constraint {error.constraint or 'of a column'}") from None
    return _counts(imported)


async def _refuse_deleted(session: Session, user_id: UUID, imported: ParsedExport) -> None:
    """Raise `InvalidInput` if the user deleted messages of the file from this account: they are imported only when the user asks for it."""
    messages = [(str(row["content"]), row["idempotency_key"] and str(row["idempotency_key"])) for row in imported.rows.get("messages", ())]
    texts, keys = await find_deleted(session, user_id, {content for content, _ in messages}, {key for _, key in messages if key})
    number = sum(content in texts or key in keys for content, key in messages)
    if number:
        raise import_error(f"the file has {number:,} messages that you deleted from this account: send `restoreDeleted: true` to bring them back")


def _refuse_switched_off(viewer: AnyUser, imported: ParsedExport) -> None:
    """Raise `MemoryOff` for a file with what a switch of this account forbids to store. The settings in the file count only once they are stored."""
    policy = policy_of(viewer)
    of_profile = any(map(imported.rows.get, ("signals", "profile_values", "imported_values", "verdicts")))
    if imported.rows["diaries"] and not policy.diary or of_profile and not policy.profile:
        raise MemoryOff("the file has a diary or a profile, which is switched off in this account: switch it on with `memoryUpdate` first")


class _Undone(Exception):
    """Rolls back the transaction of a dry run."""


def _active_days(imported: ParsedExport, account: Mapping[str, Any], due: Collection[date]) -> Iterator[dict[str, Any]]:
    """Return a row for every day on which the user wrote; days outside `due` are marked as written."""
    for day in sorted(active_days(imported)):
        starts_at, ends_at = day_bounds(day, account["time_zone"], account["day_ends_at"])
        yield {"day": day, "starts_at": starts_at, "ends_at": ends_at, "revision": 1, "diary_revision": 0 if day in due else 1}


def _size(row: Mapping[str, Any]) -> int:
    return storage_quota.size(*(value for value in row.values() if isinstance(value, str)))


async def _check_profile(session: Session, user_id: UUID) -> None:
    """Recompute the profile unless its values match the evidence and verdicts as of some day, in which case the imported values stay as they are."""
    [(user, now)] = await lock_users_and_clock(session, [user_id])
    grounds = (await load_profile_inputs(session, [user]))[user_id]
    values = [to_value(row) for row in await list_values(session, user_id)]
    if grounds.find_matching_day(values, day_of(now, user.time_zone, user.day_ends_at)) is None:
        await update_profile(session, user_id, reason=IMPORTED)


def _counts(imported: ParsedExport) -> Counts:
    return {table: len(rows) for table, rows in imported.rows.items()}
