"""The feed of changes: what changed for a user, and the ids of what there is.

A reader remembers a snapshot: which transactions were over. What it lacks are the changes of all others that are over now, in whatever order they began and
ended, so none that commits late is left out, and none has to wait for another. Plain SQL, like the statements of pages.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import execute_each
from persistence.connection_holder import SupportsFetch

RETENTION = timedelta(days=30)
"""Time after which a client begins anew."""
_PRUNED_AFTER = RETENTION + timedelta(days=1)
"""Longer than `RETENTION` by more than any transaction takes."""
PRUNE_BATCH_SIZE = 1_000
MAX_RUNNING = 8
"""Running transactions that a snapshot names."""

TABLES: Mapping[str, str] = {
    "Conversation": "conversations", "Diary": "diaries", "Message": "messages", "OwnSlot": "own_slots", "ProfileValue": "profile_values", "User": "users",
}
"""The tables of the objects in the feed, in the order in which a new copy gets them."""

_FEED = """
select h.epoch, h.at, h.snapshot, c.kind, c.id, c.changed_in, c.deleted
from (select feed_epoch() as epoch, now() as at, pg_current_snapshot()::text as snapshot) h left join lateral (
  select r.kind, r.id, r.changed_in, r.deleted from row_changes r
  where r.user_id = $1 and (r.changed_in, r.kind, r.id) > ($4::bigint, $5::text, $6::uuid) and r.changed_in >= $7::bigint
    and not pg_visible_in_snapshot(r.changed_in::text::xid8, $2::text::pg_snapshot)
    and pg_visible_in_snapshot(r.changed_in::text::xid8, coalesce($3::text::pg_snapshot, pg_current_snapshot()))
  order by r.changed_in, r.kind, r.id limit $8
) c on true"""
_CHANGED = """
select w.id from unnest($1::uuid[]) w (id) where exists (
  select from row_changes r
  where r.user_id = w.id and r.changed_in >= $3::bigint and not pg_visible_in_snapshot(r.changed_in::text::xid8, $2::text::pg_snapshot)
    and pg_visible_in_snapshot(r.changed_in::text::xid8, pg_current_snapshot()))"""
"""A restored table may have transactions of another server that have not happened here yet."""
_SNAPSHOT = "select pg_current_snapshot()::text"
_EXPIRED = """
select user_id, kind, id from row_changes where changed_at < now() - $1::interval limit $2"""
_PRUNE = """
delete from row_changes where user_id = $1 and (kind, id) in (
  select kind, id from row_changes where user_id = $1 and kind = $2 and id = $3 and changed_at < now() - $4::interval for update skip locked)"""


class Snapshot(NamedTuple):
    """The transactions that are over at a moment: those before `end`, but for the ones that are still `running`, ascending."""

    end: int
    running: tuple[int, ...] = ()

    @property
    def begin(self) -> int:
        """Return the oldest transaction that is not over."""
        return self.running[0] if self.running else self.end

    @classmethod
    def parse(cls, text: str) -> Snapshot:
        """Return a snapshot as PostgreSQL writes it. Raises ValueError for another text.

        After `MAX_RUNNING` running transactions the others count as not over, so that the text stays short: their changes come once more, or a little later.
        """
        begin, end, running = text.split(":")
        ids = tuple(map(int, running.split(","))) if running else ()
        found = cls(int(end), ids) if len(ids) <= MAX_RUNNING else cls(ids[MAX_RUNNING], ids[:MAX_RUNNING])
        in_order = all(a < b for a, b in zip(ids, (*ids[1:], int(end))))
        is_valid = all(id & 0xFFFFFFFF for id in (int(begin), int(end)))  # 0 in the lower half is no transaction, and PostgreSQL refuses it
        if not in_order or not is_valid or int(begin) != (ids[0] if ids else int(end)) or not 0 < int(begin) or int(end) >= 2**63:
            raise ValueError(text)
        return found

    def __str__(self) -> str:
        return f"{self.begin}:{self.end}:{','.join(map(str, self.running))}"


class FeedPosition(NamedTuple):
    """A position after a change: its transaction, and the type and id of its object."""

    changed_in: int = 0
    kind: str = ""
    id: UUID = UUID(int=0)


class Change(NamedTuple):
    kind: str
    id: UUID
    changed_in: int
    deleted: bool


class Feed(NamedTuple):
    """Changes, with the epoch, time and snapshot of the statement that read them."""

    epoch: int
    at: datetime
    snapshot: Snapshot
    changes: Sequence[Change]


async def list_changes(
    connection: SupportsFetch, user_id: UUID, since: Snapshot, until: Snapshot | None, after: FeedPosition, limit: int
) -> Feed:
    """List changes of transactions that were not over in the snapshot `since`, and are now or in the snapshot `until`."""
    rows = await connection.fetch(_FEED, user_id, str(since), None if until is None else str(until), *after, since.begin, limit)
    epoch, at, snapshot = rows[0][:3]
    return Feed(epoch, at, Snapshot.parse(snapshot), [Change(*row[3:]) for row in rows if row[3] is not None])


async def list_ids(connection: SupportsFetch, user_id: UUID, kind: str, after: UUID, limit: int) -> list[UUID]:
    """List the ids of the user's objects of a type."""
    owner = "id" if kind == "User" else "user_id"
    statement = f"select id from {TABLES[kind]} where {owner} = $1 and id > $2 order by id limit $3"
    return [row[0] for row in await connection.fetch(statement, user_id, after, limit)]


async def find_snapshot(connection: SupportsFetch) -> Snapshot:
    [[text]] = await connection.fetch(_SNAPSHOT)
    return Snapshot.parse(text)


async def list_changed_users(connection: SupportsFetch, user_ids: Sequence[UUID], since: Snapshot) -> list[UUID]:
    """List those of the users whose feed has grown since the snapshot."""
    return [row[0] for row in await connection.fetch(_CHANGED, user_ids, str(since), since.begin)]


async def prune_changes(session: AsyncSession) -> None:
    """Delete some changes that no client may ask for any more, skipping rows that other transactions have locked."""
    connection = await session.connection()
    expired = (await connection.exec_driver_sql(_EXPIRED, (_PRUNED_AFTER, PRUNE_BATCH_SIZE))).all()
    await execute_each(session, _PRUNE, [(*row, _PRUNED_AFTER) for row in expired])
