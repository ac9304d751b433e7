"""Values that memory texts of other products suggest, and the hashes of the lines that were imported. Each function runs inside the caller's transaction."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, select

from persistence.bulk import any_of, values_table
from persistence.ids import uuid7
from persistence.models import ImportedValue
from persistence.models.enums import ValuePolarity
from persistence.orm import Session
from persistence.queries.deleted_digests import digests_to_json


class NewValue(NamedTuple):
    """A value to store, with its sentence, where the value stands in it, and the day that the memory text gives for it.

    One that another assistant suggested has the name of its token, `suggested_by`, and no sentence.
    """

    slot: str
    value: str
    value_key: str
    polarity: ValuePolarity
    quote: str | None = None
    cited_start: int | None = None
    cited_end: int | None = None
    noted_on: date | None = None
    suggested_by: str | None = None


async def load_imported_values(session: Session, user_ids: Sequence[UUID]) -> dict[UUID, list[ImportedValue]]:
    """Load each user's imported values, the oldest first."""
    wanted = values_table("wanted", {"user_id": Uuid()}, [(user_id,) for user_id in user_ids])
    found: dict[UUID, list[ImportedValue]] = {user_id: [] for user_id in user_ids}
    for row in await session.scalars(select(ImportedValue).join(wanted, wanted.c.user_id == ImportedValue.user_id).order_by(ImportedValue.id)):
        found[row.user_id].append(row)
    return found


async def list_by_ids(session: Session, user_id: UUID, ids: Sequence[UUID]) -> Sequence[ImportedValue]:
    """List those of the values that are still there, the oldest first."""
    statement = select(ImportedValue).where(ImportedValue.user_id == user_id, ImportedValue.id == any_of(ids))
    return (await session.scalars(statement.order_by(ImportedValue.id))).all()


_SAVE = """
insert into imported_values (user_id, id, slot, value, value_key, polarity, quote, cited_start, cited_end, noted_on, day, suggested_by)
select $1, v.id, v.slot, v.value, v.value_key, v.polarity, v.quote, v.cited_start, v.cited_end, v.noted_on, $2::date, v.suggested_by
from json_to_recordset($3::json) as v (
  id uuid, slot text, value text, value_key text, polarity text, quote text, cited_start int, cited_end int, noted_on date, suggested_by text)
order by v.id on conflict (user_id, slot, value_key) do nothing returning id, slot, value_key"""


async def save_values(session: Session, user_id: UUID, day: date, values: Iterable[NewValue]) -> list[tuple[UUID, str, str]]:
    """Store the values that the user has not imported yet, in their order, and return their ids, slots and keys."""
    rows = [
        {**value._asdict(), "id": str(uuid7()), "polarity": value.polarity.value, "noted_on": value.noted_on and value.noted_on.isoformat()}
        for value in values
    ]
    return [(row[0], row[1], row[2]) for row in await session.fetch(_SAVE, user_id, day, json.dumps(rows))] if rows else []


_COUNT_OPEN = """
select count(*) from imported_values v join profile_values p on p.user_id = v.user_id and p.slot = v.slot and p.value_key = v.value_key
where v.user_id = $1 and v.suggested_by is not null and p.status = 'SUGGESTED'"""


async def count_open_suggestions(session: Session, user_id: UUID) -> int:
    """Count the values that other assistants suggested and the user has not decided about."""
    [[count]] = await session.fetch(_COUNT_OPEN, user_id)
    return int(count)


_SAVE_LINES = """
insert into imported_lines (user_id, digest) select $1, decode(value, 'hex') from json_array_elements_text($2::json) order by 2
on conflict (user_id, digest) do nothing returning digest"""
_FIND_LINES = "select digest from imported_lines where user_id = $1 and digest in (select decode(value, 'hex') from json_array_elements_text($2::json))"


async def save_lines(session: Session, user_id: UUID, digests: Collection[bytes]) -> None:
    await session.fetch(_SAVE_LINES, user_id, digests_to_json(digests))


async def find_lines(session: Session, user_id: UUID, digests: Collection[bytes]) -> frozenset[bytes]:
    """Return those of the hashes that are stored."""
    return frozenset(bytes(row[0]) for row in await session.fetch(_FIND_LINES, user_id, digests_to_json(digests)))


_FIND_IDS = """
select v.id from imported_values v join json_to_recordset($2::json) as b (slot text, value_key text) on v.slot = b.slot and v.value_key = b.value_key
where v.user_id = $1"""
_DELETE = """
delete from imported_values v where v.user_id = $1 and v.id in (select value::uuid from json_array_elements_text($2::json))
returning v.slot, v.value_key, v.value"""
_CLEAR_QUOTES = """
update imported_values v set quote = null, cited_start = null, cited_end = null
where v.user_id = $1 and v.id in (select value::uuid from json_array_elements_text($2::json)) returning v.id"""


class DeletedValue(NamedTuple):
    slot: str
    value_key: str
    value: str


async def find_ids(session: Session, user_id: UUID, names: Collection[tuple[str, str]]) -> Sequence[UUID]:
    """Return the ids of imported values, given by slot and key."""
    rows = await session.fetch(_FIND_IDS, user_id, json.dumps([{"slot": slot, "value_key": key} for slot, key in sorted(names)]))
    return [row[0] for row in rows]


async def delete_values(session: Session, user_id: UUID, ids: Collection[UUID]) -> Sequence[DeletedValue]:
    """Delete imported values with their sentences, and return them."""
    return [DeletedValue(*row) for row in await session.fetch(_DELETE, user_id, json.dumps(sorted(map(str, ids))))] if ids else []


async def clear_quotes(session: Session, user_id: UUID, ids: Collection[UUID]) -> None:
    """Clear the sentences of imported values, which stay."""
    if ids:
        await session.fetch(_CLEAR_QUOTES, user_id, json.dumps(sorted(map(str, ids))))
