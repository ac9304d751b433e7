"""Export and import of all of a user's data: a JSON file that restores the same state in an empty account, and Markdown to read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from enum import Enum
from itertools import chain
from typing import Any
from uuid import UUID

from jobs.profile_inputs import load_profile_inputs, to_value
from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds, day_of
from persistence import database
from persistence.database import Session
from persistence.models import User
from persistence.models.chat import MODEL_INTERRUPTED, MessageStatus
from persistence.queries import portability as stored
from persistence.queries.profile_writes import list_values, lock_users_and_clock
from resolvers import storage_quota
from resolvers.account import validate_account_fields as checked_account
from resolvers.errors import Conflict, InvalidInput
from resolvers.portability.import_file import FORMAT, MAX_IMPORT_CHARACTERS, ParsedExport, import_error, parse_export
from resolvers.portability.imported_days import Foretold, active_days, foretell
from resolvers.portability.markdown import render_markdown

LARGEST_RESPONSE = 4_000_000
"""Bytes of an export as a JSON string in a response body: an export must fit into a request again (4 MiB here, 6 MB at cloud providers).

A larger account is exported on the command line.
"""
ACCOUNT = ("nickname", "time_zone", "locale", "day_ends_at")
IMPORTED = "PROFILE_IMPORTED"
"""The reason in the log of profile changes."""

Counts = Mapping[str, int]


async def export_json(viewer: User, *, largest: int | None = LARGEST_RESPONSE) -> str:
    """Return all rows of the user except sign-ins and the job queue; the same rows give the same text. Raises `Conflict` when too large."""
    rows = await _load(viewer.id, largest)
    file = {"format": FORMAT, "account": {name: getattr(viewer, name) for name in ACCOUNT}, **_plain(rows)}
    return await asyncio.to_thread(lambda: _small_enough(json.dumps(file, ensure_ascii=False, indent=1, default=_json), largest))


async def export_markdown(viewer: User, *, largest: int | None = LARGEST_RESPONSE) -> str:
    """Return profile, diaries and conversations in the user's language. Raises `Conflict` when too large."""
    rows = await _load(viewer.id, largest)
    return await asyncio.to_thread(lambda: _small_enough(render_markdown(viewer, rows), largest))


@dataclass(frozen=True)
class Import:
    """The number of imported rows by table, and an estimate of writing the diaries of the imported days without one."""

    counts: Counts
    foretold: Foretold


async def import_json(
    viewer: User, content: str, *, largest: int | None = MAX_IMPORT_CHARACTERS, write_diaries: bool = False, dry_run: bool = False
) -> Import:
    """Import the text of an export file. Raises `InvalidInput`, which says what is wrong and where, and the errors of `import_rows`."""
    imported = await asyncio.to_thread(parse_export, content, largest)
    foretold = await asyncio.to_thread(foretell, imported)
    return Import(await import_rows(viewer, imported, due=foretold.days if write_diaries else (), dry_run=dry_run), foretold)


async def import_rows(viewer: User, imported: ParsedExport, *, due: Collection[date] = (), dry_run: bool = False) -> Counts:
    """Restore an export into an empty account and return the number of rows by table.

    Nickname, time zone, locale and day end are taken from the file. Only the imported days in `due` become due: otherwise one file could
    make the nightly jobs write thousands of diaries. All rows are stored or none; a dry run is rolled back. Raises `InvalidInput`;
    `Conflict` when the account is not empty.
    """
    try:
        account = checked_account(imported.account)
    except InvalidInput as error:
        raise import_error(f"account: {error.message}") from None
    try:
        async with database.transaction() as session:
            if not await stored.lock_empty_account(session, viewer.id):
                raise Conflict("an export can only be imported into an account without messages: register a new account")
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


async def _load(user_id: UUID, largest: int | None) -> stored.Rows:
    async with database.session() as session:
        if largest is not None and await stored.measure_text(session, user_id) > largest:
            raise _too_large(largest)
    async with database.transaction(snapshot=True) as session:
        return await stored.load_rows(session, user_id)


def _small_enough(text: str, largest: int | None) -> str:
    if largest is not None and len(json.dumps(text, ensure_ascii=False).encode()) > largest:
        raise _too_large(largest)
    return text


def _too_large(largest: int) -> Conflict:
    return Conflict(f"the export is larger than {largest / 1e6:.1f} MB, the limit of a response: ask the operator for an export by `unilife export-account`")


def _plain(rows: stored.Rows) -> dict[str, list[dict[str, Any]]]:
    return {table: [_settled(row) for row in found] if table == "messages" else [dict(row) for row in found] for table, found in rows.items()}


def _settled(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message, with a PENDING question as FAILED: the new account has no call that answers it, and the user can regenerate it."""
    if message["status"] is not MessageStatus.PENDING:
        return dict(message)
    return {**message, "status": MessageStatus.FAILED, "error_code": MODEL_INTERRUPTED}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be written to an export")


def _counts(imported: ParsedExport) -> Counts:
    return {table: len(rows) for table, rows in imported.rows.items()}
